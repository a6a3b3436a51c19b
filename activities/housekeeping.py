"""Steps about runs: sending forgotten submissions again, and keeping a finished run's history."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterator

from temporalio import activity

from activities.orders import Subject, Sweep
from activities.world import EpisodeRuns, SubmissionQueue, World
from crossclaim.domain.errors import Unavailable

AT_ONCE = 10
OWED_AT_ONCE = 50
SWEEP_FOR_S = 20.0
"""No further one is begun after it, so that a sweep ends within its step's time limit."""

_log = logging.getLogger("crossclaim.sweep")


class HousekeepingSteps:
    """What keeps the engine's memory and ours together."""

    def __init__(self, world: World) -> None:
        self._world = world

    @activity.defn(name="resend_submissions")
    async def resend_submissions(self, sweep: Sweep) -> int:
        """Hands submissions to their episodes again that have no outcome, or whose run may never
        have learned of it; also the re-drive.

        The number of those that were taken. One that is not taken keeps no other from its turn.
        Then what changed meanwhile is added to the console's sums.
        """
        queue, runs = self._world.queue, self._world.runs
        assert queue is not None and runs is not None, "the records worker has both"
        waiting = iter(await asyncio.to_thread(queue.untaken, sweep.older_than_s))
        until = asyncio.get_running_loop().time() + SWEEP_FOR_S
        taken = await asyncio.gather(
            *(_hand_over(queue, runs, waiting, until) for _ in range(AT_ONCE))
        )
        await self._answer_exchange(runs, sweep)
        await self._tell_exchange(runs)
        if self._world.console_totals is not None:
            await asyncio.to_thread(self._world.console_totals.keep)
            await asyncio.to_thread(self._world.console_totals.keep_days)
        return sum(taken)

    async def _answer_exchange(self, runs: EpisodeRuns, sweep: Sweep) -> None:
        """Requests that came over the exchange and whose answer never began, or died with all."""
        answers = self._world.hcx
        if answers is None:
            return
        for message in await asyncio.to_thread(answers.owed, sweep.older_than_s, OWED_AT_ONCE):
            try:
                await runs.answer_hcx(message)
            except Unavailable:
                return

    async def _tell_exchange(self, runs: EpisodeRuns) -> None:
        """Decisions that their askers wait for, and topics that participants subscribed to."""
        notices = self._world.hcx_notices
        if notices is None:
            return
        await asyncio.to_thread(notices.note_ending_keys)
        for notice in await asyncio.to_thread(notices.waiting, OWED_AT_ONCE):
            try:
                await runs.tell_hcx(notice)
            except Unavailable:
                return

    @activity.defn(name="archive_history")
    async def archive_history(self, order: Subject) -> None:
        """Writes the run's encrypted history to the document store, under the episode's key."""
        runs, documents = self._world.runs, self._world.documents
        assert runs is not None and documents is not None, "the records worker has both"
        content, events = await runs.history(order.episode_id, order.subject)
        key = f"{order.episode_id}/history/{order.subject}.pb"
        await asyncio.to_thread(documents.put, key, content, "application/x-protobuf")
        await asyncio.to_thread(self._note, order, key, content, events)

    def _note(self, order: Subject, key: str, content: bytes, events: int) -> None:
        sha256 = hashlib.sha256(content).hexdigest()
        with self._world.records.transaction() as tx:
            tx.add_archive(order.episode_id, order.subject, key, sha256, events)


async def _hand_over(
    queue: SubmissionQueue, runs: EpisodeRuns, waiting: Iterator[tuple[str, str, str]], until: float
) -> int:
    """Takes from the common stock, one after the other."""
    taken = 0
    loop = asyncio.get_running_loop()
    for episode_id, submission_id, kind in waiting:
        try:
            await runs.resend(episode_id, submission_id, kind)
            await asyncio.to_thread(queue.note_taken, submission_id)
            taken += 1
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others go on
            code = getattr(error, "code", type(error).__name__)
            _log.warning("submission %s was not taken again (%s)", submission_id, code)
        if loop.time() > until:
            break
    return taken
