"""What the examiner's desk is handed: claims that wait for a person, and the way to decide them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen, TraceStep
from crossclaim.domain.money import Currency
from crossclaim.security.roles import Principal


class WaitingClaim(Frozen):
    """A claim of the visitor's insurer that a check sent to an examiner."""

    id: str
    episode_id: str
    reference: str
    hospital_id: str
    reasons: list[str]
    since: datetime
    forecast_minor: int | None = None
    currency: Currency
    second: bool = False
    """Decided, and waiting for another person's word."""


class ClaimLine(Frozen):
    line: int
    service_date: date
    category: str
    code: str
    quantity: int
    amount_minor: int
    """Fen, as billed."""
    share_minor: int
    """Fen that the rules would have the insurer carry."""


class WaitingDecision(Frozen):
    number: str
    benefit_minor: int
    currency: Currency
    decided_at: datetime
    lines: dict[int, int]
    """Line → minor units approved."""


class ExaminedClaim(WaitingClaim):
    state: str
    trace: list[TraceStep]
    lines: list[ClaimLine]
    decision: WaitingDecision | None = None
    """That waits for the second person."""


class Examiner(Protocol):
    """Of one insurer's claims."""

    async def waiting(self, principal: Principal) -> list[WaitingClaim]:
        """The oldest first."""
        ...

    async def claim(self, principal: Principal, episode_id: str, claim_id: str) -> ExaminedClaim:
        """Raises ``NotFound``, for another's too."""
        ...

    async def decide(self, principal: Principal, episode_id: str, word: dict[str, Any]) -> int:
        """Status of the answer to a ``claim-decisions`` message, as at the API. Raises
        ``Refused`` with every fault."""
        ...

    async def confirm(self, principal: Principal, episode_id: str, word: dict[str, Any]) -> int:
        """Of a ``claim-confirmations`` message."""
        ...
