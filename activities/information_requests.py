"""The step about information requests: reminds, tells a person, or ends what a decision ended."""

from __future__ import annotations

from datetime import datetime

from temporalio import activity

from activities.apply_information import close_request
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.information_about import still_awaited
from crossclaim.domain.information_request import OVERDUE
from crossclaim.domain.information_rows import ENDED, OPEN, InformationRequestRow
from crossclaim.domain.standing import Standing


class InformationSteps:
    """Nothing is ever denied here: an overdue document is a person's question."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="follow_information_request")
    def follow_information_request(self, order: Subject) -> Standing:
        """Does what is due of one request at ``order.at``; run again, it finds it done."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            known = (r for r in rows.information_requests if r.id == order.subject)
            request = next((r for r in known if r.state == OPEN), None)
            if request is not None and _followed(
                tx, order, request, awaited=still_awaited(rows, request)
            ):
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)


def _followed(
    tx: EpisodeTransaction, order: Subject, request: InformationRequestRow, *, awaited: bool
) -> bool:
    """Whether something was due."""
    if not awaited:
        close_request(tx, order.episode_id, request, ENDED, order.at)
        return True
    passed = _passed(request, order.at)
    overdue = request.overdue_at is None and order.at >= request.due_at
    if overdue:
        # What it was to be reminded of before is no news any more.
        tx.change_information_request(
            request.id, reminded=len(request.remind_at), overdue_at=order.at
        )
        tx.note_information(order.episode_id, request.id, "overdue", order.at, request.due_at)
        details = {"asked_of": request.asked_of}
        tx.open_exception(order.episode_id, OVERDUE, request.id, details, order.at)
    elif passed > request.reminded:
        tx.change_information_request(request.id, reminded=passed)
        tx.note_information(order.episode_id, request.id, "reminded", order.at, request.due_at)
    return overdue or passed > request.reminded


def _passed(request: InformationRequestRow, at: datetime) -> int:
    """How many of the reminders' times have come."""
    return sum(1 for moment in request.remind_at if moment <= at)
