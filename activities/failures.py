"""The step about steps that cannot be taken: it makes sure that a person hears of them."""

from __future__ import annotations

from temporalio import activity

from activities.orders import Subject
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.standing import Standing


class FailureSteps:
    """A run outlives a step that failed for good; what failed stands in an exception."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="note_failed_step")
    def note_failed_step(self, order: Subject) -> Standing:
        """Opens ``STEP_FAILED`` about the step named in ``subject``."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            if rows is None:
                return Standing()
            details = {"step": order.subject}
            tx.open_exception(order.episode_id, "STEP_FAILED", order.subject, details, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
