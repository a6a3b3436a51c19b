"""Applies the patient's payments: what the window took itself, and what the acquirer is to take."""

from __future__ import annotations

from datetime import timedelta

from activities.case import Case, Outcome, refused
from activities.claims_due import open_due_claims
from activities.tender_books import record_refunded
from crossclaim.domain.acquirer import RefundState, RefundTold
from crossclaim.domain.ledger import tender_entry
from crossclaim.domain.money import fen
from crossclaim.domain.records import BillRow
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import TenderLeg, TenderSubmission
from crossclaim.domain.tender_apart import apart_paid
from crossclaim.domain.tender_rows import PaymentRow
from crossclaim.domain.tender_submission import RefundConfirmation


def apply_legs(case: Case, bill: BillRow, tender: TenderSubmission) -> Outcome:
    """Told legs count at once; the others are ordered of the acquirer and count when it says so."""
    told = [leg for leg in tender.legs if leg.payer_code is None]
    asked = [leg for leg in tender.legs if leg.payer_code is not None]
    due = case.rows.patient_share(bill.id)
    due -= case.rows.tendered(bill.id) + case.rows.paying(bill.id)
    paid, ordered = (sum(leg.amount.amount_minor for leg in legs) for legs in (told, asked))
    if paid + ordered > due:
        return refused([step_fault("TENDER_ABOVE_DUE", "/legs", due=fen(due))])
    if asked and not _connected(case):
        place = f"/legs/{tender.legs.index(asked[0])}/payer_code"
        return refused([step_fault("ACQUIRER_NOT_CONNECTED", place)])
    tx = case.transaction
    tx.add_tenders(case.episode_id, bill.id, told, tender.tendered_at)
    tx.add_consents(case.episode_id, tender.consents)
    payments = [_ordered(case, bill, n, leg) for n, leg in enumerate(asked, 1)]
    if paid:
        key = f"tender:{case.stored.id}"
        hospital, apart = case.rows.episode.hospital_id, apart_paid(case.rows, bill, paid)
        tx.post(case.episode_id, tender_entry(key, hospital, paid, apart), case.at)
    open_due_claims(case)
    left = due - paid
    if not left:
        tx.resolve_exceptions(case.episode_id, ["PAY_LATER_CASH_DUE"], case.at)
    body: dict[str, object] = {
        "episode_id": case.episode_id,
        "bill": {"id": bill.id, "number": bill.number, "version": bill.version},
        "tendered": fen(paid).model_dump(),
        "still_due": fen(left).model_dump(),
    }
    if not payments:
        return Outcome(200, body)
    return Outcome(202, {**body, "payments": [_told(p) for p in payments]})


def _connected(case: Case) -> bool:
    acquirer = case.world.acquirer
    return acquirer is not None and case.rows.episode.hospital_id in acquirer.hospitals


def _ordered(case: Case, bill: BillRow, number: int, leg: TenderLeg) -> PaymentRow:
    """One order to the acquirer; its reference is the same however often this is applied."""
    assert leg.payer_code is not None, "an ordered leg has a payer's code"
    payment = PaymentRow(
        reference=f"PY{case.stored.id.partition('_')[2]}-{number}",
        bill_id=bill.id,
        method=leg.method,
        window_reference=leg.reference,
        amount_minor=leg.amount.amount_minor,
        state="due",
        ordered_at=case.at,
        close_at=case.at + timedelta(seconds=case.world.tender_habits.pay_within_s),
    )
    case.transaction.add_payment(case.episode_id, payment, leg.payer_code)
    return payment


def _told(payment: PaymentRow) -> dict[str, object]:
    return {
        "reference": payment.reference,
        "window_reference": payment.window_reference,
        "method": payment.method,
        "amount": fen(payment.amount_minor).model_dump(),
        "state": payment.state,
    }


def apply_refund_confirmation(case: Case) -> Outcome:
    """The cashier has given a refund back by hand; the ledger follows."""
    told = RefundConfirmation.model_validate(case.stored.content)
    refund = case.rows.refund(told.refund)
    if refund is None:
        return refused([step_fault("REFUND_UNKNOWN", "/refund")])
    if refund.route != "cashier":
        return refused([step_fault("REFUND_NOT_BY_HAND", "/refund")])
    if not refund.open:
        return refused([step_fault("REFUND_CONFIRMED_ALREADY", "/refund", receipt=refund.number)])
    back = RefundTold(
        reference=refund.reference,
        state=RefundState.REFUNDED,
        number=told.receipt,
        refunded_at=told.paid_back_at,
    )
    record_refunded(case.transaction, case.rows, refund, back, case.at)
    if not any(r.open and r.route == "cashier" and r != refund for r in case.rows.refunds):
        codes = ["TENDER_REFUND_REFUSED"]
        case.transaction.resolve_exceptions(case.episode_id, codes, case.at)
    body = {
        "episode_id": case.episode_id,
        "refund": refund.reference,
        "amount": fen(refund.amount_minor).model_dump(),
        "status": "refunded",
    }
    return Outcome(200, body)
