"""What a withdrawn consent does to each insurer that it cuts off, in its own transaction."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from activities.case import Case
from activities.kept_decisions import WHILE_SUSPENDED
from activities.withdrawal_ends import end_cover
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing_examination import EXAMINATION, PENDED
from crossclaim.domain.stay import REGION_ZONE, local_day
from crossclaim.domain.submission import ConsentSubmission, ConsentType
from crossclaim.domain.withdrawal import (
    WITHDRAWAL_PLAN,
    Branch,
    Withdrawal,
    withdrawal,
)
from crossclaim.domain.withdrawal_effect import Effect, effect_of
from crossclaim.domain.withdrawal_reach import (
    cut_off,
    facts_of,
    newest_claim,
    parts_before,
    reaches,
    was_sent,
)
from crossclaim.domain.withdrawal_rows import ENDED, RESUMED, SUSPENDED, UNCHANGED

_NEEDS_PERSON = "WITHDRAWAL_NEEDS_PERSON"


def stopped(case: Case, submission: ConsentSubmission, after: EpisodeRows) -> list[Effect]:
    """Ends, suspends or leaves the part of every insurer that could be sent to until now.

    ``after``: the rows once the consents are withdrawn; ``case.rows``: as they stood before.
    """
    assert submission.withdrawn is not None
    effects = []
    for insurer in cut_off(case.rows, after):
        found = _judged(case, insurer, submission.withdrawn)
        if found is None or found.faults:
            codes = [one.code for one in found.faults] if found is not None else []
            details = {"code": ",".join(codes)} if codes else {}
            case.transaction.open_exception(
                case.episode_id, _NEEDS_PERSON, insurer, details, case.at
            )
            continue
        before = parts_before(case.rows, insurer)
        _carry_out(case, submission, insurer, found)
        effects.append(effect_of(insurer, before, found))
    return effects


def _judged(case: Case, insurer: str, consent: ConsentType) -> Withdrawal | None:
    """None: no plan says what a withdrawal does."""
    plan = case.world.plans.find(WITHDRAWAL_PLAN)
    if plan is None:
        return None
    sends = case.transaction.sends_on_consent(case.episode_id, insurer)
    facts = facts_of(case.rows, insurer, consent, case.at, case.at, sends)
    return withdrawal(facts, plan.on(local_day(case.at)))


def _carry_out(case: Case, submission: ConsentSubmission, insurer: str, found: Withdrawal) -> None:
    claim = newest_claim(case.rows, insurer)
    own = [w for w in case.rows.withdrawals if w.organisation_id == insurer]
    sequence = len(own) + 1
    state = {Branch.BEFORE_CLAIM: ENDED, Branch.BEFORE_DECISION: SUSPENDED}
    assert found.branch is not None and submission.withdrawn is not None
    held = claim if found.branch is Branch.BEFORE_DECISION else None
    case.transaction.add_withdrawal(
        f"{case.derived_id('wd')}-{insurer}",
        case.episode_id,
        insurer,
        claim_id=held.id if held is not None else None,
        sequence=sequence,
        consent=submission.withdrawn.value,
        branch=found.branch.value,
        state=state.get(found.branch, UNCHANGED),
        claim_state=held.state if held is not None else "",
        withdrawn_at=case.at,
        stated_at=submission.stated_at,
        suspended_until=_first_after(found.suspended_through),
        **figures(found, case.at),
    )
    if held is not None:
        case.transaction.change_claim(held.id, state="suspended")
    _stop_papers(case, insurer, held)
    if found.branch is Branch.BEFORE_CLAIM:
        rows = case.transaction.rows(case.episode_id)
        end_cover(case.transaction, case.world, rows, insurer, found, case.at)


def _stop_papers(case: Case, insurer: str, held: ClaimRow | None) -> None:
    """What the patient asked back and nobody has seen is not sent."""
    for claim in case.rows.claims:
        due = claim.kind == "reimbursement" and claim.organisation_id == insurer
        stopped = claim.state in ("due", PENDED, "failed") and not was_sent(claim)
        if due and stopped and claim != held:
            case.transaction.change_claim(claim.id, state="voided")
            case.transaction.resolve_exceptions(
                case.episode_id, EXAMINATION, case.at, claim.reference
            )


def _first_after(last_day: date | None) -> datetime | None:
    """The first moment after a day in the region."""
    if last_day is None:
        return None
    return datetime.combine(last_day + timedelta(days=1), time(), REGION_ZONE).astimezone(UTC)


def figures(found: Withdrawal, at: datetime) -> dict[str, object]:
    """What the row says of the money, and until when the hospital keeps what was sent."""
    kept = found.retention_years
    day = local_day(at)
    return {
        "insurer_minor": found.insurer.amount_minor,
        "pending_minor": found.pending.amount_minor,
        "patient_minor": found.patient.amount_minor,
        "retained_until": None if kept is None else _years_after(day, kept),
        "changed_at": at,
    }


def _years_after(day: date, years: int) -> date:
    """29 February is followed by 1 March of a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def resumed(case: Case, after: EpisodeRows) -> list[str]:
    """Insurers whose suspended claim goes on, because every consent is in force again in time."""
    found = []
    for one in after.withdrawals:
        until = one.suspended_until
        waits = one.state == SUSPENDED and until is not None and case.at < until
        if not waits or not reaches(after.consents, one.organisation_id):
            continue
        assert one.claim_id is not None, "a suspension is about a claim"
        claim = after.claim(one.claim_id)
        # What became of the claim meanwhile is asked for under the same reference.
        state = "failed" if one.claim_state == "failed" else "submitted"
        tx = case.transaction
        tx.change_withdrawal(one.id, state=RESUMED, changed_at=case.at)
        tx.change_claim(claim.id, state=state)
        tx.resolve_exceptions(case.episode_id, [WHILE_SUSPENDED], case.at, claim.reference)
        found.append(one.organisation_id)
    return found


def still_ended(after: EpisodeRows, before: EpisodeRows) -> list[str]:
    """Insurers that could be sent to again, but whose part of the episode was ended for good."""
    return sorted(
        insurer
        for insurer in after.ended_covers()
        if reaches(after.consents, insurer) and not reaches(before.consents, insurer)
    )
