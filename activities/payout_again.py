"""The step that sends a payout again which the bank refused for a passing reason."""

from __future__ import annotations

from temporalio import activity

from activities.apply_payee import PUT_RIGHT
from activities.orders import Subject
from activities.payout_intent import next_intent
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.standing import Standing


class PayoutAgainSteps:
    """The same amount to the same account, under a reference that names the refused one."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="repeat_payout")
    def repeat_payout(self, order: Subject) -> Standing:
        """Only while the rows still say that it is due: a second run of this step does nothing."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            standing = standing_in(tx, self._world, order.episode_id, order.at)
            if standing.payout_again_due != order.subject:
                return standing
            refused = next(p for p in rows.payouts if p.reference == order.subject)
            creditor = tx.payee(refused.reference)
            next_intent(tx, self._world, rows, refused, creditor, order.at)
            tx.resolve_exceptions(order.episode_id, PUT_RIGHT, order.at, refused.reference)
            tx.change_episode(order.episode_id, closed_at=None, status="open")
            return standing_in(tx, self._world, order.episode_id, order.at)
