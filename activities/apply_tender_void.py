"""What becomes of a voided bill's payments: each goes back to what paid it."""

from __future__ import annotations

from activities.case import Case
from activities.tender_books import VOID, order_back
from crossclaim.domain.bill_rows import line_of
from crossclaim.domain.ledger import tender_entry
from crossclaim.domain.money import fen
from crossclaim.domain.records import BillRow
from crossclaim.domain.tender_refunds import (
    back_by_hand,
    charged_tenders,
    left_of,
    paid_elsewhere,
    whole_back,
)


def tenders_back(case: Case, bill: BillRow) -> list[dict[str, object]]:
    """Orders the refunds and counts the tenders no longer. What a pay-after-care platform took from
    a bound card goes back with its charge; payments on their way are closed, or refunded when it is
    too late for that."""
    tx, rows = case.transaction, case.rows
    for payment in rows.payments:
        if payment.bill_id != bill.id or not payment.open:
            continue
        if payment.state == "due":
            tx.change_payment(payment.reference, state="closed", code="BILL_VOIDED")
        else:
            tx.change_payment(payment.reference, close_at=case.at, again_at=None)
    parts = whole_back(rows, bill)
    _charges_back(case, bill)
    if paid_elsewhere(rows, bill):
        _out_of_the_books(case, bill)
    refunds = order_back(tx, rows, bill, parts, VOID, case.at)
    for version in line_of(rows.bills, bill.id):
        tx.reverse_tenders(version)
    return [
        {
            "reference": r.reference,
            "method": r.method,
            "route": r.route,
            "amount": fen(r.amount_minor).model_dump(),
        }
        for r in refunds
    ]


def _out_of_the_books(case: Case, bill: BillRow) -> None:
    """What the patient had paid elsewhere was noted with the claim, and goes with it."""
    tx, rows = case.transaction, case.rows
    amount = sum(t.amount_minor for t in rows.tenders_of(bill.id) if not t.reversed)
    key, hospital = f"tender-back:{bill.id}", rows.episode.hospital_id
    tx.post(case.episode_id, tender_entry(key, hospital, -amount), case.at)


def _charges_back(case: Case, bill: BillRow) -> None:
    """A charge goes back whole at its platform, so nothing more of it goes back by hand."""
    tx, rows = case.transaction, case.rows
    charged = {tender.id: tender for tender in charged_tenders(rows, bill)}
    for refund in rows.refunds:
        if refund.open and refund.tender_id in charged:
            tx.change_refund(refund.reference, state="refused", code="BILL_VOIDED", again_at=None)
    amount = sum(tender.amount_minor for tender in charged.values())
    if amount:
        key, hospital = f"tender-back:{bill.id}", rows.episode.hospital_id
        tx.post(case.episode_id, tender_entry(key, hospital, -amount), case.at)
    own = (t for t in rows.tenders_of(bill.id) if not t.reversed)
    kept = sum(left_of(rows, tender) for tender in own if tender.id not in charged)
    over = back_by_hand(rows, bill) - kept
    if over > 0:
        details = {"over": str(fen(over))}
        code = "PAY_LATER_GIVEN_BACK_TWICE"
        tx.open_exception(case.episode_id, code, bill.id, details, case.at)
    tx.resolve_exceptions(case.episode_id, ["PAY_LATER_PAID_TWICE"], case.at)
