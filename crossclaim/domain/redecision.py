"""What a claim comes to after it was decided again: the difference only, for each insurer. Pure.

The difference is an amount of its own (a supplement claim with its own payout), or what the payee
owes back. What was promised before is never promised again.
"""

from __future__ import annotations

from collections.abc import Iterable

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.appeal import Cause, RevisionRow
from crossclaim.domain.bill_rows import DECISION
from crossclaim.domain.examination import LineDecision
from crossclaim.domain.insurer_turns import DECIDED
from crossclaim.domain.money import Currency, Money, total
from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.domain.party import LineDecision as LineAnswer
from crossclaim.domain.records import ClaimRow, EpisodeRows

INSURERS_CLAIMS = ("direct", "reimbursement")


def share_of(whole: int, part: int, of: int) -> int:
    """``whole × part ÷ of``, half up."""
    return (2 * whole * part + of) // (2 * of)


def original(rows: EpisodeRows, claim_id: str) -> ClaimRow | None:
    """A claim on an insurer that is no supplement; None where there is none of this id."""
    found = (c for c in rows.claims if c.id == claim_id and c.kind in INSURERS_CLAIMS)
    return next((c for c in found if c.supplements is None), None)


def supplements(rows: EpisodeRows, claim_id: str) -> list[ClaimRow]:
    return [c for c in rows.claims if c.supplements == claim_id]


def revisions(rows: EpisodeRows, claim_id: str) -> list[RevisionRow]:
    return sorted((r for r in rows.revisions if r.claim_id == claim_id), key=lambda r: r.version)


def promised(rows: EpisodeRows, claim: ClaimRow) -> int:
    """Fen that the payee has got or is to get for a claim by all decisions so far."""
    return promised_by(rows, (claim, *supplements(rows, claim.id)))


def promised_by(rows: EpisodeRows, claims: Iterable[ClaimRow]) -> int:
    """As ``promised``, of several claims: what one of them asks back is not given."""
    own = {claim.id: claim.to_pay for claim in claims}
    asked = (b for b in rows.claw_backs if b.claim_id in own and b.cause == DECISION)
    return sum(own.values()) - sum(b.amount_minor for b in asked if b.counts)


def benefit_of(rows: EpisodeRows, claim: ClaimRow) -> Money:
    """The newest decision, in what the insurer counts in."""
    known = revisions(rows, claim.id)
    return claim.counted(known[-1].benefit_minor if known else claim.benefit_minor)


def decided_by_rules(rows: EpisodeRows, claim: ClaimRow) -> bool:
    """Our rules alone have decided it, and may do so again; a person's word is locked."""
    by_persons = (Cause.APPEAL, Cause.CHANGED_MIND)
    rules = claim.decides == "here" and claim.decided_by != "examiner"
    return rules and not any(
        r.cause in by_persons for r in rows.revisions if r.claim_id == claim.id
    )


def answer_of(claim: ClaimRow, benefit: Money, lines: Iterable[LineDecision]) -> ClaimAnswer:
    """A later decision in the words of a first one."""
    return ClaimAnswer(
        reference=claim.reference,
        state=AnswerState.PARTIAL if benefit.amount_minor else AnswerState.DENIED,
        claim_number=claim.number,
        benefit=benefit,
        lines=[
            LineAnswer(
                line=one.line,
                benefit=one.approved,
                reasons=[] if one.reason is None else [one.reason.value],
            )
            for one in lines
        ],
        disposition="DECIDED_AGAIN",
    )


def with_later(result: AllocationResult, own: FunderTotal) -> AllocationResult:
    """The split with another amount that one insurer owes the patient afterwards."""
    kept = [one for one in result.later if one.organisation != own.organisation]
    before = [one.organisation for one in result.later]
    at = before.index(own.organisation) if own.organisation in before else len(kept)
    later = [*kept[:at], own, *kept[at:]]
    return result.model_copy(
        update={"later_reimbursement": later[0], "further_reimbursements": later[1:]}
    )


def is_decided(claim: ClaimRow) -> bool:
    return claim.state in DECIDED


def summed(lines: Iterable[LineDecision], currency: Currency) -> Money:
    """The benefit of lines that are all in one currency."""
    return total((one.approved for one in lines), currency)
