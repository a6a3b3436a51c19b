"""Which tender gets back what the patient paid too much. Pure; the order is plan data.

Money goes back to the tender that paid it, never more than it paid: ``tender-refunds:order`` names
the means of payment, and of one means the newest payment comes first.
"""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.records import BillRow, EpisodeRows, TenderRow
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM

PLAN = "tender-refunds"


class RefundPart(Frozen):
    """``amount_minor`` of one tender is to be given back."""

    tender: TenderRow
    amount_minor: int


def left_of(rows: EpisodeRows, tender: TenderRow) -> int:
    """Fen of a tender that have not been given back and are not on their way back."""
    return tender.amount_minor - rows.given_back(tender.id)


def overpaid(rows: EpisodeRows, bill: BillRow) -> int:
    """Fen that the patient has paid above his share of a bill by its newest split."""
    if not bill.payable or rows.allocation(bill.id) is None:
        return 0
    return max(rows.tendered(bill.id) - rows.patient_share(bill.id), 0)


def refund_wanted(rows: EpisodeRows) -> BillRow | None:
    """The first bill of which something has to go back and is not on its way."""
    return next((bill for bill in rows.bills if overpaid(rows, bill)), None)


def parts_back(
    rows: EpisodeRows, bill: BillRow, amount_minor: int, order: Sequence[str]
) -> list[RefundPart]:
    """Lays an amount on the bill's tenders in the plan's order. Raises ValueError above what is
    left of them."""
    tenders = [t for t in rows.tenders_of(bill.id) if not t.reversed]
    found: list[RefundPart] = []
    for tender in sorted(tenders, key=lambda t: (_rank(t, order), -t.id)):
        part = min(amount_minor, left_of(rows, tender))
        if part > 0:
            found.append(RefundPart(tender=tender, amount_minor=part))
            amount_minor -= part
    if amount_minor:
        raise ValueError("more would be given back than was paid")
    return found


def charged_tenders(rows: EpisodeRows, bill: BillRow) -> list[TenderRow]:
    """What a pay-after-care platform took from a bound card; it goes back whole with its charge."""
    charges = {c.reference for c in rows.claims_of(bill.id, PAY_LATER_CLAIM)}
    mine = (t for t in rows.tenders if t.bill_id == bill.id and not t.reversed)
    return [tender for tender in mine if tender.reference in charges]


def back_by_hand(rows: EpisodeRows, bill: BillRow) -> int:
    """Fen of a charge that the cashier has given back, and that its platform will give back too."""
    charged = {tender.id for tender in charged_tenders(rows, bill)}
    back = (r for r in rows.refunds if r.tender_id in charged and r.state == "refunded")
    return sum(refund.amount_minor for refund in back)


def paid_elsewhere(rows: EpisodeRows, bill: BillRow) -> bool:
    """The bill of a claim with papers: care that the patient has had and paid, at cashiers who hear
    nothing of the claim. Whatever becomes of the claim, that money stays where it is."""
    split = rows.allocation(bill.id)
    return split is not None and bool(split.result.papers)


def whole_back(rows: EpisodeRows, bill: BillRow) -> list[RefundPart]:
    """All that is left of a bill's tenders: the bill was taken back.

    What a pay-after-care platform took from a bound card goes back with its own charge, and what
    the cashier gave back of that already is kept of the rest.
    """
    if paid_elsewhere(rows, bill):
        return []
    charged, kept = charged_tenders(rows, bill), back_by_hand(rows, bill)
    found: list[RefundPart] = []
    for tender in rows.tenders_of(bill.id):
        if tender.reversed or tender in charged:
            continue
        part = left_of(rows, tender)
        less = min(part, kept)
        kept -= less
        if part > less:
            found.append(RefundPart(tender=tender, amount_minor=part - less))
    return found


def route_of(rows: EpisodeRows, tender: TenderRow) -> str:
    """Through the acquirer what it took; all else is the hospital's own to give back."""
    taken = rows.payment(tender.reference)
    return "acquirer" if taken is not None and taken.number else "cashier"


def _rank(tender: TenderRow, order: Sequence[str]) -> int:
    return order.index(tender.method) if tender.method in order else len(order)
