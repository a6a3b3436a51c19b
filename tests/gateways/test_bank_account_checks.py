"""Questions about accounts are understood by a bank that shares no code, and its answers by us."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossclaim.domain.errors import Final
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.gateways.bank.account_checks import verification_request
from tests.gateways.bank_scene import AT, REFERENCE, bank, document, read
from tests.gateways.simulated_party import SimulatedParty
from tests.gateways.test_bank_against_simulator import (
    arriving,
    folder,
    funded,
    harbour,
    reports_until,
)

__all__ = ["folder", "harbour"]


def told(body: str, version: str = "03") -> str:
    return document(
        f"acmt.024.001.{version}",
        "<IdVrfctnRpt><Assgnmt><MsgId>HB-24</MsgId><CreDtTm>2025-10-14T12:00:00+08:00</CreDtTm>"
        f"</Assgnmt>{body}</IdVrfctnRpt>",
        check=False,
    )


def report(answer: str, more: str = "", named: str = REFERENCE) -> str:
    return f"<Rpt><OrgnlId>{named}</OrgnlId><Vrfctn>{answer}</Vrfctn>{more}</Rpt>"


def reason(code: str) -> str:
    return f"<Rsn><Cd>{code}</Cd></Rsn>"


NAME = "<UpdtdPtyAndAcctId><Pty><Nm>CHAN TAI MAN</Nm></Pty></UpdtdPtyAndAcctId>"


@pytest.mark.parametrize(
    ("body", "state", "code"),
    [
        (report("true"), PaymentState.ACCOUNT_MATCHED, ""),
        (report("1"), PaymentState.ACCOUNT_MATCHED, ""),
        (report("false"), PaymentState.ACCOUNT_NOT_MATCHED, "NMTC"),
        (report("false", reason("AC01")), PaymentState.ACCOUNT_NOT_MATCHED, "AC01"),
        (report("false", reason("MS03")), PaymentState.ACCOUNT_UNCHECKED, "MS03"),
        (report("false", reason("NOAP")), PaymentState.ACCOUNT_UNCHECKED, "NOAP"),
        (report("false", reason("CMTC")), PaymentState.ACCOUNT_CLOSE, "CMTC"),
        (report("false", NAME), PaymentState.ACCOUNT_CLOSE, "CMTC"),
        (report("true", NAME), PaymentState.ACCOUNT_CLOSE, "CMTC"),
        (report("true", reason("AC04")), PaymentState.ACCOUNT_UNCHECKED, "AC04"),
        (report("true", reason("BE01")), PaymentState.ACCOUNT_UNCHECKED, "BE01"),
        (report("true", reason("AC04") + NAME), PaymentState.ACCOUNT_UNCHECKED, "AC04"),
        (report("false", reason("AC04") + NAME), PaymentState.ACCOUNT_NOT_MATCHED, "AC04"),
    ],
)
def test_only_a_plain_yes_is_read_as_a_match(
    tmp_path: Path, body: str, state: PaymentState, code: str
) -> None:
    (found,) = read(tmp_path, told(body)).reports
    assert (found.reference, found.state, found.reason) == (REFERENCE, state, code)
    assert "CHAN" not in found.model_dump_json(), "the name that it proposes is not taken over"


@pytest.mark.parametrize(
    "content",
    [
        told(report("perhaps")),
        told("<Rpt><OrgnlId>x</OrgnlId></Rpt>"),
        told(report("true", named="not ours!")),
        told(report("true"), version="01"),
        told(report("true")).replace("<CreDtTm>2025-10-14T12:00:00+08:00</CreDtTm>", ""),
    ],
)
def test_a_report_that_says_nothing_certain_is_no_report(tmp_path: Path, content: str) -> None:
    with pytest.raises(Final):
        read(tmp_path, content)


def test_what_its_fields_cannot_hold_is_refused_by_name_of_the_field_alone() -> None:
    payee = funded().creditor.model_copy(update={"holder": "x" * 141})
    with pytest.raises(Final, match="Nm is longer") as refused:
        verification_request(funded(creditor=payee), 1, AT, "crossclaim")
    assert "xxx" not in str(refused.value)


def test_a_bank_that_takes_no_question_gets_none(tmp_path: Path) -> None:
    with pytest.raises(Final, match="checks no accounts"):
        bank(tmp_path).check_account(funded(), 1, AT)


def answers(folder: Path, account: str, until: PaymentState) -> list[PaymentReport]:
    gateway = bank(folder, account_checks=True)
    payee = funded().creditor.model_copy(update={"number": account})
    gateway.check_account(funded(creditor=payee), 1, AT)
    return reports_until(gateway, until)


@pytest.mark.parametrize(
    ("account", "state"),
    [
        ("6200000000000005", PaymentState.ACCOUNT_MATCHED),
        ("6217000000000001", PaymentState.ACCOUNT_NOT_MATCHED),
        ("6217000000000002", PaymentState.ACCOUNT_CLOSE),
        ("6217000000000003", PaymentState.ACCOUNT_UNCHECKED),
    ],
)
def test_a_foreign_bank_answers_by_its_own_tables(
    harbour: SimulatedParty, folder: Path, account: str, state: PaymentState
) -> None:
    assert [(r.reference, r.state) for r in answers(folder, account, state)] == [(REFERENCE, state)]


def test_an_answer_may_come_twice_and_a_silent_account_gets_none(
    harbour: SimulatedParty, folder: Path
) -> None:
    gateway = bank(folder, account_checks=True)
    silent = funded().creditor.model_copy(update={"number": "6217000000000009"})
    gateway.check_account(funded(reference="po_SILENT", creditor=silent), 1, AT)
    about = {"operation": "account_check", "reference": REFERENCE}
    harbour.script("confirm_twice", match=about)
    gateway.check_account(funded(), 1, AT)
    found: list[PaymentReport] = []
    for message in arriving(gateway):
        found += message.reports
        if len(found) == 2:
            break
    assert [r.reference for r in found] == [REFERENCE, REFERENCE]
    assert len({r.message_id for r in found}) == 2
