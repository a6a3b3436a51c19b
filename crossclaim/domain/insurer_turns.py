"""Several insurers of one episode, one after the other: who is asked, claimed of and told next.

The hospital claims of the first insurer; the next is claimed of when the first has decided, with
its statement. Pure, from the rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.bill_chain import was_paid
from crossclaim.domain.decided import as_split
from crossclaim.domain.guarantee_standing import at_desk
from crossclaim.domain.information_standing import open_requests
from crossclaim.domain.party import AnswerState, OtherStatement
from crossclaim.domain.records import BillRow, ClaimRow, EpisodeRows, GuaranteeRow
from crossclaim.domain.submission import FunderKind

DECIDED = {
    "approved": AnswerState.APPROVED,
    "partial": AnswerState.PARTIAL,
    "denied": AnswerState.DENIED,
}
"""State of a claim on which its insurer has given its word → that word."""
ACCEPTED = ("approved", "partial")


class Turn(NamedTuple):
    """The next direct claim of a bill; ``sequence`` is the insurer's place, from 1."""

    sequence: int
    part: FunderTotal


def insurers_parts(result: AllocationResult) -> list[FunderTotal]:
    """Direct parts in the order in which the insurers pay."""
    return [t for t in result.totals if t.funder is FunderKind.INSURER]


def next_claim(rows: EpisodeRows, bill: BillRow) -> Turn | None:
    """None while an insurer has still to decide, and when nobody is left to claim of."""
    allocation = rows.allocation(bill.id)
    parts = [] if allocation is None else insurers_parts(allocation.result)
    # A claim that a withdrawn consent ended keeps its place, its insurer has no part any more.
    gone = len([c for c in rows.claims_of(bill.id, "direct") if c.state == "voided"])
    for sequence, part in enumerate(parts, 1):
        claim = rows.direct_claim(bill.id, part.organisation)
        asked = _asked(rows, part, parts[sequence:]) or was_paid(rows, bill, part.organisation)
        if claim is None and asked:
            return Turn(sequence + gone, part)
        if claim is not None and claim.state not in DECIDED:
            return None
    return None


def _asked(rows: EpisodeRows, part: FunderTotal, after: list[FunderTotal]) -> bool:
    """An insurer with a part is; one without is too, for its word, where another pays after it and
    needs its statement. What an insurer decides here our own split says."""
    if part.amount.amount_minor:
        return True
    coverage = rows.insured_with(part.organisation)
    there = coverage is not None and coverage.decides == "there"
    return there and any(other.amount.amount_minor for other in after)


def statements_before(rows: EpisodeRows, claim: ClaimRow) -> list[OtherStatement] | None:
    """What the insurers that pay before a claim's say of its bill; None: one has not decided."""
    allocation = rows.allocation(claim.bill_id)
    found: list[OtherStatement] = []
    for part in insurers_parts(allocation.result) if allocation is not None else ():
        if part.organisation == claim.organisation_id:
            return found
        assert allocation is not None
        stated = _statement(rows, claim.bill_id, allocation.result, part.organisation or "")
        if stated is None:
            return None
        found.append(stated)
    return found


def _statement(
    rows: EpisodeRows, bill_id: str, result: AllocationResult, organisation: str
) -> OtherStatement | None:
    said, claim = as_split(result, organisation), rows.direct_claim(bill_id, organisation)
    if claim is None:
        coverage = rows.insured_with(organisation)
        if coverage is None or coverage.decides != "here":
            return None
        state = AnswerState.PARTIAL if said.benefit.amount_minor else AnswerState.DENIED
    elif claim.state in DECIDED:
        state = DECIDED[claim.state]
        if state is AnswerState.DENIED and said.benefit.amount_minor:
            # Nothing for the hospital, yet something that the patient gets later.
            state = AnswerState.PARTIAL
    else:
        return None
    return OtherStatement(
        organisation=organisation,
        claim_number=claim.number if claim else "",
        state=state,
        benefit=said.benefit,
        paid=said.paid,
        decided_at=claim.decided_at if claim else None,
    )


def answered_by_all(rows: EpisodeRows, bill: BillRow) -> bool:
    """Every insurer with a part of the bill has accepted the claim on it."""
    allocation = rows.allocation(bill.id)
    parts = [] if allocation is None else insurers_parts(allocation.result)
    claims = [rows.direct_claim(bill.id, p.organisation) for p in parts if p.amount.amount_minor]
    return all(claim is not None and claim.state in ACCEPTED for claim in claims)


def eligibility_due(rows: EpisodeRows) -> str | None:
    """The next insurer to ask whether its cover is in force, before any bill is split for good;
    one that was stated late is asked at any time."""
    if rows.episode.closed_at is not None:
        return None
    billed = any(b.payable for b in rows.bills)
    insurers = (c for c in rows.insurers() if c.added_at is not None or not billed)
    unasked = (c for c in insurers if c.decides == "there" and c.eligible is None)
    return next((c.organisation_id for c in unasked), None)


def guarantee_standing(
    rows: EpisodeRows, answer_within_s: Mapping[str, float], otherwise_s: float
) -> dict[str, object]:
    """The next step about guarantees: what is due first, then the wait that ends soonest."""
    asked = eligibility_due(rows)
    if asked is not None:
        return {"eligibility_due": asked}
    for guarantee in rows.guarantees:
        if guarantee.state in ("due", "requested"):
            return {"guarantee_due": guarantee.id}
    waits, stands_still = [], None
    for guarantee in rows.guarantees:
        if guarantee.state == "queued" and guarantee.requested_at is not None:
            if open_requests(rows, guarantee.reference):
                stands_still = guarantee.id
                continue
            within = answer_within_s.get(guarantee.insurer_id, otherwise_s)
            waits.append((guarantee.requested_at + timedelta(seconds=within), guarantee.id))
    if not waits:
        asked = stands_still or at_desk(rows)
        return {"guarantee_waiting": asked} if asked is not None else {}
    soonest, waiting = min(waits)
    return {"guarantee_waiting": waiting, "guarantee_inquiry_at": soonest}


def guarantee_to_release(rows: EpisodeRows) -> GuaranteeRow | None:
    """One that still reserves money; they are let go one after the other."""
    return next((g for g in rows.guarantees if g.state == "granted"), None)


def insurer_waited_for(rows: EpisodeRows, found: Mapping[str, object]) -> str | None:
    """Whose word the episode waits for, else the first insurer of the episode."""
    waits = [g.insurer_id for g in rows.guarantees if g.id == found.get("guarantee_waiting")]
    claims = [c.organisation_id for c in rows.claims if c.id == found.get("claim_waiting")]
    known = [*waits, *claims, *(c.organisation_id for c in rows.insurers())]
    return next((insurer for insurer in known if insurer), None)
