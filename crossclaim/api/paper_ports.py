"""Papers that were issued, as the API opens them."""

from __future__ import annotations

from typing import Any, Protocol

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
