"""The API's ways in, in process on PostgreSQL, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI

from crossclaim.api.application import build_app
from crossclaim.api.services import ApiServices
from crossclaim.app import services_for
from crossclaim.service.front_door import identity_desk
from crossclaim.stack import Stack
from crossclaim.store.people import SqlPeople
from crossclaim.wiring import House, api_house, worker_house

PUBLIC_URL = "http://127.0.0.1:18080"


@dataclass
class Clock:
    """Real time, moved by what a test says."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_by(self, **span: float) -> None:
        self.ahead += timedelta(**span)


@dataclass(frozen=True)
class Door:
    """One API process, as what remembers for seconds would see it when ``anew`` is called."""

    app: FastAPI
    client: httpx.AsyncClient
    clock: Clock
    services: ApiServices
    api: House
    keeper: House
    """As the worker's role: what the command line keeps people and clients with."""

    @property
    def people(self) -> SqlPeople:
        return SqlPeople(self.keeper.database, self.keeper.keyring)

    def audited(self, key_id: str) -> list[Any]:
        with self.keeper.database.begin() as connection:
            return connection.execute(
                "select operation, outcome from audit where key_id = %(key)s order by id",
                {"key": key_id},
            ).all()


@asynccontextmanager
async def door_of(
    stack: Stack,
    *,
    clock: Clock | None = None,
    changes: dict[str, Any] | None = None,
    **settings: Any,
) -> AsyncIterator[Door]:
    """``settings`` differ from the stack's; ``changes`` differ from what they would build."""
    clock = clock or Clock()
    chosen = stack.settings.model_copy(update={"public_url": PUBLIC_URL, **settings})
    api, keeper = api_house(chosen), worker_house(chosen)
    services = await services_for(chosen, api)
    desk = identity_desk(chosen, api.database, api.keyring, clock)
    services = replace(services, identity=desk, **(changes or {}))
    app = build_app(services)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        yield Door(app, client, clock, services, api, keeper)
    api.database.close()
    keeper.database.close()
