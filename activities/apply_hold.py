"""Applies a hold of an episode, its release, and its end in time."""

from __future__ import annotations

from temporalio import activity

from activities.case import Case, Outcome, refused
from activities.orders import Subject
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.repair_submission import HoldSubmission, ReleaseSubmission
from crossclaim.domain.standing import Standing
from crossclaim.domain.step_faults import step_fault

OVERDUE = "HOLD_OVERDUE"


def apply_hold(case: Case) -> Outcome:
    """From its commit on no attempt row is written but those that a hold lets go on."""
    asked = HoldSubmission.model_validate(case.stored.content)
    rows = case.rows
    if rows.episode.closed_at is not None:
        return refused([step_fault("EPISODE_CLOSED", "")])
    if rows.hold is not None:
        return refused([step_fault("EPISODE_HELD", "", who=rows.hold.organisation_id)])
    if asked.until is not None and asked.until <= case.at:
        return refused([step_fault("HOLD_ENDS_BEFORE", "/until")])
    sender = case.stored.organisation_id
    case.transaction.add_hold(case.episode_id, asked, sender, case.stored.key_id, case.at)
    body = {"episode_id": case.episode_id, "hold": asked.number, "status": "held"}
    return Outcome(200, body)


def apply_release(case: Case) -> Outcome:
    """A hospital lets go on what it has held itself; staff of the platform, every hold."""
    asked = ReleaseSubmission.model_validate(case.stored.content)
    hold, sender = case.rows.hold, case.stored.organisation_id
    if hold is None or hold.number != asked.hold:
        return refused([step_fault("HOLD_UNKNOWN", "/hold")])
    if hold.organisation_id != sender and sender == case.rows.episode.hospital_id:
        return refused([step_fault("HOLD_OF_ANOTHER", "/hold", who=hold.organisation_id)])
    tx = case.transaction
    tx.release_hold(case.episode_id, hold.number, sender, case.stored.key_id, case.at)
    tx.resolve_exceptions(case.episode_id, [OVERDUE], case.at, hold.number)
    body = {"episode_id": case.episode_id, "hold": hold.number, "status": "released"}
    return Outcome(200, body)


class HoldSteps:
    """The step that a hold's own time asks for."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="end_hold")
    def end_hold(self, order: Subject) -> Standing:
        """Released, or somebody is reminded, as was ordered with the hold."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            hold = rows.hold
            due = hold is not None and hold.number == order.subject and hold.until is not None
            if hold is None or not due or hold.until is None or order.at < hold.until:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if hold.at_end == "release":
                tx.release_hold(order.episode_id, hold.number, "", "", order.at)
            elif hold.reminded_at is None:
                tx.note_reminded(order.episode_id, hold.number, order.at)
                tx.open_exception(order.episode_id, OVERDUE, hold.number, {}, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
