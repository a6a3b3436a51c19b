"""The bank simulator over its files: what it executes, reports, holds back and spoils."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.simulators import bank_files
from tests.simulators.bank_files import HARBOUR_LIFE, HOSPITAL, NEARLY_EMPTY, BankFile
from tests.simulators.party_process import PartyProcess, eventually, running


@dataclass(frozen=True)
class Customer:
    """Our side of the two folders, beside the bank's control."""

    bank: PartyProcess
    folder: Path

    def send(self, name: str, content: bytes) -> None:
        staged = self.folder / name
        staged.write_bytes(content)
        staged.rename(self.folder / "outbound" / name)

    def pay(self, reference: str, amount: str = "31040.33", attempt: int = 1, **to: Any) -> None:
        content = bank_files.payment(reference, amount, attempt=attempt, **to)
        self.send(f"{reference}-{attempt}.xml", content)

    def ask(self, reference: str, number: int = 1) -> None:
        content = bank_files.status_request(reference, number)
        self.send(f"{reference}-q{number}.xml", content)

    def executions(self, reference: str) -> int:
        return len([e for e in self.bank.journal("executed") if e["reference"] == reference])

    def executed(self, reference: str, times: int = 1) -> None:
        eventually(lambda: self.executions(reference) >= times)

    def files(self, kind: str, reference: str) -> list[BankFile]:
        """The inbound files of a kind that name the payment, oldest first."""
        found = [
            bank_files.read(p) for p in sorted((self.folder / "inbound").glob(f"*.{kind}.xml"))
        ]
        names = ("OrgnlEndToEndId", "EndToEndId")
        return [f for f in found if any(reference in f.texts(name) for name in names)]

    def told(self, kind: str, reference: str, times: int = 1) -> list[BankFile]:
        def look() -> list[BankFile] | None:
            found = self.files(kind, reference)
            return found if len(found) >= times else None

        return eventually(look)

    def answers(self, reference: str, times: int = 1) -> list[BankFile]:
        """The answers to status requests about the payment."""

        def look() -> list[BankFile] | None:
            found = [f for f in self.files("pain.002", reference) if f.texts("StsId")]
            return found if len(found) >= times else None

        return eventually(look)

    def inbound(self) -> list[str]:
        """The files that are there; one that is still being written is not."""
        names = (path.name for path in (self.folder / "inbound").iterdir())
        return sorted(name for name in names if not name.endswith(".part"))


@contextmanager
def customer_of(profile: str, tmp: Path, *options: str) -> Iterator[Customer]:
    folder = tmp / "folder"
    arguments = [f"--profile={profile}", f"--folder={folder}", *options]
    with running("bank", tmp / "data", *arguments) as bank:
        yield Customer(bank, folder)


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customer]:
    with customer_of("harbour-bank", tmp_path_factory.mktemp("harbour")) as customer:
        yield customer


@pytest.fixture
def customer(harbour: Customer) -> Customer:
    harbour.bank.reset()
    for path in (harbour.folder / "inbound").iterdir():
        path.unlink()
    return harbour


def status(report: BankFile) -> tuple[str, str]:
    return report.text("TxInfAndSts/TxSts"), report.text("TxInfAndSts/StsRsnInf/Rsn/Cd")


def test_a_payment_is_accepted_executed_once_and_credited(customer: Customer) -> None:
    customer.pay("p-1")
    report = customer.told("pain.002", "p-1")[0]
    assert report.message_type == "pain.002.001.12"
    assert status(report) == ("ACSP", "")
    assert report.text("OrgnlGrpInfAndSts/OrgnlMsgId") == "p-1-1"
    advice = customer.told("camt.054", "p-1")[0]
    assert advice.text("CdtrAcct/Id/Othr/Id") == HOSPITAL
    assert advice.text("Ntfctn/Acct/Id/Othr/Id") == HOSPITAL
    assert advice.text("TxDtls/Amt") == "31040.33"
    assert advice.text("Ntry/CdtDbtInd") == "CRDT"
    (execution,) = customer.bank.journal("executed")
    assert execution["amount"] == "31040.33"
    assert (execution["debtor_account"], execution["creditor_account"]) == (HARBOUR_LIFE, HOSPITAL)
    assert list((customer.folder / "outbound").iterdir()) == []


