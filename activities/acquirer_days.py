"""Compares a day of payments and refunds with the acquirer's statement of it."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.acquirer_port import Acquirer
from activities.orders import Compared, Comparison
from activities.records import EpisodeTransaction
from activities.tender_books import record_second_payment
from activities.world import World
from crossclaim.domain.acquirer import AnswerNotBelieved, StatementKind
from crossclaim.domain.acquirer_day import (
    DayDifference,
    DayHeld,
    day_differences,
    day_held,
)
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.errors import CrossclaimError, Final, OutcomeUnknown, Retryable


class ComparedDay(Frozen):
    """One hospital's day, and what differed in it."""

    held: DayHeld
    differences: list[DayDifference] = []

    @property
    def equal(self) -> bool:
        return not self.differences


class AcquirerDaySteps:
    """Asking moves nothing. What was paid twice goes back; all else a person looks at."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _acquirer(self) -> Acquirer:
        if self._world.acquirer is None:
            raise CrossclaimError("no acquirer is configured", code="ACQUIRER_NOT_CONNECTED")
        return self._world.acquirer

    @activity.defn(name="compare_acquirer_day")
    async def compare_acquirer_day(self, order: Comparison) -> Compared:
        """The first of the order's days; episodes that are over hear of what is to go back."""
        compared = await asyncio.to_thread(self.compare_all, order)
        for episode in await asyncio.to_thread(self._to_be_woken):
            if self._world.runs is not None:
                await self._world.runs.announce_tender(episode)
        return compared

    def _to_be_woken(self) -> list[str]:
        with self._world.records.transaction() as tx:
            return tx.second_payments_due()

    def compare_all(self, order: Comparison) -> Compared:
        """Of one hospital, or of every merchant when none is named. One whose statement cannot be
        had, or believed, keeps nobody else waiting; tried again, it alone is asked for."""
        hospitals = [order.hospital] if order.hospital else self._acquirer().hospitals
        known, stopped = self._compared(order), None
        for hospital in (h for h in hospitals if h not in known):
            try:
                self.compare(hospital, order.begins, order.at)
            except (Retryable, OutcomeUnknown, Final, AnswerNotBelieved) as error:
                stopped = stopped or error
        if stopped is not None:
            raise ApplicationError(stopped.detail, type=stopped.code) from None
        found = [one for hospital, one in self._compared(order).items() if hospital in hospitals]
        return Compared(
            sums=len(found),
            unequal=sum(differences > 0 for differences in found),
            differences=sum(found),
        )

    def _compared(self, order: Comparison) -> dict[str, int]:
        with self._world.records.transaction() as tx:
            return tx.acquirer_days_noted(order.begins, order.at)

    def compare(self, hospital: str, day: date, at: datetime) -> ComparedDay:
        """The result stays in our rows; a difference about an episode of ours is told there."""
        stated = self._acquirer().statement(hospital, day)
        with self._world.records.transaction() as tx:
            ours = tx.acquired(hospital, day)
            known = {(m.kind, m.reference) for m in ours}
            # What is not among the day's may be ours all the same, and not known to be paid.
            for line in stated.lines:
                if (line.kind, line.reference) not in known:
                    known.add((line.kind, line.reference))
                    other = tx.our_movement(hospital, line.reference)
                    ours += [] if other is None else [other]
        done = [movement for movement in ours if movement.done]
        held = day_held(hospital, day, done)
        found = ComparedDay(held=held, differences=day_differences(ours, stated.lines))
        self._note(found, at)
        return found

    def _note(self, compared: ComparedDay, at: datetime) -> None:
        held = compared.held
        with self._world.records.transaction() as tx:
            number = tx.note_acquirer_day(held, compared.equal, at)
            # Episodes are locked in one order, so that two comparisons never wait in a circle.
            for found in sorted(compared.differences, key=_episode):
                tx.note_acquirer_difference(number, held.hospital, found)
                if found.ours is not None:
                    self._tell(tx, found, at)

    def _tell(self, tx: EpisodeTransaction, found: DayDifference, at: datetime) -> None:
        assert found.ours is not None, "it is about an episode of ours"
        episode = found.ours.episode_id
        rows = tx.lock(episode)
        assert rows is not None, "a payment has an episode"
        details: dict[str, str] = {"code": found.kind}
        tx.open_exception(episode, "ACQUIRER_DAY_DIFFERS", found.reference, details, at)
        payment = rows.payment(found.reference)
        twice = found.kind == "PAID_TWICE" and found.movement is StatementKind.PAYMENT
        if twice and payment is not None and found.their_minor is not None:
            paid_at = found.their_at or at
            record_second_payment(tx, rows, payment, (found.number, found.their_minor, paid_at), at)
            tx.change_episode(episode, closed_at=None, status="open")
        else:
            tx.change_episode(episode)


def _episode(found: DayDifference) -> tuple[str, str, str]:
    return (found.ours.episode_id if found.ours else "", found.reference, found.number)
