"""What pain.002 and pacs.004 say about a payment, and what they must never be taken for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossclaim.domain.errors import Final
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.gateways.bank import account_hash
from crossclaim.gateways.bank.messages import read_message
from tests.gateways.bank_scene import (
    CREDITOR_NUMBER,
    REFERENCE,
    cny,
    payment_return,
    read,
    status_report,
    transaction_status,
)


def only(folder: Path, content: str) -> PaymentReport:
    """The single report of a file."""
    reports = read(folder, content).reports
    assert len(reports) == 1
    return reports[0]


@pytest.mark.parametrize("version", ["03", "10", "12", "15"])
@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("ACTC", PaymentState.ACCEPTED),
        ("ACCP", PaymentState.ACCEPTED),
        ("ACSP", PaymentState.ACCEPTED),
        ("PDNG", PaymentState.PENDING),
        ("ACSC", PaymentState.SETTLED),
        ("RJCT", PaymentState.REJECTED),
    ],
)
def test_each_status_has_its_state_in_every_version(
    tmp_path: Path, version: str, status: str, state: PaymentState
) -> None:
    message = read(tmp_path, status_report(transaction_status(status), version=version))
    assert message.message_type == f"pain.002.001.{version}"
    report = message.reports[0]
    assert (report.reference, report.state, report.reason) == (REFERENCE, state, "")
    assert (report.attempt, report.entry, report.message_id) == (1, 1, "HB-1")
    assert report.happened_at == datetime.fromisoformat("2025-10-14T10:50:00+08:00")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("RCVD", PaymentState.ACCEPTED),
        ("ACCC", PaymentState.CREDITED),
        ("ACWP", PaymentState.ACCEPTED),
        ("CANC", PaymentState.REJECTED),
    ],
)
def test_only_accc_proves_the_payees_credit(
    tmp_path: Path, status: str, state: PaymentState
) -> None:
    assert only(tmp_path, status_report(transaction_status(status))).state is state


def test_a_rejection_keeps_its_reason(tmp_path: Path) -> None:
    report = only(tmp_path, status_report(transaction_status("RJCT", "AC04")))
    assert (report.state, report.reason) == (PaymentState.REJECTED, "AC04")


def test_no_original_transaction_is_unknown_to_the_bank_and_no_rejection(tmp_path: Path) -> None:
    report = only(tmp_path, status_report(transaction_status("RJCT", "NOOR")))
    assert (report.state, report.reason) == (PaymentState.UNKNOWN_TO_BANK, "NOOR")


@pytest.mark.parametrize("reason", ["AM05", "DUPL", "DU01", "DU02", "DU03", "DU04", "DU05"])
def test_a_duplicate_is_neither_paid_nor_rejected(tmp_path: Path, reason: str) -> None:
    for reasons in ([reason], ["MS03", reason]):
        report = only(tmp_path, status_report(transaction_status("RJCT", *reasons)))
        assert (report.state, report.reason) == (PaymentState.DUPLICATE, reason)
    group = f"<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>"
    assert only(tmp_path, status_report("", group=group)).state is PaymentState.DUPLICATE


def test_a_naive_twin_that_reads_the_status_alone_calls_both_rejected_and_would_pay_twice(
    tmp_path: Path,
) -> None:
    naive = {"RJCT": PaymentState.REJECTED}
    for reason in ("AM05", "NOOR"):
        told = transaction_status("RJCT", reason)
        assert naive["RJCT"] is PaymentState.REJECTED
        assert only(tmp_path, status_report(told)).state is not naive["RJCT"]


@pytest.mark.parametrize("status", ["ACXX", "BLCK", "PART", "X"])
def test_a_status_that_we_do_not_know_is_pending_and_never_an_end(
    tmp_path: Path, status: str
) -> None:
    report = only(tmp_path, status_report(transaction_status(status)))
    assert (report.state, report.reason) == (PaymentState.PENDING, status)


def test_a_rejected_file_is_a_report_about_its_one_payment(tmp_path: Path) -> None:
    group = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf>"
    report = only(tmp_path, status_report("", group=group, original=f"{REFERENCE}-12"))
    assert (report.reference, report.attempt) == (REFERENCE, 12)
    assert (report.state, report.reason) == (PaymentState.REJECTED, "FF01")


def test_a_batch_status_without_transactions_is_a_report_too(tmp_path: Path) -> None:
    report = only(tmp_path, status_report("<PmtInfSts>ACTC</PmtInfSts>"))
    assert (report.reference, report.state) == (REFERENCE, PaymentState.ACCEPTED)


def test_transactions_speak_for_themselves_before_their_group(tmp_path: Path) -> None:
    both = transaction_status("ACCC") + transaction_status("RJCT", "AC01", reference="po_OTHER")
    reports = read(tmp_path, status_report(both, group="<GrpSts>PART</GrpSts>")).reports
    assert [(r.reference, r.state, r.entry, r.attempt) for r in reports] == [
        (REFERENCE, PaymentState.CREDITED, 1, 1),
        ("po_OTHER", PaymentState.REJECTED, 2, 0),
    ]


def test_a_transaction_without_its_own_status_has_that_of_its_group(tmp_path: Path) -> None:
    silent = f"<TxInfAndSts><OrgnlEndToEndId>{REFERENCE}</OrgnlEndToEndId></TxInfAndSts>"
    assert (
        only(tmp_path, status_report(silent, group="<GrpSts>RJCT</GrpSts>")).state
        is PaymentState.REJECTED
    )


def test_the_refusal_of_an_inquiry_says_nothing_about_the_payment(tmp_path: Path) -> None:
    group = "<GrpSts>RJCT</GrpSts><StsRsnInf><Rsn><Cd>{}</Cd></Rsn></StsRsnInf>"
    asked = {"original": f"{REFERENCE}-q1", "original_type": "pacs.028.001.05"}
    assert read(tmp_path, status_report("", group=group.format("FF01"), **asked)).reports == []
    report = only(tmp_path, status_report("", group=group.format("NOOR"), **asked))
    assert (report.reference, report.state) == (REFERENCE, PaymentState.UNKNOWN_TO_BANK)


def test_an_answer_to_an_inquiry_is_about_the_payment(tmp_path: Path) -> None:
    answer = status_report(
        transaction_status("ACSC"), original=f"{REFERENCE}-q1", original_type="pacs.028.001.05"
    )
    assert only(tmp_path, answer).state is PaymentState.SETTLED


def test_a_report_names_amount_and_account_where_the_bank_repeats_them(tmp_path: Path) -> None:
    original = (
        '<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">51850.5</InstdAmt></Amt>'
        f"<CdtrAcct><Id><Othr><Id>{CREDITOR_NUMBER}</Id></Othr></Id></CdtrAcct></OrgnlTxRef>"
    )
    told = transaction_status("ACCC").replace("</TxInfAndSts>", f"{original}</TxInfAndSts>")
    report = only(tmp_path, status_report(told))
    assert report.amount == cny("51850.50")
    assert report.creditor_account_hash == account_hash(CREDITOR_NUMBER)
    assert CREDITOR_NUMBER not in report.model_dump_json()


def test_free_text_in_the_place_of_a_code_is_not_passed_on(tmp_path: Path) -> None:
    told = transaction_status("RJCT", "XX99").replace("<Cd>XX99</Cd>", "<Prtry>户名 陳大文</Prtry>")
    report = only(tmp_path, status_report(told))
    assert (report.state, report.reason) == (PaymentState.REJECTED, "PRTRY")


@pytest.mark.parametrize("original", ["NOTPROVIDED", "UNKNOWN", "../../x-1"])
def test_a_file_that_names_no_payment_of_ours_goes_to_a_person(
    tmp_path: Path, original: str
) -> None:
    with pytest.raises(Final):
        read(tmp_path, status_report("", group="<GrpSts>RJCT</GrpSts>", original=original))


@pytest.mark.parametrize("version", ["09", "11"])
def test_a_return_names_the_payment_its_reason_and_its_amount(tmp_path: Path, version: str) -> None:
    report = only(tmp_path, payment_return("AC04", version=version))
    assert (report.reference, report.state) == (REFERENCE, PaymentState.RETURNED)
    assert (report.reason, report.amount) == ("AC04", cny("51850.50"))
    assert report.message_type == f"pacs.004.001.{version}"
    assert report.happened_at == datetime.fromisoformat("2025-10-17T09:00:00+08:00")


@settings(deadline=None)
@given(minor=st.integers(0, 10**15 - 1), zeros=st.integers(0, 3))
def test_every_amount_is_read_to_the_fen(minor: int, zeros: int) -> None:
    text = f"{minor // 100}.{minor % 100:02d}{'0' * zeros}"
    amount = read_message(payment_return(amount=text).encode()).reports[0].amount
    assert amount is not None and amount.amount_minor == minor


@pytest.mark.parametrize("amount", ["-1.00", "1.005", "1e3", "NaN", "1,000.00", "", "٣"])
def test_what_is_no_exact_amount_is_refused(amount: str) -> None:
    good = payment_return()
    with pytest.raises(Final):
        read_message(good.replace("51850.50", amount).encode())


def test_a_currency_that_we_do_not_handle_is_refused() -> None:
    with pytest.raises(Final, match="currency"):
        read_message(payment_return().replace('Ccy="CNY"', 'Ccy="EUR"').encode())
