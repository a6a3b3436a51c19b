"""What of a payment or refund is for what is no medical care: it is paid first, so given back last.

Counted on what stands in the books: payments when they are made, refunds when they are back.
"""

from __future__ import annotations

from crossclaim.domain.ledger import non_medical_of
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM, own_payments
from crossclaim.domain.tender_rows import RefundRow


def apart_paid(rows: EpisodeRows, bill: BillRow, paid_fen: int) -> int:
    """Of a payment that is about to be booked."""
    return _between(rows, bill, _booked(rows, bill), paid_fen)


def apart_back(rows: EpisodeRows, bill: BillRow, refund: RefundRow) -> int:
    """Of a refund that is about to be booked; a card that pays after care has paid none of it."""
    charges = _charges(rows, bill)
    if any(t.id == refund.tender_id and t.reference in charges for t in rows.tenders):
        return 0
    back_fen = refund.amount_minor
    return _between(rows, bill, _booked(rows, bill) - back_fen, back_fen)


def paid_for_care(rows: EpisodeRows, bill: BillRow) -> int:
    """Fen of what the patient has paid that are for medical care: no funder of care hears of the
    rest, nor pays it back."""
    paid, allocation = rows.tendered(bill.id), rows.allocation(bill.id)
    if allocation is None:
        return paid
    return paid - non_medical_of(allocation.result, 0, own_payments(rows, bill))


def _between(rows: EpisodeRows, bill: BillRow, below_fen: int, amount_fen: int) -> int:
    allocation = rows.allocation(bill.id)
    return 0 if allocation is None else non_medical_of(allocation.result, below_fen, amount_fen)


def _charges(rows: EpisodeRows, bill: BillRow) -> set[str]:
    return {claim.reference for claim in rows.claims_of(bill.id, PAY_LATER_CLAIM)}


def _booked(rows: EpisodeRows, bill: BillRow) -> int:
    """A card that pays after care is bound to the care and pays nothing of it; a tender that was
    reversed without a refund is out of the books."""
    charges = _charges(rows, bill)
    going_back = {refund.tender_id for refund in rows.refunds}
    own = [t for t in rows.tenders_of(bill.id) if t.reference not in charges]
    held = {t.id: t.amount_minor for t in own if not t.reversed or t.id in going_back}
    back = (r.amount_minor for r in rows.refunds if r.tender_id in held and r.state == "refunded")
    return sum(held.values()) - sum(back)
