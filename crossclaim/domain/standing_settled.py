"""Whether everything of a bill, or of a cancelled episode, has come to its end. Pure."""

from __future__ import annotations

from crossclaim.domain.bill_chain import money_there, payout_wanted, standing_payouts
from crossclaim.domain.insurer_turns import answered_by_all
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.standing_bureau import KIND, settlement_missing
from crossclaim.domain.standing_examination import PENDED
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM, pay_later_missing
from crossclaim.domain.voucher_rows import KINDS as VOUCHER_KINDS
from crossclaim.domain.voucher_standing import voucher_answered

_OPEN_CLAIM = ("due", "submitted", "queued", "suspended", "voiding", "withdrawing")


def settled_for(rows: EpisodeRows, bill: BillRow) -> bool:
    """Every part of the bill has been paid or refused for good."""
    if any(back.open for back in rows.claw_backs):
        return False
    if not all(money_there(rows, *one) for one in standing_payouts(rows, bill)):
        return False
    for claim in rows.claims:
        if claim.bill_id != bill.id:
            continue
        if claim.state in (*_OPEN_CLAIM, PENDED):
            return False
        if claim.state == "failed" and claim.kind not in (*VOUCHER_KINDS, KIND, PAY_LATER_CLAIM):
            return False
        if claim.kind == PAY_LATER_CLAIM:
            continue
        if claim.kind not in VOUCHER_KINDS and payout_wanted(rows, claim):
            return False
    paid = rows.tendered(bill.id) >= rows.patient_share(bill.id)
    return paid and _answered_for(rows, bill)


def _answered_for(rows: EpisodeRows, bill: BillRow) -> bool:
    """Every part that a funder carries stands in a claim that it has answered, none has failed."""
    allocation = rows.allocation(bill.id)
    if allocation is None:
        return True
    if not voucher_answered(rows, bill) or not answered_by_all(rows, bill):
        return False
    if settlement_missing(rows, bill) or pay_later_missing(rows, bill):
        return False
    return not any(c.state == "failed" for c in rows.claims_of(bill.id, "reimbursement"))


def taken_back(rows: EpisodeRows) -> bool:
    """The episode is cancelled, and nothing of it is on its way back any more."""
    if not rows.cancelled or any(back.open for back in rows.claw_backs):
        return False
    standing = any(bill.state == "current" for bill in rows.bills)
    return not standing and not any(c.state in (*_OPEN_CLAIM, PENDED) for c in rows.claims)
