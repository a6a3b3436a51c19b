"""Rows of what people ordered about an episode as a whole: holds, cancellation, skipped steps."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen


class HoldRow(Frozen):
    """While it is open nothing new is sent to anybody, and no money."""

    number: str
    organisation_id: str
    reason: str
    held_at: datetime
    until: datetime | None = None
    at_end: str = "remind"
    reminded_at: datetime | None = None
    released_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.released_at is None


class CancellationRow(Frozen):
    """Everything of the episode was taken back, or is on its way back."""

    number: str
    organisation_id: str
    reason: str
    cancelled_at: datetime


class SkipRow(Frozen):
    """A step that one person wants left out; ``approved`` is None until another has decided."""

    number: str
    organisation_id: str
    step: str
    subject: str
    reason: str
    proposed_at: datetime
    decided_at: datetime | None = None
    approved: bool | None = None


class SkipToDecide(Frozen):
    """A proposal, locked: who made it cannot decide it."""

    step: str
    subject: str
    proposed_by: str
    approved: bool | None = None


class RepairRows(Frozen):
    """Part of an episode's rows."""

    holds: list[HoldRow] = []
    cancellations: list[CancellationRow] = []
    skips: list[SkipRow] = []

    @property
    def hold(self) -> HoldRow | None:
        """The one that is open."""
        return next((one for one in self.holds if one.open), None)

    @property
    def cancelled(self) -> bool:
        return bool(self.cancellations)

    def skipped(self, step: str, subject: str) -> bool:
        """Two persons have said that it is not taken."""
        found = (s for s in self.skips if (s.step, s.subject) == (step, subject))
        return any(one.approved for one in found)
