"""Papers that were issued, as the API opens them."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.issued_paper import PaperKind, Verified
from crossclaim.security.roles import Principal


class UseRecords(Protocol):
    """Opens records on use of vouchers."""

    async def read(
        self, principal: Principal, episode_id: str, claim_id: str, language: str
    ) -> tuple[str, bytes]:
        """Content type and content. Raises ``NotFound``, for another's episode too."""
        ...


class HandOvers(Protocol):
    """Opens the records of hand-overs. Raises ``NotFound``, for another's episode too."""

    async def listed(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        """Every hand-over of the episode, and on what basis its record went out."""
        ...

    async def record(
        self, principal: Principal, episode_id: str, number: str, language: str
    ) -> tuple[str, bytes]:
        """Content type and content of what was issued."""
        ...


class Verification(Protocol):
    """Says whether a paper was issued, to anybody who holds it."""

    async def verify(self, code: str, sha256: str | None) -> Verified:
        """Raises ``NotFound`` for a code that no paper has."""
        ...


class PaperFile(Frozen):
    """A paper as it was issued."""

    number: str
    code: str
    content: bytes
    episode_id: str = ""
    """Whose it is about; empty for a list of many."""


class Papers(Protocol):
    """Issues papers. Raises ``NotFound``, for another's too, and where there is nothing to say."""

    async def of_claim(
        self, principal: Principal, claim_id: str, kind: PaperKind, language: str
    ) -> PaperFile:
        """Decision, benefits, covering letter, or the use of vouchers and its consent."""
        ...

    async def of_guarantee(
        self, principal: Principal, guarantee_id: str, language: str
    ) -> PaperFile: ...

    async def settlement_list(
        self, principal: Principal, hospital: str, day: date, language: str
    ) -> PaperFile: ...
