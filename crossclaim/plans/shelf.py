"""The rule files in force in a running process: those of the program, and what was activated since.

A file that cannot be used never takes the place of one that can: the running version stays.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.plans.fault import PlanInvalid
from crossclaim.plans.loader import read_stored

LOOK_EVERY_S = 5.0
_log = logging.getLogger("crossclaim.plans")


class Activated(Protocol):
    """One activation: the plan's id and its rule file, None for that of the program."""

    @property
    def plan_id(self) -> str: ...
    @property
    def content(self) -> str | None: ...


class Activations(Protocol):
    """Where activations stand."""

    def mark(self) -> int: ...
    def newest(self) -> Sequence[Activated]: ...


class PlanShelf:
    """Looks for new activations every five seconds, and only when somebody asks for the plans."""

    def __init__(
        self,
        shipped: PlanSet,
        activations: Activations,
        *,
        demonstration: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shipped = shipped
        self._activations = activations
        self._demonstration = demonstration
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._mark = 0
        self._plans = shipped

    def plans(self) -> PlanSet:
        """What a rule is read from now. Raises ``Unavailable`` when the database is gone."""
        if self._clock() - self._looked_at < LOOK_EVERY_S:
            return self._plans
        # Whoever asks while another looks goes on with what is known: he may hold the very
        # connection that the other waits for. Only the first look is waited for.
        if not self._lock.acquire(blocking=self._looked_at == float("-inf")):
            return self._plans
        try:
            if self._clock() - self._looked_at >= LOOK_EVERY_S:
                self._look()
                self._looked_at = self._clock()
        finally:
            self._lock.release()
        return self._plans

    def _look(self) -> None:
        mark = self._activations.mark()
        if mark == self._mark:
            return
        changed = [plan for one in self._activations.newest() if (plan := self._read(one))]
        self._plans, self._mark = self._shipped.replacing(changed), mark

    def _read(self, activated: Activated) -> Plan | None:
        """The activated plan; the running one when this program cannot use it."""
        if activated.content is None:
            return self._shipped.find(activated.plan_id)
        try:
            return read_stored(
                activated.content, f"{activated.plan_id}.yaml", demonstration=self._demonstration
            )
        except PlanInvalid as invalid:
            why = str(invalid.faults[0])
        except Exception as error:  # noqa: BLE001 - whatever a file does, every other plan goes on
            why = type(error).__name__
        _log.error(
            "the activated plan %s cannot be used, the running version stays: %s",
            activated.plan_id,
            why,
        )
        return self._plans.find(activated.plan_id)
