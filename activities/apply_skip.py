"""Applies the proposal to leave out a step, and a second person's word on it."""

from __future__ import annotations

from activities.case import Case, Outcome, refused
from activities.stock import standing_by
from crossclaim.domain.allocation import Fault
from crossclaim.domain.record_standing import DELIVER, FETCH
from crossclaim.domain.repair_submission import SkipDecision, SkipSubmission
from crossclaim.domain.skippable import MAY, due_to_skip, open_to_skip
from crossclaim.domain.step_faults import step_fault

TO_DECIDE = "SKIP_TO_DECIDE"
SKIPPED = "SKIPPED"


def apply_skip(case: Case) -> Outcome:
    """Nothing is left out before another person has agreed."""
    asked = SkipSubmission.model_validate(case.stored.content)
    if faults := _faults(case, asked.step, asked.subject):
        return refused(faults)
    known = (s for s in case.rows.skips if (s.step, s.subject) == (asked.step, asked.subject))
    if any(one.approved is not False for one in known):
        return refused([step_fault("SKIP_PROPOSED_BEFORE", "/step")])
    tx, sender = case.transaction, case.stored.organisation_id
    tx.add_skip(case.episode_id, asked, sender, case.stored.key_id, case.at)
    tx.open_exception(case.episode_id, TO_DECIDE, asked.number, {}, case.at)
    body = {"episode_id": case.episode_id, "skip": asked.number, "status": "proposed"}
    return Outcome(202, body)


def apply_skip_decision(case: Case) -> Outcome:
    """Agreed: the step is looked at once more, since it may have been taken meanwhile."""
    asked = SkipDecision.model_validate(case.stored.content)
    tx, by = case.transaction, case.stored.key_id
    found = tx.skip(case.episode_id, asked.number)
    if found is None:
        return refused([step_fault("SKIP_UNKNOWN", "/number")])
    if found.approved is not None:
        return refused([step_fault("SKIP_DECIDED", "/number")])
    if not by or found.proposed_by == by:
        return refused([step_fault("SKIP_SECOND_PERSON", "/number")])
    if asked.approved and (faults := _faults(case, found.step, found.subject)):
        return refused(faults)
    tx.decide_skip(case.episode_id, asked.number, by, asked.approved, case.at)
    tx.resolve_exceptions(case.episode_id, [TO_DECIDE], case.at, asked.number)
    if asked.approved:
        _leave_out(case, found.step, found.subject)
    status = "skipped" if asked.approved else "refused"
    body = {"episode_id": case.episode_id, "skip": asked.number, "status": status}
    return Outcome(200, body)


def _faults(case: Case, step: str, subject: str) -> list[Fault]:
    if step not in MAY:
        return [step_fault("STEP_NEVER_SKIPPED", "/step")]
    due = due_to_skip(standing_by(case.rows, case.world, case.at))
    if (step, subject) not in open_to_skip(case.rows, due):
        return [step_fault("STEP_NOT_OPEN", "/step")]
    return []


def _leave_out(case: Case, step: str, subject: str) -> None:
    """Of what has a state of its own; the rest is not due any more by the row of its skip."""
    tx = case.transaction
    if step == DELIVER:
        tx.change_record_delivery(subject, state="stopped", reason=SKIPPED, next_try_at=None)
    elif step == FETCH:
        tx.change_record_request(subject, state="stopped", reason=SKIPPED, next_try_at=None)
