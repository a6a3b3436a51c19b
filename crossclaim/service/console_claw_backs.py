"""Money that payees give back, for the console's visitor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from crossclaim.console.claw_backs import SHOWN, ClawBackListed, ClawBackTold
from crossclaim.domain.claw_back_excess import had_twice
from crossclaim.domain.errors import NotFound
from crossclaim.domain.records import EpisodeRows
from crossclaim.security.roles import INSURER_ROLES, Principal
from crossclaim.store.claw_back_reads import (
    read_claw_back,
    read_claw_back_proposals,
    read_claw_backs,
)
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database


class ClawBackDesk:
    """Implements ``crossclaim.console.claw_backs.ClawBacks``."""

    def __init__(self, seen_by: Callable[[Principal], tuple[Database, str | None]]) -> None:
        self._seen_by = seen_by

    async def listed(self, principal: Principal, states: list[str]) -> list[ClawBackListed]:
        return await asyncio.to_thread(self._listed, principal, states)

    def _listed(self, principal: Principal, states: list[str]) -> list[ClawBackListed]:
        database, _ = self._seen_by(principal)
        with database.begin(principal.organisation) as connection:
            rows = read_claw_backs(connection, _insurer(principal), states, SHOWN + 1)
        kept = ClawBackListed.model_fields
        return [ClawBackListed(**{name: row[name] for name in kept}) for row in rows]

    async def one(self, principal: Principal, reference: str) -> ClawBackTold:
        return await asyncio.to_thread(self._one, principal, reference)

    def _one(self, principal: Principal, reference: str) -> ClawBackTold:
        database, _ = self._seen_by(principal)
        with database.begin(principal.organisation) as connection:
            row = read_claw_back(connection, _insurer(principal), reference)
            if row is None:
                raise NotFound("there is no such claw-back")
            told = read_party_rows(connection, row["episode_id"])
            said = []
            if row["insurer"] == principal.organisation:
                said = read_claw_back_proposals(connection, reference)
        return ClawBackTold(**row, proposals=said, twice_minor=_twice(told, reference))


def _twice(rows: EpisodeRows | None, reference: str) -> int:
    back = next((b for b in rows.claw_backs if b.reference == reference), None) if rows else None
    if rows is None or back is None:
        return 0
    return sum(part for _, part in had_twice(rows, back))


def _insurer(principal: Principal) -> str | None:
    """An insurer is told of its own alone, also of an episode that it shares with another one."""
    return principal.organisation if principal.role in INSURER_ROLES else None