def test_a_profile_may_confirm_by_status_report(customer: Customer) -> None:
    customer.bank.set_tables({"profile": {"confirm": "accc"}})
    customer.pay("p-2")
    reports = customer.told("pain.002", "p-2", times=2)
    assert [status(report)[0] for report in reports] == ["ACSP", "ACCC"]
    assert reports[1].text("OrgnlTxRef/CdtrAcct/Id/Othr/Id") == HOSPITAL


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ({"debtor": NEARLY_EMPTY}, "AM04"),
        ({"debtor": "6222999999999999"}, "AC01"),
        ({"creditor": "6217000000000001"}, "AC01"),
        ({"creditor": "6217000000000004"}, "AC04"),
    ],
)
def test_a_payment_that_cannot_be_made_is_rejected_with_its_reason(
    customer: Customer, to: dict[str, Any], reason: str
) -> None:
    customer.pay("p-3", **to)
    assert status(customer.told("pain.002", "p-3")[0]) == ("RJCT", reason)
    assert customer.executions("p-3") == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bank_files.payment("p-4").replace(b"<PmtMtd>TRF</PmtMtd>", b""), "FF01"),
        (bank_files.payment("p-4", control_sum="1.00"), "AM10"),
    ],
)
def test_a_file_against_the_rules_is_rejected_whole(
    customer: Customer, content: bytes, reason: str
) -> None:
    customer.send("p-4-1.xml", content)
    report = customer.told("pain.002", "p-4")[0]
    assert report.text("OrgnlGrpInfAndSts/GrpSts") == "RJCT"
    assert report.text("OrgnlGrpInfAndSts/StsRsnInf/Rsn/Cd") == reason
    assert status(report) == ("RJCT", reason)
    assert customer.executions("p-4") == 0


def test_a_file_that_is_no_xml_is_rejected_whole(customer: Customer) -> None:
    customer.send("broken.xml", b"<Document")
    eventually(lambda: [n for n in customer.inbound() if n.endswith("pain.002.xml")])
    report = bank_files.read(next((customer.folder / "inbound").glob("*.pain.002.xml")))
    assert report.text("OrgnlGrpInfAndSts/OrgnlMsgId") == "NOTPROVIDED"


def test_files_that_are_still_being_written_are_left_alone(customer: Customer) -> None:
    outbound = customer.folder / "outbound"
    for name in (".p-5-1.xml", "p-5-1.xml.part"):
        (outbound / name).write_bytes(bank_files.payment("p-5"))
    customer.pay("p-6")
    customer.executed("p-6")
    assert len(list(outbound.iterdir())) == 2
    assert customer.executions("p-5") == 0
    for path in outbound.iterdir():
        path.unlink()


def test_without_deduplication_a_second_order_pays_again(customer: Customer) -> None:
    customer.pay("p-7")
    customer.pay("p-7", attempt=2)
    customer.executed("p-7", times=2)


def test_with_deduplication_a_second_order_is_refused_as_duplicate(customer: Customer) -> None:
    customer.bank.set_tables({"profile": {"dedupes": True}})
    customer.pay("p-8")
    customer.executed("p-8")
    customer.pay("p-8", attempt=2)
    reports = customer.told("pain.002", "p-8", times=2)
    assert [status(report) for report in reports] == [("ACSP", ""), ("RJCT", "AM05")]
    customer.ask("p-8")
    assert status(customer.answers("p-8")[0]) == ("ACCC", "")
    assert customer.executions("p-8") == 1


def test_a_status_request_tells_what_became_of_the_payment(customer: Customer) -> None:
    customer.ask("p-9")
    unknown = customer.answers("p-9")[0]
    assert unknown.message_type == "pain.002.001.10"
    assert status(unknown) == ("RJCT", "NOOR")
    assert unknown.text("TxInfAndSts/StsId") == "p-9-q1"
    customer.pay("p-9")
    customer.executed("p-9")
    customer.ask("p-9", 2)
    known = customer.answers("p-9", times=2)[1]
    assert status(known) == ("ACCC", "")
    assert known.text("OrgnlTxRef/CdtrAcct/Id/Othr/Id") == HOSPITAL


