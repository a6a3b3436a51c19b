"""What is kept of every answer to somebody known: who, what, about which, what for, its end."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.allocation import Frozen


class AuditRecord(Frozen):
    """Who did what about which episode, and the status that it ended with; never any value."""

    organisation: str
    key_id: str
    operation: str
    about: str
    outcome: str
    purpose: str = ""
    """What for, where whoever asks has to say so."""
    fields: list[str] = []
    """Names of what was shown, where it is less than all; never what they hold."""


class Audit(Protocol):
    """An append-only record."""

    async def record(self, *records: AuditRecord) -> None:
        """All or none. Raises ``Unavailable`` when they cannot be written."""
        ...
