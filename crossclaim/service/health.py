"""Whether the engines behind the API answer."""

from __future__ import annotations

import asyncio

from temporalio.client import Client
from temporalio.service import RPCError

from crossclaim.domain.errors import CrossclaimError
from crossclaim.store.session import Database


class EngineHealth:
    """Implements ``crossclaim.api.services.Engines``."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client

    async def report(self) -> dict[str, bool]:
        database, engine = await asyncio.gather(
            asyncio.to_thread(self._database_answers), self._engine_answers()
        )
        return {"database": database, "workflow_engine": engine}

    def _database_answers(self) -> bool:
        try:
            with self._database.begin() as connection:
                connection.execute("select 1")
        except CrossclaimError:
            return False
        return True

    async def _engine_answers(self) -> bool:
        try:
            async with asyncio.timeout(2):
                return await self._client.service_client.check_health()
        except (RPCError, TimeoutError, RuntimeError):
            return False
