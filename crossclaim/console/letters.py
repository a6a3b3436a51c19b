"""A letter of guarantee as its insurer's people see it, with what documents are wanted for it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.console.examiner import Asked
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import Currency
from crossclaim.security.roles import Principal


class LetterTold(Frozen):
    episode_id: str
    hospital_id: str
    insurer: str
    reference: str
    number: str = ""
    state: str
    estimate_minor: int | None = None
    """Fen that the hospital plans."""
    limit_minor: int | None = None
    currency: Currency
    question: str = ""
    """The reference of what waits for an answer; empty: nothing does."""
    due_at: datetime | None = None
    """By when its insurer's person answers."""
    requests: list[Asked] = []


class Letters(Protocol):
    async def letter(self, principal: Principal, episode_id: str, reference: str) -> LetterTold:
        """Raises ``NotFound``, for another insurer's too."""
        ...
