"""What a payment, a refund and its order write: tenders, refunds, ledger, and what waited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from activities.claims_due import open_claims
from activities.records import EpisodeTransaction
from crossclaim.domain.acquirer import CardSide, PaymentTold, RefundTold
from crossclaim.domain.ledger import tender_entry
from crossclaim.domain.ledger_tenders import refund_entry
from crossclaim.domain.records import BillRow, EpisodeRows, TenderRow
from crossclaim.domain.tender_apart import apart_back, apart_paid
from crossclaim.domain.tender_refunds import RefundPart, left_of, route_of
from crossclaim.domain.tender_rows import PaymentRow, RefundRow

VOID, SPLIT_CHANGED, PAID_TWICE, BY_HAND = "VOID", "SPLIT_CHANGED", "PAID_TWICE", "BY_HAND"


def record_paid(
    tx: EpisodeTransaction, rows: EpisodeRows, payment: PaymentRow, told: PaymentTold, at: datetime
) -> None:
    """A paid order is a tender like every other; that of a bill that is gone goes back at once."""
    assert told.paid_at is not None, "a paid order has its time"
    episode, bill = rows.episode, rows.bill(payment.bill_id)
    tx.change_payment(
        payment.reference,
        state="paid",
        number=told.number,
        paid_at=told.paid_at,
        code="",
        again_at=None,
        **card_columns(told.card),
    )
    number = tx.add_tender(
        episode.id, bill.id, payment.method, payment.amount_minor, payment.reference, told.paid_at
    )
    key = f"tender:{payment.reference}"
    apart = apart_paid(rows, bill, payment.amount_minor)
    entry = tender_entry(key, episode.hospital_id, payment.amount_minor, apart)
    tx.post(episode.id, entry, at)
    if bill.payable:
        if rows.tendered(bill.id) + payment.amount_minor >= rows.patient_share(bill.id):
            tx.resolve_exceptions(episode.id, ["PAY_LATER_CASH_DUE"], at)
        open_claims(tx, episode.id, at)
        return
    _straight_back(tx, rows, bill, payment, number, told.number, VOID, at)


def record_second_payment(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    first: PaymentRow,
    told: tuple[str, int, datetime],
    at: datetime,
) -> None:
    """An order was paid a second time: into the books, and back to what paid it. Once a number.

    ``told``: the acquirer's number, fen and time of it.
    """
    number, paid, paid_at = told
    same = [p for p in rows.payments if p.order_reference == first.order_reference]
    if any(p.number == number for p in same):
        return
    bill = rows.bill(first.bill_id)
    second = PaymentRow(
        reference=f"{first.order_reference}.{len(same) + 1}",
        bill_id=bill.id,
        method=first.method,
        amount_minor=paid,
        state="due",
        ordered_at=at,
        close_at=at,
    )
    tx.add_payment(rows.episode.id, second, "")
    tx.change_payment(second.reference, state="paid", number=number, paid_at=paid_at)
    tender = tx.add_tender(rows.episode.id, bill.id, second.method, paid, second.reference, paid_at)
    key, apart = f"tender:{second.reference}", apart_paid(rows, bill, paid)
    tx.post(rows.episode.id, tender_entry(key, rows.episode.hospital_id, paid, apart), at)
    _straight_back(tx, rows, bill, second, tender, number, PAID_TWICE, at)


def _straight_back(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    bill: BillRow,
    payment: PaymentRow,
    tender_id: int,
    number: str,
    cause: str,
    at: datetime,
) -> None:
    """It counts for nothing and is on its way back."""
    tx.reverse_tender(tender_id)
    tender = TenderRow(
        id=tender_id,
        bill_id=bill.id,
        method=payment.method,
        amount_minor=payment.amount_minor,
        reference=payment.reference,
    )
    taken = payment.model_copy(update={"number": number})
    known = rows.model_copy(
        update={"payments": [p for p in rows.payments if p.reference != taken.reference] + [taken]}
    )
    part = RefundPart(tender=tender, amount_minor=payment.amount_minor)
    order_back(tx, known, bill, [part], cause, at)


def order_back(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    bill: BillRow,
    parts: Sequence[RefundPart],
    cause: str,
    at: datetime,
    *,
    route: str = "",
) -> list[RefundRow]:
    """Refund rows in state ``due``, each under a reference of its own."""
    first = sum(r.bill_id == bill.id for r in rows.refunds) + 1
    found = [
        RefundRow(
            reference=f"RF{bill.id.partition('_')[2]}-{number}",
            bill_id=bill.id,
            tender_id=part.tender.id,
            method=part.tender.method,
            route=route or route_of(rows, part.tender),
            amount_minor=part.amount_minor,
            cause=cause,
            state="due",
            ordered_at=at,
        )
        for number, part in enumerate(parts, first)
    ]
    for refund in found:
        tx.add_refund(rows.episode.id, refund)
    return found


def record_refunded(
    tx: EpisodeTransaction, rows: EpisodeRows, refund: RefundRow, told: RefundTold, at: datetime
) -> None:
    """The money is back: the patient is owed so much less, and so is the hospital."""
    tx.change_refund(
        refund.reference,
        state="refunded",
        number=told.number,
        refunded_at=told.refunded_at or at,
        code="",
        again_at=None,
        **card_columns(told.card),
    )
    key, hospital = f"tender-refund:{refund.reference}", rows.episode.hospital_id
    apart = apart_back(rows, rows.bill(refund.bill_id), refund)
    tx.post(rows.episode.id, refund_entry(key, hospital, refund.amount_minor, apart), at)


def by_hand_instead(
    tx: EpisodeTransaction, rows: EpisodeRows, refund: RefundRow, code: str, at: datetime
) -> RefundRow:
    """The acquirer will not give it back: an order to the cashier takes its place."""
    tx.change_refund(refund.reference, state="refused", code=code, again_at=None)
    refused = refund.model_copy(update={"state": "refused"})
    known = rows.model_copy(
        update={"refunds": [refused if r == refund else r for r in rows.refunds]}
    )
    tender = next(t for t in known.tenders if t.id == refund.tender_id)
    assert refund.amount_minor <= left_of(known, tender), "the refused part is free again"
    part = RefundPart(tender=tender, amount_minor=refund.amount_minor)
    (order,) = order_back(
        tx, known, known.bill(refund.bill_id), [part], refund.cause, at, route="cashier"
    )
    return order


def card_columns(card: CardSide | None) -> dict[str, object]:
    """A foreign card's own side, as it was told."""
    if card is None:
        return {}
    return {
        "card_currency": card.currency,
        "card_amount": str(card.amount),
        "card_rate": str(card.rate),
        "card_rate_by": card.rate_by,
        "card_rate_at": card.rate_at,
    }
