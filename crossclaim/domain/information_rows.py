"""The rows of information requests that every decision about their episode may look at."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen

OPEN, ANSWERED, WITHDRAWN, ENDED = "open", "answered", "withdrawn", "ended"
DECIDED_WITHOUT = "decided_without"
"""Event: an examiner did not wait for what was missing, and said why."""
WANTED, RECEIVED, NOT_HAD, DROPPED = "wanted", "received", "not_had", "dropped"


class InformationRequestRow(Frozen):
    """``ended``: what it is about was decided or taken back before all was answered."""

    id: str
    number: str
    claim_id: str | None = None
    guarantee: str | None = None
    """Our reference of the question about a letter of guarantee; the one or the other is there."""
    organisation_id: str
    """The insurer that asks."""
    asked_of: str
    state: str
    asked_at: datetime
    due_at: datetime
    remind_at: list[datetime] = []
    """When whoever is asked is reminded, before the due time."""
    reminded: int = 0
    """How many of those times have passed and were told."""
    overdue_at: datetime | None = None
    """When a person was told that the due time has passed."""
    closed_at: datetime | None = None


class InformationItemRow(Frozen):
    """One document of a request."""

    request_id: str
    item: int
    kind: str
    line: int | None = None
    paper: str = ""
    state: str
    sha256: str | None = None
    reason: str = ""
    """Why it cannot be had."""
    answered_at: datetime | None = None

    @property
    def named(self) -> tuple[str, int | None, str]:
        """What it is within its claim."""
        return self.kind, self.line, self.paper
