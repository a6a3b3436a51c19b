"""A house and a client for every test of the API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.web.house import MemoryHouse, client_of


@pytest.fixture
def house() -> MemoryHouse:
    return MemoryHouse()


@pytest.fixture
async def client(house: MemoryHouse) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(house) as connected:
        yield connected
