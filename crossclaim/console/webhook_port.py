"""What the console needs of webhooks: endpoints, what was delivered, and sending again."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.webhook_events import EventType
from crossclaim.security.roles import Principal


class Endpoint(Frozen):
    id: str
    url: str
    types: list[EventType]
    """Empty: every type."""
    description: str
    status: str
    reason: str
    disabled_at: datetime | None = None
    signature: str


class StoppedEndpoint(Frozen):
    """One that no longer answers, of any organisation; its address is told to its own alone."""

    id: str
    organisation: str
    reason: str
    since: datetime
    waiting: int


class Delivery(Frozen):
    """One event to one endpoint."""

    id: str
    type: EventType
    episode_id: str | None = None
    subject: str
    status: str
    tries: int
    occurred_at: datetime
    next_try_at: datetime | None = None
    finished_at: datetime | None = None


class Attempt(Frozen):
    attempt: int
    started_at: datetime
    outcome: str
    status: int | None = None
    latency_ms: int | None = None
    answer: str | None = None


class Deliveries(Frozen):
    """A page of them, newest first; ``next``: the cursor of the one after."""

    found: list[Delivery]
    next: str | None = None


class WebhookBook(Protocol):
    """Raises ``NotFound`` for what is another organisation's, never told apart."""

    async def endpoints(self, principal: Principal) -> list[Endpoint]: ...

    async def endpoint(self, principal: Principal, endpoint_id: str) -> Endpoint: ...

    async def stopped(self, principal: Principal) -> list[StoppedEndpoint]:
        """For staff of the platform; nothing for everybody else."""
        ...

    async def deliveries(
        self, principal: Principal, endpoint_id: str, status: str | None, cursor: str | None
    ) -> Deliveries: ...

    async def delivery(
        self, principal: Principal, endpoint_id: str, message_id: str
    ) -> tuple[Delivery, list[Attempt]]: ...

    async def send_again(self, principal: Principal, endpoint_id: str, message_id: str) -> None: ...

    async def send_given_up_again(self, principal: Principal, endpoint_id: str) -> None: ...

    async def enable(self, principal: Principal, endpoint_id: str) -> None:
        """What waited goes on where it stood."""
        ...
