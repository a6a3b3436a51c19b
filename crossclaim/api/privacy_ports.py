"""What the API needs for a person's own requests, for who looked, and for Temporal's own tools."""

from __future__ import annotations

from typing import Any, Protocol

from crossclaim.domain.subject_request import SubjectRequest
from crossclaim.security.roles import Principal


class SubjectRequests(Protocol):
    """Copies and erasures that persons ask for. Raises ``NotFound`` for another's request."""

    async def ask(
        self, principal: Principal, asked: SubjectRequest, key: str | None
    ) -> dict[str, Any]: ...

    async def confirm(self, principal: Principal, request_id: str) -> dict[str, Any]:
        """The second person's word. Raises ``NotAllowed`` for the first one's key."""
        ...

    async def read(self, principal: Principal, request_id: str) -> dict[str, Any]: ...

    async def fetch(self, principal: Principal, request_id: str) -> bytes:
        """The export, once. Raises ``CrossclaimError`` with status 410 after that."""
        ...


class Accesses(Protocol):
    async def accesses(
        self,
        principal: Principal,
        episode_id: str,
        language: str,
        limit: int,
        cursor: str | None,
    ) -> dict[str, Any]:
        """Who did what about an episode, the newest first. Raises ``NotFound``."""
        ...


class PayloadDecoder(Protocol):
    """Opens payloads for Temporal's UI and CLI, for who may see that very run."""

    origin: str
    """The one web page that may ask; empty: the endpoint is off."""

    async def decode(
        self, principal: Principal, body: bytes, reason: str
    ) -> tuple[bytes, list[str]]:
        """The answer, and whose payloads it holds. Raises ``NotFound``, ``RateLimited``."""
        ...
