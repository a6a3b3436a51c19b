"""The step that asks a bank to cancel a payout, and asks again while it is silent."""

from __future__ import annotations

from temporalio import activity

from activities.orders import Subject
from activities.payouts import order_of, told_to_a_person
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.standing import Standing


class RecallSteps:
    """Asking twice does no harm: the bank knows the case by its id."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="recall_payout")
    def recall_payout(self, order: Subject) -> Standing:
        """Only while the rows still say that it is due: a zombie's second run does nothing."""
        with told_to_a_person(self._world, order):
            return self._recall(order)

    def _recall(self, order: Subject) -> Standing:
        reference = order.subject
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            standing = standing_in(tx, self._world, order.episode_id, order.at)
            due = standing.payout is not None and standing.payout.recall_due
            if not due or standing.payout is None or standing.payout.reference != reference:
                return standing
            payout = next(p for p in rows.payouts if p.reference == reference)
            number = (payout.recall_messages or 0) + 1
            asked = order_of(tx, self._world, payout, max(payout.orders, 1), order)
            reason = tx.recall_reason(reference)
            name = self._world.banks[payout.bank].recall(asked, reason, number, order.at)
            tx.add_payout_attempt(order.episode_id, reference, "recall", number, name, order.at)
            tx.release_payout_attempt(reference, "recall", number, order.at)
            state = "sent" if number == 1 else "unknown"
            tx.change_recall(reference, state=state, sent_at=order.at, messages=number)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
