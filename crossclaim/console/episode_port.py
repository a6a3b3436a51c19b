"""What an episode's pages show beside its story, handed in as ``EpisodeReads``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bill_difference import BillDifference
from crossclaim.domain.money import Money
from crossclaim.domain.running_balance import LedgerPosting
from crossclaim.security.roles import Principal


class DecidedLine(Frozen):
    """What a funder decided about one charge line."""

    line: int
    benefit: Money
    reasons: list[str] = []


class Paper(Frozen):
    """A document that somebody sent; known by the SHA-256 of its content."""

    sha256: str
    organisation: str
    """Who sent it."""
    content_type: str
    size_bytes: int
    recorded_at: datetime
    mine: bool
    """The visitor's organisation may see what is in it."""


class SentMessage(Frozen):
    """One call of an attempt; a body that is no JSON, or too long, is None."""

    method: str
    path: str
    status: int | None
    took_ms: int
    request_bytes: int
    answer_bytes: int
    request: Any = None
    answer: Any = None
    masked: bool = True


class EpisodeDetails(Frozen):
    """Members are empty for who may not see them."""

    postings: list[LedgerPosting] = []
    papers: list[Paper] = []
    decisions: dict[str, list[DecidedLine]] = {}
    """Claim → its decision line by line."""
    told: list[int] = []
    """Ids of attempts of which what was said is kept."""


class EpisodeReads(Protocol):
    """Each as its visitor may see it; all raise ``NotFound`` for another's."""

    async def details(self, principal: Principal, episode_id: str) -> EpisodeDetails: ...

    async def difference(
        self, principal: Principal, episode_id: str, number: str, old: int, new: int
    ) -> BillDifference: ...

    async def messages(
        self, principal: Principal, episode_id: str, attempt_id: int, *, in_clear: bool
    ) -> list[SentMessage]: ...

    async def paper(self, principal: Principal, episode_id: str, sha256: str) -> tuple[str, bytes]:
        """Its type and content."""
        ...

    def signed(self, about: str) -> str:
        """What only this house could have said of ``about``."""
        ...
