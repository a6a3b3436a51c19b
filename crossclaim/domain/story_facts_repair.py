"""What a story knows of holds, a cancellation and skipped steps."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen


class HoldFact(Frozen):
    number: str
    organisation_id: str
    reason: str
    until: datetime | None = None
    at_end: str = "remind"
    recorded_at: datetime
    released_at: datetime | None = None
    released_organisation: str = ""
    """Organisation that let it go on; empty: its time was over."""


class CancellationFact(Frozen):
    number: str
    organisation_id: str
    reason: str
    recorded_at: datetime


class SkipFact(Frozen):
    number: str
    organisation_id: str
    step: str
    subject: str
    reason: str
    recorded_at: datetime
    decided_at: datetime | None = None
    approved: bool | None = None


class RepairFacts(Frozen):
    """Part of what a story is told from."""

    holds: list[HoldFact] = []
    cancellations: list[CancellationFact] = []
    skips: list[SkipFact] = []
