"""Health records: asked for and handed in beside the money, which never waits for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.record_standing import GIVE_UP, RecordStanding
    from crossclaim.domain.standing import Standing
    from workflows.policies import EHEALTH, FAILED_STEP_PATIENCE
    from workflows.steps import Steps


class RecordStory:
    """Takes one step after the other, as the standing says; sleeps while nothing is due."""

    def __init__(self, steps: Steps, standing: Callable[[], Standing]) -> None:
        self._steps = steps
        self._standing = standing
        self.at_work = False

    async def keep_up(self) -> None:
        """Runs for as long as the episode's run does; no failed step ends it."""
        while True:
            try:
                due = await self._due()
                self.at_work = True
                await self._take(due)
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                await self._give_it_time(error.activity_type)
            finally:
                self.at_work = False

    async def _give_it_time(self, step: str) -> None:
        """A person hears of the step; it is tried again on news, or when patience ends."""
        workflow.logger.warning("a step about records failed for good: %s", step)
        try:
            await self._steps.own("note_failed_step", step)
            await self._news(self._standing(), FAILED_STEP_PATIENCE)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            # Not even our own rows answer: the pause alone keeps this from turning round and round.
            await workflow.sleep(FAILED_STEP_PATIENCE)

    async def _take(self, due: RecordStanding) -> None:
        if due.step == GIVE_UP:
            await self._steps.own(due.step, due.subject)
        else:
            await self._steps.outside(due.step, EHEALTH, due.subject)

    async def _due(self) -> RecordStanding:
        while True:
            known = self._standing()
            if known.records is not None and known.records.step:
                return known.records
            again = known.records.look_again_at if known.records is not None else None
            wait = None if again is None else max(again - workflow.now(), timedelta(0))
            await self._news(known, wait)

    async def _news(self, known: Standing, wait: timedelta | None) -> None:
        """Until the standing is another one; when the wait ends first, stock is taken."""
        try:
            await workflow.wait_condition(lambda: self._standing() is not known, timeout=wait)
        except TimeoutError:
            await self._steps.own("take_stock")
