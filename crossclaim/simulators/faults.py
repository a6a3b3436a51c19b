"""The fault script: which requests a party shall spoil, how, and how often."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crossclaim.simulators.state import State


class Fault(BaseModel):
    """One line of the script. Further members (``reason``, ``line``) are its details."""

    model_config = ConfigDict(extra="allow")

    match: dict[str, str | int | float] = Field(default_factory=dict)
    fault: str
    times: int = 1
    """-1 is for ever."""
    share: float = Field(default=1.0, gt=0, le=1)
    """Below 1: strikes this part of what ``by`` names, each at its first request that fits."""
    by: str = "reference"
    seed: int = 0
    """Which ones those are: the same for the same seed, in whatever order they come."""
    delay_s: float = 0.0

    def detail(self, name: str, default: Any = None) -> Any:
        return (self.model_extra or {}).get(name, default)

    def fits(self, request: Mapping[str, str]) -> bool:
        """``reference`` compares as a prefix, ``amount`` as a number, all others as text."""
        fits = self.times != 0 and all(
            name in request and _same(name, str(wanted), request[name])
            for name, wanted in self.match.items()
        )
        return fits and (self.share == 1 or self._drawn(request.get(self.by, "")))

    def _drawn(self, found: str) -> bool:
        named = f"{self.seed}|{self.fault}|{found}".encode()
        drawn = int.from_bytes(hashlib.sha256(named).digest()[:8], "big") / 2**64
        return bool(found) and drawn < self.share


def _same(name: str, wanted: str, found: str) -> bool:
    if name == "reference":
        return found.startswith(wanted)
    if name == "amount":
        try:
            return Decimal(wanted) == Decimal(found)
        except InvalidOperation:
            return False
    return wanted == found


class FaultScript:
    """Kept in the state file together with how often each line may still strike."""

    def __init__(self, state: State, known: frozenset[str]) -> None:
        self._state = state
        self.known = known
        self.reload()

    def reload(self) -> None:
        self._faults = [Fault.model_validate(fault) for fault in self._state.recall("faults") or []]

    def replace(self, faults: list[Fault]) -> None:
        """Raises ``ValueError`` for a fault that this party does not know."""
        self._check(faults)
        self._faults = list(faults)
        self._save()

    def add(self, faults: list[Fault]) -> None:
        """Behind those that are there, so that several demonstrations share one party."""
        self._check(faults)
        self._faults += faults
        self._save()

    def end(self, match: dict[str, str | int | float]) -> None:
        """Takes away every line that matches on exactly these members."""
        self._faults = [fault for fault in self._faults if fault.match != match]
        self._save()

    def _check(self, faults: list[Fault]) -> None:
        for fault in faults:
            if fault.fault not in self.known:
                raise ValueError(f"unknown fault {fault.fault!r}; known: {sorted(self.known)}")

    def script(self) -> list[dict[str, Any]]:
        return [fault.model_dump() for fault in self._faults]

    def take_all(self, *needed: str, **request: str) -> list[Fault]:
        """Every line that fits the request and matches on the ``needed`` members at least.

        Each of them has struck once more.
        """
        fitting = (f for f in self._faults if f.fits(request) and set(needed) <= f.match.keys())
        return [fault for fault in fitting if self._strikes(fault, request)]

    def take(self, **request: str) -> Fault | None:
        """The first line that fits; only this one has struck."""
        fitting = (fault for fault in self._faults if fault.fits(request))
        return next((fault for fault in fitting if self._strikes(fault, request)), None)

    def _strikes(self, fault: Fault, request: Mapping[str, str]) -> bool:
        """Counts it; False when a line for a share has struck this one before."""
        if fault.share < 1:
            return self._first_time(f"{fault.fault}|{fault.match}|{request[fault.by]}")
        if fault.times > 0:
            fault.times -= 1
            self._save()
        return True

    def _first_time(self, name: str) -> bool:
        key = f"fault-struck:{name}"
        if self._state.recall(key):
            return False
        self._state.remember(key, True)
        return True

    def take_named(self, names: frozenset[str], **request: str) -> Fault | None:
        """The first line with one of these faults that fits; only this one has struck."""
        fitting = (f for f in self._faults if f.fault in names and f.fits(request))
        return next((fault for fault in fitting if self._strikes(fault, request)), None)

    def _save(self) -> None:
        self._state.remember("faults", self.script())
