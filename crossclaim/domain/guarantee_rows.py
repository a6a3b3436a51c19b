"""A letter of guarantee as a row, what a hospital asks for about it, and who answers until when."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import ConversionRate, Currency

AT_DESK = "at_desk"
"""The rules cannot decide: a person at the insurer does, against a clock."""
OPEN = ("due", "requested", "queued", AT_DESK)


class GuaranteeRow(Frozen):
    id: str
    insurer_id: str
    reference: str
    state: str
    number: str = ""
    limit_minor: int | None = None
    currency: Currency = Currency.HKD
    """What the insurer counts in under the coverage's plan."""
    rate: ConversionRate | None = None
    valid_until: date | None = None
    requested_at: datetime | None = None
    answered_at: datetime | None = None
    estimate_minor: int | None = None
    """CNY that the hospital plans."""
    held_minor: int | None = None
    """What still stands of the promise, used or open; None before uses were counted."""
    used_minor: int = 0
    """Of it, what bills have taken."""
    moves: int = 0
    """Ledger entries of this letter after the first."""
    conditions: list[str] = []
    exclusions: list[str] = []
    """Charge categories that it does not cover."""
    ended_on: date | None = None
    """Last day of care that it covers, once the insurer took it back."""
    tell_end: bool = False
    """The hospital withdrew it and the insurer has not heard yet."""


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
    proposed_minor: int | None = None
    """What one person wants to promise, and another one has to."""

    @property
    def open(self) -> bool:
        return self.state in OPEN
