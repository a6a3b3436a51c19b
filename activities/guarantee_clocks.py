"""Steps that time asks for: a letter's last day is over, or a person's hour to answer."""

from __future__ import annotations

from temporalio import activity

from activities.guarantee_books import end
from activities.orders import Subject
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.guarantee_rows import AT_DESK
from crossclaim.domain.guarantee_standing import LATE, expires_at
from crossclaim.domain.standing import STAYS, Standing
from crossclaim.domain.stay import local_day


class GuaranteeClocks:
    """Both look again under the episode's lock: a bill or an answer may have been quicker."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="expire_guarantee")
    def expire_guarantee(self, order: Subject) -> Standing:
        """What no bill uses is free again. For a stay in which the patient is and of which no
        bill has told yet, the letter waits for that bill: it covers the days until its last."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            letter = rows.letter(order.subject)
            over = expires_at(letter)
            if over is not None and over <= order.at:
                admitted, last_day = rows.episode.admitted_at, letter.valid_until
                begun = (
                    rows.episode.encounter_class in STAYS
                    and admitted is not None
                    and last_day is not None
                    and local_day(admitted) <= last_day
                )
                end(tx, rows, letter, "expired", order.at, care_given=begun)
                tx.open_exception(
                    order.episode_id, "GUARANTEE_EXPIRED", letter.reference, {}, order.at
                )
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="note_late_guarantee")
    def note_late_guarantee(self, order: Subject) -> Standing:
        """The hour of the insurer's person is over: an alert, while the question stays open."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            request = next(r for r in rows.guarantee_requests if r.id == order.subject)
            told = any((x.code, x.reference) == (LATE, request.reference) for x in rows.exceptions)
            due = request.due_at
            if request.state == AT_DESK and due is not None and due < order.at and not told:
                details = {"code": ",".join(request.reasons)}
                tx.open_exception(order.episode_id, LATE, request.reference, details, order.at)
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)
