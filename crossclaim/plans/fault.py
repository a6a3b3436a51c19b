"""What is wrong with a rule file: file, line, key, reason and what is allowed, all at once."""

from __future__ import annotations

from collections.abc import Sequence

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.errors import CrossclaimError


class PlanFault(Frozen):
    """One thing wrong in one file. ``line`` counts from 1."""

    file: str
    line: int
    key: str
    reason: str
    allowed: str = ""

    def __str__(self) -> str:
        allowed = f"; allowed: {self.allowed}" if self.allowed else ""
        return f"{self.file}:{self.line}: {self.key or '(file)'}: {self.reason}{allowed}"


class PlanInvalid(CrossclaimError):
    """A rule file is refused; the plans that were active stay so."""

    status = 422
    code = "PLAN_INVALID"

    def __init__(self, faults: Sequence[PlanFault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = list(faults)


MOST = 200
"""Faults of one file that are told at once; nobody reads more, and a page of them is no page."""


def add(faults: list[PlanFault], fault: PlanFault) -> None:
    """Raises ``PlanInvalid`` with what is there once it is too much to go on."""
    faults.append(fault)
    if len(faults) == MOST:
        reason = f"these are the first {MOST} faults; put them right and ask again"
        last = PlanFault(file=fault.file, line=fault.line, key="", reason=reason)
        raise PlanInvalid([*sorted(faults, key=lambda one: (one.line, one.key)), last])
