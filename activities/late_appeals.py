"""The step that tells a person of an appeal whose reviewer is late."""

from __future__ import annotations

from temporalio import activity

from activities.orders import Subject
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.appeal_clock import BREACH
from crossclaim.domain.standing import Standing


class AppealSteps:
    """An alert, while the appeal goes on."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="note_late_appeal")
    def note_late_appeal(self, order: Subject) -> Standing:
        """Only while the rows still say that nobody was told: a second run does nothing."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            standing = standing_in(tx, self._world, order.episode_id, order.at)
            if standing.appeal is None or standing.appeal.breach_due != order.subject:
                return standing
            late = next(a for a in rows.appeals if a.id == order.subject)
            reference = rows.claim(late.claim_id).reference
            tx.open_exception(order.episode_id, BREACH, reference, {}, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
