"""Webhooks at the console: an organisation's own, and for staff those that no longer answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from crossclaim.api.webhook_port import MessageFilters, Webhooks
from crossclaim.console.webhook_port import (
    Attempt,
    Deliveries,
    Delivery,
    Endpoint,
    StoppedEndpoint,
)
from crossclaim.domain.webhook_submission import WebhookChange, WebhookReplay
from crossclaim.security.roles import PLATFORM_ROLES, Principal
from crossclaim.store.session import Database
from crossclaim.store.webhook_reads import stopped_endpoints

_PAGE = 50
_MOST = 200
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class ConsoleWebhooks:
    """Implements ``crossclaim.console.webhook_port.WebhookBook`` by the API's own desk."""

    def __init__(self, desk: Webhooks, every: Database, now: Callable[[], datetime]) -> None:
        """``every``: the reader's, for staff of the platform."""
        self._desk = desk
        self._every = every
        self._now = now

    async def endpoints(self, principal: Principal) -> list[Endpoint]:
        told = await self._desk.listed(principal, None, _MOST, None)
        return [_endpoint(one) for one in told["webhook_endpoints"]]

    async def endpoint(self, principal: Principal, endpoint_id: str) -> Endpoint:
        return _endpoint(await self._desk.read(principal, endpoint_id))

    async def stopped(self, principal: Principal) -> list[StoppedEndpoint]:
        if principal.role not in PLATFORM_ROLES:
            return []
        rows = await asyncio.to_thread(stopped_endpoints, self._every)
        return [StoppedEndpoint.model_validate(row) for row in rows]

    async def deliveries(
        self, principal: Principal, endpoint_id: str, status: str | None, cursor: str | None
    ) -> Deliveries:
        filters = MessageFilters(status=status, limit=_PAGE)
        told = await self._desk.messages(principal, endpoint_id, filters, cursor)
        return Deliveries(found=[_delivery(one) for one in told["messages"]], next=told["next"])

    async def delivery(
        self, principal: Principal, endpoint_id: str, message_id: str
    ) -> tuple[Delivery, list[Attempt]]:
        told = await self._desk.message(principal, endpoint_id, message_id)
        return _delivery(told), [Attempt.model_validate(one) for one in told["attempts"]]

    async def send_again(self, principal: Principal, endpoint_id: str, message_id: str) -> None:
        await self._desk.replay(principal, endpoint_id, message_id, None)

    async def send_given_up_again(self, principal: Principal, endpoint_id: str) -> None:
        everything = WebhookReplay(from_at=_EVER, to_at=self._now(), scope="given_up")
        await self._desk.replay(principal, endpoint_id, everything, None)

    async def enable(self, principal: Principal, endpoint_id: str) -> None:
        await self._desk.change(principal, endpoint_id, WebhookChange(enabled=True), None)


def _endpoint(told: dict[str, Any]) -> Endpoint:
    return Endpoint.model_validate({name: told[name] for name in Endpoint.model_fields})


def _delivery(told: dict[str, Any]) -> Delivery:
    return Delivery.model_validate({name: told[name] for name in Delivery.model_fields})
