"""Who has confirmed or locked a part of a bill, and what therefore may no longer be done with it.
Pure, from the rows."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import AllocationResult, Fault
from crossclaim.domain.bill_chain import REPLACED, standing_payouts
from crossclaim.domain.bill_rows import line_of
from crossclaim.domain.money import fen
from crossclaim.domain.records import BillRow, ClaimRow, EpisodeRows
from crossclaim.domain.standing_bureau import KIND
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.voucher_rows import KINDS as VOUCHER_KINDS

TAKEN_WHOLE = (*VOUCHER_KINDS, KIND, PAY_LATER_CLAIM)
"""Claims that their funder takes and gives back whole: none of them takes a difference."""
ASKED = ("submitted", "queued", "pended", "suspended", "voiding", "withdrawing")
GIVEN = ("approved", "partial", "denied")
_AT = "/bill_version"


def funder_of(claim: ClaimRow) -> str:
    """Who is told of in a fault: the organisation, else the kind of funder."""
    if claim.organisation_id is not None:
        return claim.organisation_id
    if claim.kind in VOUCHER_KINDS:
        return FunderKind.VOUCHER.value
    return FunderKind.BASIC_INSURANCE.value if claim.kind == KIND else FunderKind.PAY_LATER.value


def correction_blocks(rows: EpisodeRows, bill: BillRow, at: str) -> list[Fault]:
    """Why a final version cannot be corrected now: somebody is at work on it, or takes no
    difference."""
    found = []
    for claim in (c for c in rows.claims if c.bill_id == bill.id):
        values = {"funder": funder_of(claim), "known": bill.version}
        whole = claim.kind in TAKEN_WHOLE or claim.kind == "reimbursement"
        if claim.state in ASKED:
            found.append(step_fault("BILL_FUNDER_UNDECIDED", at, **values))
        elif whole and claim.state in ("approved", "partial"):
            found.append(step_fault("BILL_FUNDER_LOCKED", at, **values))
    return [*found, *_on_its_way(rows, bill, at)]


def dropped_insurers(rows: EpisodeRows, bill: BillRow, new: AllocationResult) -> list[Fault]:
    """Insurers with a word or money on the bill that a correction would leave out of it."""
    word = [c for c in rows.claims_of(bill.id, "direct") if c.state in ("approved", "partial")]
    paid = [c for c, p in standing_payouts(rows, bill) if p.state != "cancelled"]
    known = dict.fromkeys(c.organisation_id for c in (*word, *paid) if c.kind == "direct")
    return [
        step_fault("BILL_FUNDER_LOCKED", "/coverages", funder=one, known=bill.version)
        for one in known
        if new.insurer(one) is None
    ]


def reopening_blocks(rows: EpisodeRows, bill: BillRow) -> list[Fault]:
    """Why a final version cannot go back to a draft: a funder or the patient has confirmed it."""
    line = line_of(rows.bills, bill.id)
    confirmed = (*ASKED, *GIVEN, REPLACED)
    claims = [c for c in rows.claims if c.bill_id in line and c.state in confirmed]
    who = [funder_of(claim) for claim in claims]
    if rows.tendered(bill.id):
        who.append(FunderKind.PATIENT.value)
    found = [step_fault("BILL_NOT_TO_REOPEN", _AT, funder=one) for one in dict.fromkeys(who)]
    return [*found, *_on_its_way(rows, bill, _AT)]


def cancellation_blocks(rows: EpisodeRows, bill: BillRow) -> list[Fault]:
    """Why a settlement cannot be cancelled now: money is on its way, and nobody knows its end."""
    found = []
    line = line_of(rows.bills, bill.id)
    for claim in (c for c in rows.claims if c.bill_id in line and c.state == "suspended"):
        values = {"funder": funder_of(claim), "known": bill.version}
        found.append(step_fault("BILL_FUNDER_UNDECIDED", _AT, **values))
    for _, payout in standing_payouts(rows, bill):
        ordered = payout.state in ("sent", "accepted", "unknown") or (
            payout.state == "reserved" and payout.orders > 0
        )
        if ordered and payout.settled_at is None:
            amount = fen(payout.amount_minor)
            found.append(step_fault("BILL_PAYMENT_ON_ITS_WAY", _AT, amount=amount))
    return found


def _on_its_way(rows: EpisodeRows, bill: BillRow, at: str) -> Iterator[Fault]:
    paying = rows.paying(bill.id)
    if paying:
        yield step_fault("BILL_PAYMENT_ON_ITS_WAY", at, amount=fen(paying))