def test_a_rejection_can_be_ordered_with_a_reason(customer: Customer) -> None:
    fault = {"match": {"account": HOSPITAL}, "fault": "reject", "reason": "BE01"}
    customer.bank.set_faults(fault)
    customer.pay("p-10")
    assert status(customer.told("pain.002", "p-10")[0]) == ("RJCT", "BE01")
    customer.pay("p-11")
    customer.executed("p-11")
    assert customer.executions("p-10") == 0


def test_a_silent_bank_executes_and_tells_only_when_asked(customer: Customer) -> None:
    customer.bank.set_faults({"match": {"amount": "31040.33"}, "fault": "silent"})
    customer.pay("p-12")
    customer.executed("p-12")
    customer.pay("p-13")
    customer.told("camt.054", "p-13")
    assert customer.files("pain.002", "p-12") == []
    assert customer.files("camt.054", "p-12") == []
    customer.ask("p-12")
    assert status(customer.answers("p-12")[0]) == ("ACCC", "")


def test_a_lost_order_is_never_executed_and_unknown_to_inquiries(customer: Customer) -> None:
    customer.bank.set_faults({"match": {}, "fault": "silent", "executes": False})
    customer.pay("p-14")
    customer.ask("p-14")
    assert status(customer.answers("p-14")[0]) == ("RJCT", "NOOR")
    assert customer.executions("p-14") == 0


def test_a_late_bank_denies_the_payment_and_then_executes_it(customer: Customer) -> None:
    customer.bank.set_clock("2026-03-14T10:45:00+08:00")
    customer.bank.set_faults({"match": {"reference": "p-15"}, "fault": "late", "delay_s": 7200})
    customer.pay("p-15")
    customer.ask("p-15")
    assert status(customer.answers("p-15")[0]) == ("RJCT", "NOOR")
    assert customer.executions("p-15") == 0
    customer.bank.set_clock("2026-03-14T12:45:01+08:00")
    customer.told("camt.054", "p-15")
    assert customer.executions("p-15") == 1


def test_a_bank_can_confirm_twice_what_it_executed_once(customer: Customer) -> None:
    customer.bank.set_faults({"match": {}, "fault": "confirm_twice"})
    customer.pay("p-16")
    first, second = customer.told("camt.054", "p-16", times=2)
    assert first.text("GrpHdr/MsgId") != second.text("GrpHdr/MsgId")
    assert first.text("Refs/AcctSvcrRef") == second.text("Refs/AcctSvcrRef")
    assert customer.executions("p-16") == 1


@pytest.mark.parametrize("version", ["pacs.004.001.11", "pacs.004.001.09"])
def test_a_payment_can_come_back_after_days(customer: Customer, version: str) -> None:
    customer.bank.set_clock("2026-03-14T10:45:00+08:00")
    customer.bank.set_faults(
        {
            "match": {"reference": "p-17"},
            "fault": "return_after_s",
            "delay_s": 3 * 86400,
            "reason": "AC06",
            "version": version,
        }
    )
    customer.pay("p-17")
    customer.told("camt.054", "p-17")
    assert customer.files("pacs.004", "p-17") == []
    customer.bank.set_clock("2026-03-17T10:46:00+08:00")
    back = customer.told("pacs.004", "p-17")[0]
    assert back.message_type == version
    assert back.text("RtrRsnInf/Rsn/Cd") == "AC06"
    assert back.text("TxInf/RtrdIntrBkSttlmAmt") == "31040.33"
    assert customer.bank.client.post("/_control/statement").status_code == 200
    statement = customer.told("camt.053", "p-17")[0]
    first = statement.root.find(".//{*}Stmt")
    assert first is not None
    assert first.findtext("{*}Bal[1]/{*}Amt") == first.findtext("{*}Bal[2]/{*}Amt")
    assert statement.texts("SubFmlyCd") == ["DMCT", "RRTN"]


