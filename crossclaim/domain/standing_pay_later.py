"""Where an episode stands with pay-after-care: look-up, charge, refund, confirmation. Pure."""

from __future__ import annotations

from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.money import Money, fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.submission import FunderKind

PAY_LATER_CLAIM = "pay_later"
_OVER = ("voided", "failed")
_OUT = ("submitted", "approved", "voiding")
_CHARGED = (FunderKind.PERSONAL_ACCOUNT, FunderKind.PAY_LATER)
PART_CHARGED = "PAY_LATER_PART_CHARGED"
"""Why a bill cannot be split anew."""


def pay_later_look_up_due(rows: EpisodeRows) -> bool:
    return rows.coverage(FunderKind.PAY_LATER) is not None and rows.pay_later is None


def charge_parts(rows: EpisodeRows, bill: BillRow) -> dict[Tender, Money]:
    """What the platform is to be charged for a bill by its newest split; nothing: no charge.

    The account's and the credit's parts stand in the split, beside what the bureau takes from
    personal accounts itself. The bound card pays what of the care is left to the patient and he
    has not paid yet.
    """
    allocation, payer = rows.allocation(bill.id), rows.pay_later
    if allocation is None or payer is None or payer.account_id is None or payer.code:
        return {}
    result = allocation.result
    quote = rows.quote(bill.id)
    elsewhere = 0 if quote is None else quote.account_minor + quote.family_minor
    patient = result.of(FunderKind.PATIENT).amount_minor - non_medical_left(rows, bill)
    patient -= rows.tendered(bill.id) + rows.paying(bill.id)
    found = {
        Tender.ACCOUNT: result.of(FunderKind.PERSONAL_ACCOUNT).amount_minor - elsewhere,
        Tender.CREDIT: result.of(FunderKind.PAY_LATER).amount_minor,
        Tender.BANK_CARD: patient if payer.bank_card else 0,
    }
    return {tender: fen(amount) for tender, amount in found.items() if amount > 0}


def own_payments(rows: EpisodeRows, bill: BillRow) -> int:
    """Fen that the patient has paid at the window, without what a bound card was charged."""
    charges = {claim.reference for claim in rows.claims_of(bill.id, PAY_LATER_CLAIM)}
    own = [t for t in rows.tenders_of(bill.id) if t.reference not in charges]
    return sum(t.amount_minor - rows.given_back(t.id) for t in own if not t.reversed)


def non_medical_left(rows: EpisodeRows, bill: BillRow) -> int:
    """Fen of what is no medical care that are not paid yet; payments go to it first."""
    allocation = rows.allocation(bill.id)
    apart = allocation.result.non_medical if allocation is not None else None
    return max(0, apart.amount_minor - own_payments(rows, bill)) if apart is not None else 0


def _charge_missing(rows: EpisodeRows, bill: BillRow) -> bool:
    """The bill is final, something is to be charged, and no charge lives."""
    alive = [c for c in rows.claims_of(bill.id, PAY_LATER_CLAIM) if c.state not in _OVER]
    return bill.payable and not alive and bool(charge_parts(rows, bill))


def confirmation_missing(rows: EpisodeRows, bill: BillRow) -> bool:
    """In confirmed payment (有感支付) somebody has to choose to pay first."""
    waits = rows.pay_later_asked and bill.id not in rows.pay_later_confirmed
    return waits and _charge_missing(rows, bill)


def pay_later_claim_wanted(rows: EpisodeRows, bill: BillRow) -> bool:
    return _charge_missing(rows, bill) and not confirmation_missing(rows, bill)


def charge_changes(
    rows: EpisodeRows, bill_id: str, old: AllocationResult, new: AllocationResult
) -> bool:
    """The platform was charged, or may have been, for a part that would be another one."""
    out = (c.state in _OUT for c in rows.claims_of(bill_id, PAY_LATER_CLAIM))
    return any(out) and any(old.of(funder) != new.of(funder) for funder in _CHARGED)


def pay_later_missing(rows: EpisodeRows, bill: BillRow) -> bool:
    """Something is still to be charged, or a part in the split has no charge behind it."""
    claims = rows.claims_of(bill.id, PAY_LATER_CLAIM)
    if _charge_missing(rows, bill):
        return True
    allocation = rows.allocation(bill.id)
    part = allocation is not None and allocation.result.of(FunderKind.PAY_LATER).amount_minor > 0
    return part and not any(c.state == "approved" for c in claims)


def pay_later_standing(rows: EpisodeRows) -> dict[str, object]:
    found: dict[str, object] = {}
    for claim in rows.claims:
        if claim.kind != PAY_LATER_CLAIM:
            continue
        if claim.state == "voiding":
            found.setdefault("pay_later_refund_due", claim.id)
        elif claim.state in ("due", "submitted"):
            found.setdefault("pay_later_charge_due", claim.id)
    return found
