"""What camt.054 and camt.053 entries say about payments, accounts and periods."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from crossclaim.domain.errors import Final
from crossclaim.domain.money import fen
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.gateways.bank import account_hash
from tests.gateways.bank_scene import (
    BALANCES,
    CREDITOR_NUMBER,
    DEBTOR_NUMBER,
    PERIOD,
    REFERENCE,
    account,
    balance,
    cny,
    details,
    entry,
    notification,
    read,
    statement,
    statements,
)

PAYEE = account(CREDITOR_NUMBER, "CdtrAcct")
VERSIONS = ["08", "11", "14"]


def only(folder: Path, content: str) -> PaymentReport:
    """The single report of a file."""
    reports = read(folder, content).reports
    assert len(reports) == 1
    return reports[0]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_debit_notification_is_booked(tmp_path: Path, version: str) -> None:
    report = only(tmp_path, notification(entry("DBIT", details()), version=version))
    assert (report.reference, report.state) == (REFERENCE, PaymentState.BOOKED)
    assert (report.amount, report.creditor_account_hash) == (cny("51850.50"), "")
    assert report.happened_at == datetime.fromisoformat("2025-10-14T11:00:00+08:00")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_credit_advice_names_the_payees_account_by_its_hash(tmp_path: Path, version: str) -> None:
    report = only(
        tmp_path,
        notification(
            entry("CRDT", details(), family="RCDT"), number=CREDITOR_NUMBER, version=version
        ),
    )
    assert report.state is PaymentState.CREDITED
    assert report.creditor_account_hash == account_hash(CREDITOR_NUMBER)
    assert CREDITOR_NUMBER not in report.model_dump_json()


def test_the_payees_account_inside_the_transaction_wins(tmp_path: Path) -> None:
    pooled = notification(entry("CRDT", details(parties=PAYEE)), number="POOL")
    report = only(tmp_path, pooled)
    assert report.creditor_account_hash == account_hash(CREDITOR_NUMBER)


@pytest.mark.parametrize(
    ("credit", "reason"),
    [
        (entry("CRDT", details(reason="AC04")), "AC04"),
        (entry("CRDT", details(), reversal=True), "RVSL"),
        (entry("CRDT", details(), sub_family="RRTN"), ""),
        (entry("CRDT", details(parties=account(DEBTOR_NUMBER, "DbtrAcct") + PAYEE)), ""),
    ],
)
@pytest.mark.parametrize("wrap", [notification, lambda e: statements(statement(e))])
def test_money_that_comes_back_is_returned_and_never_credited(
    tmp_path: Path, credit: str, reason: str, wrap: object
) -> None:
    assert callable(wrap)
    report = only(tmp_path, wrap(credit))
    assert (report.state, report.reason) == (PaymentState.RETURNED, reason)
    assert report.creditor_account_hash == ""


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
@pytest.mark.parametrize("sign", ["DBIT", "CRDT"])
def test_an_entry_that_is_not_booked_is_pending(tmp_path: Path, status: str, sign: str) -> None:
    report = only(tmp_path, notification(entry(sign, details(reason="AC04"), status=status)))
    assert report.state is PaymentState.PENDING


def test_a_batch_entry_is_one_report_a_transaction_with_its_own_amount_and_sign(
    tmp_path: Path,
) -> None:
    batch = entry(
        "DBIT",
        details("po_A", amount="10.00"),
        details("po_B", amount="20.01", sign="DBIT"),
        details("po_C"),
        details("po_D", amount="1.00", sign="CRDT", reason="AC01"),
        amount="129.01",
    )
    message = read(tmp_path, statements(statement(batch)))
    assert [(r.reference, r.state, r.amount, r.entry) for r in message.reports] == [
        ("po_A", PaymentState.BOOKED, fen(1000), 1),
        ("po_B", PaymentState.BOOKED, fen(2001), 2),
        ("po_C", PaymentState.BOOKED, None, 3),
        ("po_D", PaymentState.RETURNED, fen(100), 4),
    ]


@pytest.mark.parametrize(
    ("refs", "batch"),
    [
        (f"<InstrId>{REFERENCE}-2</InstrId><EndToEndId>NOTPROVIDED</EndToEndId>", ""),
        (f"<PmtInfId>{REFERENCE}-2</PmtInfId>", ""),
        (f"<MsgId>{REFERENCE}-2</MsgId>", ""),
        ("", f"<Btch><PmtInfId>{REFERENCE}-2</PmtInfId></Btch>"),
    ],
)
def test_the_ids_of_our_file_stand_in_for_a_missing_end_to_end_id(
    tmp_path: Path, refs: str, batch: str
) -> None:
    report = only(tmp_path, notification(entry("DBIT", details(refs=refs), batch=batch)))
    assert (report.reference, report.attempt) == (REFERENCE, 2)


def test_a_statement_covers_a_period_of_an_account_with_its_debits(tmp_path: Path) -> None:
    message = read(
        tmp_path,
        statements(
            statement(
                entry("DBIT", details()),
                entry("DBIT", details("po_PENDING"), status="PDNG"),
                entry("CRDT", details("po_BACK", reason="AC04")),
                entry("CRDT", details("SOMEBODY")),
            )
        ),
    )
    (period,) = message.statements
    assert period.account == DEBTOR_NUMBER
    assert period.covers_from == datetime.fromisoformat("2025-10-14T00:00:00+08:00")
    assert period.covers_to == datetime.fromisoformat("2025-10-15T00:00:00+08:00")
    assert period.references == [REFERENCE, "po_PENDING", "po_BACK"]
    assert (period.opening, period.closing) == (cny("900000.00"), cny("848149.50"))
    assert period.complete and period.unidentified_debits == []
    assert [r.state for r in message.reports] == [
        PaymentState.BOOKED,
        PaymentState.PENDING,
        PaymentState.RETURNED,
    ]


def test_debits_that_nobody_named_are_told_because_they_could_be_ours(tmp_path: Path) -> None:
    bare = entry("DBIT", amount="51850.50").replace("<NtryDtls></NtryDtls>", "")
    named = entry("DBIT", details(refs="<EndToEndId>NOTPROVIDED</EndToEndId>"), amount="7.00")
    stranger = entry("DBIT", details("工资 2025"), amount="9.00")
    (period,) = read(tmp_path, statements(statement(bare, named, stranger))).statements
    assert period.references == []
    assert period.unidentified_debits == [cny("51850.50"), cny("7.00")]


@pytest.mark.parametrize(
    ("page", "last", "complete"),
    [("1", "true", True), ("1", "false", False), ("2", "true", False)],
)
def test_one_page_of_several_proves_no_absence(
    tmp_path: Path, page: str, last: str, complete: bool
) -> None:
    inner = f"<PgNb>{page}</PgNb><LastPgInd>{last}</LastPgInd>"
    by_statement = statements(statement(pages=f"<StmtPgntn>{inner}</StmtPgntn>"))
    by_message = statements(statement(), pages=f"<MsgPgntn>{inner}</MsgPgntn>")
    for content in (by_statement, by_message):
        assert read(tmp_path, content).statements[0].complete is complete


def test_a_statement_without_a_period_covers_the_days_of_its_balances(tmp_path: Path) -> None:
    days = balance("PRCD", "5.00", day="2025-10-13") + balance("CLBD", "4.00", day="2025-10-15")
    (period,) = read(tmp_path, statements(statement(period="", balances=days))).statements
    assert period.covers_from == datetime.fromisoformat("2025-10-14T00:00:00+08:00")
    assert period.covers_to == datetime.fromisoformat("2025-10-16T00:00:00+08:00")


def test_an_overdrawn_balance_is_negative(tmp_path: Path) -> None:
    balances = balance("OPBD", "10.00") + balance("CLBD", "2.50", "DBIT")
    (period,) = read(tmp_path, statements(statement(balances=balances))).statements
    assert (period.opening, period.closing) == (fen(1000), fen(-250))


def test_a_file_may_hold_several_statements_and_entries_count_on(tmp_path: Path) -> None:
    message = read(
        tmp_path,
        statements(
            statement(entry("DBIT", details("po_A")), entry("CRDT", details("X"))),
            statement(entry("DBIT", details("po_B")), number="ANOTHER"),
        ),
    )
    assert [s.account for s in message.statements] == [DEBTOR_NUMBER, "ANOTHER"]
    assert [s.references for s in message.statements] == [["po_A"], ["po_B"]]
    assert [(r.reference, r.entry) for r in message.reports] == [("po_A", 1), ("po_B", 3)]


def test_a_statement_line_that_only_credits_a_stranger_is_no_report(tmp_path: Path) -> None:
    assert read(tmp_path, statements(statement(entry("CRDT", details())))).reports == []


@pytest.mark.parametrize(
    ("booked", "moment"),
    [
        ("<DtTm>2025-10-14T03:00:00Z</DtTm>", "2025-10-14T03:00:00+00:00"),
        ("<DtTm>2025-10-14T11:00:00.123</DtTm>", "2025-10-14T11:00:00.123+08:00"),
        ("<Dt>2025-10-13</Dt>", "2025-10-13T23:59:59+08:00"),
        ("<Dt>2025-10-14</Dt>", "2025-10-14T12:00:00+08:00"),
        ("<Dt>2025-10-15</Dt>", "2025-10-15T00:00:00+08:00"),
    ],
)
def test_a_day_without_a_time_counts_as_late_as_it_can_have_been(
    tmp_path: Path, booked: str, moment: str
) -> None:
    report = only(tmp_path, notification(entry("DBIT", details(), booked=booked)))
    assert report.happened_at == datetime.fromisoformat(moment)


def test_old_statements_write_the_status_without_a_choice(tmp_path: Path) -> None:
    line = entry("DBIT", details()).replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts>BOOK</Sts>")
    made = "<CreDtTm>2025-10-15T01:00:00</CreDtTm>"
    content = statements(statement(line, period=made + PERIOD), version="02")
    assert only(tmp_path, content).state is PaymentState.BOOKED


@pytest.mark.parametrize(
    "damage",
    [
        ("<CdtDbtInd>DBIT</CdtDbtInd>", "<CdtDbtInd>BOTH</CdtDbtInd>"),
        ("<CdtDbtInd>DBIT</CdtDbtInd>", ""),
        (BALANCES, ""),
        (account(DEBTOR_NUMBER), ""),
        ('<Amt Ccy="CNY">51850.50</Amt>', '<Amt Ccy="XXX">51850.50</Amt>'),
    ],
)
def test_an_entry_or_statement_without_what_it_needs_is_refused(
    tmp_path: Path, damage: tuple[str, str]
) -> None:
    good = statements(statement(entry("DBIT", details())))
    assert damage[0] in good
    with pytest.raises(Final) as caught:
        read(tmp_path, good.replace(*damage))
    assert DEBTOR_NUMBER not in caught.value.detail