def test_an_unreadable_file_can_lie_beside_the_right_one(customer: Customer) -> None:
    customer.bank.set_faults({"match": {}, "fault": "garbage"})
    customer.pay("p-18")
    customer.told("camt.054", "p-18")
    (broken,) = (customer.folder / "inbound").glob("*.broken.xml")
    with pytest.raises(etree.XMLSyntaxError):
        etree.parse(str(broken))


def test_statements_follow_each_other_without_a_gap_and_add_up(customer: Customer) -> None:
    customer.pay("p-19", "100.25")
    customer.pay("p-20", "200.50")
    customer.executed("p-20")
    customer.executed("p-19")
    for _ in range(2):
        customer.bank.client.post("/_control/statement")

    def look() -> list[Path] | None:
        found = sorted((customer.folder / "inbound").glob("*.camt.053.xml"))
        return found if len(found) == 2 else None

    first, second = (bank_files.read(path) for path in eventually(look))
    assert sorted(first.texts("EndToEndId")) == ["p-19", "p-20"]
    assert second.texts("EndToEndId") == []
    assert first.text("FrToDt/ToDtTm") == second.text("FrToDt/FrDtTm")
    opening, closing = (Decimal(first.texts("Amt")[n]) for n in range(2))
    assert opening - closing == Decimal("300.75")
    assert Decimal(second.texts("Amt")[0]) == closing


def test_a_kill_in_mid_work_loses_and_repeats_no_execution(tmp_path: Path) -> None:
    with customer_of("harbour-bank", tmp_path) as customer:
        customer.bank.set_faults(
            {"match": {"reference": "late"}, "fault": "late", "delay_s": 3600, "times": 1},
            {"match": {"reference": "back"}, "fault": "return_after_s", "delay_s": 3600},
        )
        customer.pay("late-1")
        customer.pay("back-1")
        customer.executed("back-1")
        for number in range(20):
            customer.pay(f"many-{number}", "1.00")
        customer.executed("many-3")
        customer.bank.kill()
        customer.pay("while-dead")
        customer.bank.start()
        customer.executed("while-dead")
        customer.bank.set_clock("2035-01-01T00:00:00+08:00")
        customer.told("pacs.004", "back-1")
        customer.told("camt.054", "late-1")
        for number in range(20):
            customer.told("camt.054", f"many-{number}")
        references = [entry["reference"] for entry in customer.bank.journal("executed")]
        assert len(references) == len(set(references)) == 23
        assert not [name for name in customer.inbound() if name.endswith(".part")]
        assert customer.bank.stop() == 0


def test_the_quiet_bank_says_nothing_but_its_statements(tmp_path: Path) -> None:
    with customer_of("quiet-bank", tmp_path, "--statement-every-s=0.3") as customer:
        customer.pay("q-1")
        customer.pay("q-2", creditor="6217000000000004")
        customer.ask("q-1")
        statement = customer.told("camt.053", "q-1")[0]
        assert statement.text("Ntry/CdtDbtInd") == "DBIT"
        assert statement.text("Acct/Id/Othr/Id") == HARBOUR_LIFE
        eventually(lambda: len(customer.bank.journal("asked")) == 1)
        eventually(lambda: len(customer.inbound()) > 3)
        assert all(name.endswith(".camt.053.xml") for name in customer.inbound())
        assert customer.executions("q-2") == 0


def test_an_answer_can_be_slow_without_holding_up_the_control_calls(tmp_path: Path) -> None:
    with customer_of("harbour-bank", tmp_path, "--latency-s=0.3") as customer:
        customer.pay("s-1")
        assert customer.executions("s-1") == 0
        customer.executed("s-1")


def test_a_reset_forgets_executions_but_never_gives_a_message_id_twice(
    customer: Customer,
) -> None:
    customer.pay("p-21")
    before = customer.told("camt.054", "p-21")[0].text("GrpHdr/MsgId")
    customer.bank.reset()
    assert customer.bank.journal("executed") == []
    customer.pay("p-21")
    after = customer.told("camt.054", "p-21", times=2)[1].text("GrpHdr/MsgId")
    assert before != after
    customer.bank.restart_after_kill()
    assert customer.executions("p-21") == 1
