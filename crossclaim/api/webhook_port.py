"""What the API needs of webhooks: an organisation's own endpoints, messages and replays."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.webhook_submission import (
    WebhookChange,
    WebhookEndpoint,
    WebhookReplay,
)
from crossclaim.security.roles import Principal


class MessageFilters(Frozen):
    """Narrows a list of messages; ``None`` does not narrow."""

    status: str | None = None
    type: str | None = None
    episode: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    limit: int = 50


class Webhooks(Protocol):
    """Raises ``NotFound`` for what is unknown or another organisation's, never told apart."""

    allow_private: bool

    async def listed(
        self, principal: Principal, status: str | None, limit: int, cursor: str | None
    ) -> dict[str, Any]: ...

    async def read(self, principal: Principal, endpoint_id: str) -> dict[str, Any]: ...

    async def add(
        self, principal: Principal, endpoint: WebhookEndpoint, key: str | None
    ) -> tuple[dict[str, Any], bool]:
        """The endpoint with its secret, and whether the key had made it before.

        Raises ``KeyReused``.
        """
        ...

    async def change(
        self, principal: Principal, endpoint_id: str, change: WebhookChange, version: int | None
    ) -> dict[str, Any]:
        """Raises ``PreconditionFailed`` when it has another version by now."""
        ...

    async def end(self, principal: Principal, endpoint_id: str, version: int | None) -> None: ...

    async def rotate(
        self, principal: Principal, endpoint_id: str, overlap_hours: int, key: str | None
    ) -> dict[str, Any]:
        """The new secret; the one before signs too for a while."""
        ...

    async def ping(self, principal: Principal, endpoint_id: str, key: str | None) -> str:
        """The id of a test event."""
        ...

    async def messages(
        self,
        principal: Principal,
        endpoint_id: str,
        filters: MessageFilters,
        cursor: str | None,
    ) -> dict[str, Any]: ...

    async def message(
        self, principal: Principal, endpoint_id: str, message_id: str
    ) -> dict[str, Any]:
        """One message with every attempt and what was answered."""
        ...

    async def replay(
        self,
        principal: Principal,
        endpoint_id: str,
        replay: WebhookReplay | str,
        key: str | None,
    ) -> dict[str, Any]:
        """One message by its id, or those of a time; a worker does it."""
        ...

    async def replay_status(
        self, principal: Principal, endpoint_id: str, replay_id: str
    ) -> dict[str, Any]: ...
