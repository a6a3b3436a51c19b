"""The API's ways in, in process on PostgreSQL, with a clock that a test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from crossclaim.api.application import build_app
from crossclaim.api.services import ApiServices
from crossclaim.app import api_services
from crossclaim.service.front_door import identity_desk
from crossclaim.stack import Stack
from crossclaim.store.people import SqlPeople
from crossclaim.wiring import House, api_house, worker_house

PUBLIC_URL = "http://127.0.0.1:18080"
HERE = {"public_url": PUBLIC_URL, "temporal_address": "127.0.0.1:1"}
"""No engine answers, and none of another stack on this machine may."""


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
async def door_of(stack: Stack, **settings: Any) -> AsyncIterator[Door]:
    """``settings`` differ from the stack's."""
    clock = Clock()
    chosen = stack.settings.model_copy(update={**HERE, **settings})
    api, keeper = api_house(chosen), worker_house(chosen)
    desk = identity_desk(chosen, api.database, api.keyring, clock)
    client = await api.client(lazy=True)
    services = replace(api_services(chosen, api, client), identity=desk)
    async with client_of(services) as browser:
        yield Door(browser, clock, services, api, keeper)
    api.database.close()
    keeper.database.close()


@asynccontextmanager
async def later(door: Door, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The same browser at another process, or at this one when it has forgotten what it knew."""
    chosen = door.api.settings.model_copy(update=settings)
    desk = identity_desk(chosen, door.api.database, door.api.keyring, door.clock)
    async with client_of(replace(door.services, identity=desk)) as client:
        client.cookies.update(door.client.cookies)
        yield client


def client_of(services: ApiServices) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(build_app(services))
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)
