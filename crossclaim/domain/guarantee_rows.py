"""What a hospital asks for about a letter of guarantee, and who answers it until when."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen

AT_DESK = "at_desk"
"""The rules cannot decide: a person at the insurer does, against a clock."""
OPEN = ("due", "requested", "queued", AT_DESK)


class GuaranteeRequestRow(Frozen):
    """More money or more time under a letter that is there, or a new one that a person decides."""

    id: str
    guarantee_id: str
    reference: str
    """Ours, under which the insurer answers."""
    kind: str
    """``new`` or ``change``."""
    state: str
    """``letter``: it went with the letter itself, whose row tells the answer."""
    planned_minor: int | None = None
    """CNY."""
    wanted_until: date | None = None
    reasons: list[str] = []
    """Codes why no rule decides it."""
    asked_at: datetime
    requested_at: datetime | None = None
    due_at: datetime | None = None
    """When the clock of the insurer's person runs out."""
    answered_at: datetime | None = None
    disposition: str = ""
    before_minor: int | None = None
    limit_minor: int | None = None
    """The letter's whole limit before and after a change that was granted."""

    @property
    def open(self) -> bool:
        return self.state in OPEN
