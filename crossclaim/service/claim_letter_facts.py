"""Reads what a letter about one version of a claim's decision says, as it stood then."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.appeal import APPEAL_PLAN, Cause, RevisionRow, SealedWord, levels, lodge_by
from crossclaim.domain.claim_letter import (
    ClaimLetter,
    LetterAppeal,
    billed_of,
    letter_lines,
    reasons_why,
)
from crossclaim.domain.errors import NotFound
from crossclaim.domain.money import fen
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.party import ClaimAnswer
from crossclaim.domain.plan import PlanSet, RuleMissing
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import answer_of, is_decided, revisions
from crossclaim.domain.reference import Names, Reference
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission
from crossclaim.security.keyring import Keyring
from crossclaim.store.connection import Connection

_FIRST = """
select c.decision, e.sealed as episode, b.sealed as bill, a.result
from claim c join episode e on e.id = c.episode_id join bill b on b.id = c.bill_id
join lateral (select result from allocation a where a.bill_id = c.bill_id
    and a.occurred_at <= c.decided_at order by a.version desc limit 1) a on true
where c.id = %(claim)s
"""
_LATER = """
select r.sealed, a.result from claim_revision r
join claim c on c.id = r.claim_id
join allocation a on a.bill_id = c.bill_id and a.version = r.allocation_version
where r.claim_id = %(claim)s and r.version = %(version)s
"""


def letter_of(
    connection: Connection,
    keyring: Keyring,
    plans: PlanSet,
    reference: Reference,
    rows: EpisodeRows,
    claim: ClaimRow,
    version: int | None,
) -> ClaimLetter:
    """The newest version unless one is named. Raises ``NotFound`` where nothing is decided."""
    first = connection.execute(_FIRST, {"claim": claim.id}).one_or_none()
    if first is None or claim.decided_at is None or not is_decided(claim):
        raise NotFound("nothing is decided on this claim")
    later = revisions(rows, claim.id)
    wanted = version or (later[-1].version if later else 1)
    known = next((one for one in later if one.version == wanted), None)
    if wanted != 1 and known is None:
        raise NotFound("there is no such version of the decision")
    episode_id, insurer = rows.episode.id, claim.organisation_id or ""
    bill = BillSubmission.model_validate_json(
        keyring.decrypt(episode_id, bytes(first.bill), "bill")
    )
    content = EpisodeSubmission.model_validate_json(
        keyring.decrypt(episode_id, bytes(first.episode), "episode")
    )
    answer, note = ClaimAnswer.model_validate(first.decision), ""
    result = AllocationResult.model_validate(first.result)
    if known is not None:
        row = connection.execute(_LATER, {"claim": claim.id, "version": wanted}).one()
        plain = keyring.decrypt(episode_id, bytes(row.sealed), "appeal")
        word = SealedWord.model_validate_json(plain)
        note = word.reason
        answer = answer_of(claim, claim.counted(known.benefit_minor), word.lines)
        result = AllocationResult.model_validate(row.result)
    lines = letter_lines(medical_part(bill), result, insurer, answer)
    coverage, name = rows.insured_with(insurer), content.patient.name
    rate = result.rate_of(insurer)
    return ClaimLetter(
        version=wanted,
        cause="" if known is None else known.cause.value,
        state=_state(answer, known),
        reference=claim.reference,
        claim_number=claim.number,
        insurer=_named(reference, insurer, of_insurer=True),
        hospital=_named(reference, rows.episode.hospital_id, of_insurer=False),
        patient=" ".join(part for part in (name.zh, name.en) if part),
        bill_number=bill.number,
        bill_version=bill.version,
        decided_at=claim.decided_at if known is None else known.decided_at,
        billed=billed_of(lines),
        benefit=answer.benefit or claim.counted(0),
        paid=fen(known.pay_fen if known else _first_pay(claim, result, answer)),
        change=None if known is None else fen(known.change_fen),
        rate=f"{rate.cny_per_hkd:.4f} CNY/{rate.currency.value}" if rate else "",
        note=note,
        lines=lines,
        why=reasons_why(result, insurer, (coverage.plan if coverage else None) or ""),
        appeal=_appeal(plans, rows, claim, known),
    )


def _state(answer: ClaimAnswer, known: RevisionRow | None) -> str:
    stands = known is not None and known.cause is Cause.APPEAL and known.upheld
    return "upheld" if stands else answer.state.value


def _first_pay(claim: ClaimRow, result: AllocationResult, answer: ClaimAnswer) -> int:
    """By the split as it was decided: a payout's own rate may have moved the claim's since. Where a
    person decided papers otherwise than the rules, at the bill's rate."""
    insurer, rate = claim.organisation_id, result.rate_of(claim.organisation_id)
    if claim.kind == "direct":
        part = result.insurer(insurer)
        return part.amount.amount_minor if part is not None else 0
    later = result.later_of(insurer)
    if later is not None and later.in_funder_currency == answer.benefit:
        return later.amount.amount_minor
    if rate is None or answer.benefit is None:
        return 0
    return min(rate.to_fen(answer.benefit), result.total).amount_minor


def _named(reference: Reference, organisation: str, *, of_insurer: bool) -> Names:
    known = reference.insurer(organisation) if of_insurer else None
    hospital = None if of_insurer else reference.hospital(organisation)
    found = known or hospital
    if found is not None:
        return found.name
    return Names(en=organisation, zh_hant=organisation, zh_hans=organisation)


def _appeal(
    plans: PlanSet, rows: EpisodeRows, claim: ClaimRow, known: RevisionRow | None
) -> LetterAppeal | None:
    """The level that this very decision can be appealed at, by the rules of its own day."""
    decided_at: datetime | None = known.decided_at if known else claim.decided_at
    plan = plans.find(APPEAL_PLAN)
    if claim.decides != "here" or plan is None or decided_at is None:
        return None
    before = [
        a.level
        for a in rows.appeals
        if a.claim_id == claim.id and a.decided_at is not None and a.decided_at <= decided_at
    ]
    level = max(before, default=0) + 1
    try:
        rules = plan.on(local_day(decided_at))
        if level > levels(rules):
            return None
        return LetterAppeal(level=level, until=lodge_by(rules, level, decided_at))
    except RuleMissing:
        return None
