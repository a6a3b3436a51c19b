"""A part of an episode's story that runs beside the rest: step after step, as the standing says."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from temporalio import workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.standing import Standing
    from workflows.policies import FAILED_STEP_PATIENCE
    from workflows.repair_messages import was_held
    from workflows.steps import Steps


class Due(Protocol):
    """``step`` about ``subject`` is due now, or nothing before ``look_again_at``."""

    @property
    def step(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def look_again_at(self) -> datetime | None: ...


class Beside(ABC):
    """Takes one step after the other; sleeps while nothing is due."""

    def __init__(self, steps: Steps, standing: Callable[[], Standing]) -> None:
        self._steps = steps
        self._standing = standing
        self.at_work = False

    @abstractmethod
    def part_of(self, standing: Standing) -> Due | None:
        """What of the standing is this story's."""

    @abstractmethod
    async def take(self, due: Due) -> None:
        """Takes the step that is due."""

    async def keep_up(self) -> None:
        """Runs for as long as the episode's run does; no failed step ends it."""
        while True:
            try:
                due = await self._due()
                unheld, self.at_work = self._standing().repair is None, True
                await self.take(due)
            except ActivityError as error:
                if is_cancelled_exception(error):
                    raise
                await self._after(error, unheld and was_held(error))
            finally:
                self.at_work = False

    async def _after(self, error: ActivityError, held: bool) -> None:
        """Of an episode that was held meanwhile no step failed: what is due is looked at anew."""
        if held:
            with contextlib.suppress(ActivityError):
                await self._steps.own("take_stock")
        else:
            await self._give_it_time(error.activity_type)

    async def _give_it_time(self, step: str) -> None:
        """A person hears of the step; it is tried again on news, or when patience ends."""
        workflow.logger.warning("a step beside the rest failed for good: %s", step)
        try:
            await self._steps.own("note_failed_step", step)
            await self._news(self._standing(), FAILED_STEP_PATIENCE)
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise
            # Not even our own rows answer: the pause alone keeps this from turning round and round.
            await workflow.sleep(FAILED_STEP_PATIENCE)

    async def _due(self) -> Due:
        while True:
            known = self._standing()
            part = self.part_of(known)
            if part is not None and part.step:
                return part
            again = None if part is None else part.look_again_at
            wait = None if again is None else max(again - workflow.now(), timedelta(0))
            await self._news(known, wait)

    async def _news(self, known: Standing, wait: timedelta | None) -> None:
        """Until the standing is another one; when the wait ends first, stock is taken."""
        try:
            await workflow.wait_condition(lambda: self._standing() is not known, timeout=wait)
        except TimeoutError:
            await self._steps.own("take_stock")
