"""What the API tells of exposures: an insurer its own, a hospital that of the insurers to it."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from crossclaim.security.roles import INSURER_ROLES, Principal
from crossclaim.store.exposures import SqlExposures
from crossclaim.store.session import Database


class ExposureDesk:
    """Implements ``crossclaim.api.services.Exposures`` under row-level security."""

    def __init__(self, database: Database) -> None:
        self._reads = SqlExposures(database)

    async def exposures(self, principal: Principal, at: datetime | None) -> dict[str, Any]:
        """Of an episode with two insurers neither sees the other's."""
        own = principal.organisation
        narrowed = {"insurer": own} if principal.role in INSURER_ROLES else {"hospital": own}
        found = await asyncio.to_thread(
            lambda: self._reads.exposures(**narrowed, at=at, organisation=own)
        )
        return {"exposures": [one.told() for one in found]}
