"""What the page of operations needs of the house; what could not be read is said, never guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crossclaim.domain.operations import (
    AuditSeen,
    EngineSeen,
    FolderSeen,
    LineSeen,
    OperationLimits,
    PartyCalls,
    QueueSeen,
    RoomSeen,
    ScheduleSeen,
    StepLatency,
)
from crossclaim.security.roles import Principal


@dataclass(frozen=True)
class OperationsSeen:
    """``None``: that part does not answer now."""

    at: datetime
    limits: OperationLimits
    queues: list[QueueSeen] | None
    schedules: list[ScheduleSeen] | None
    parties: list[PartyCalls] | None
    steps: list[StepLatency] | None
    lines: list[LineSeen] | None
    audit: AuditSeen | None
    folders: list[FolderSeen]
    room: RoomSeen
    engine: EngineSeen | None = None
    versions: dict[str, str] = field(default_factory=dict)


class OperationsDesk(Protocol):
    """For people of the platform itself; each call raises ``NotAllowed`` for others."""

    async def seen(self, principal: Principal) -> OperationsSeen: ...

    async def schedule(self, principal: Principal, schedule_id: str) -> ScheduleSeen:
        """Raises ``NotFound`` and ``Unavailable``."""
        ...

    async def change_schedule(
        self, principal: Principal, schedule_id: str, word: str, reason: str
    ) -> None:
        """``pause``, ``unpause`` or ``run``. Raises ``NotFound`` and ``Unavailable``."""
        ...

    async def party(self, principal: Principal, party: str) -> tuple[PartyCalls, list[StepLatency]]:
        """Raises ``NotFound``."""
        ...

    async def try_again(self, principal: Principal, party: str, reason: str) -> tuple[int, int]:
        """Episodes that were woken, and those whose run could not be reached."""
        ...
