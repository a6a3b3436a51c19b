"""Records that were fetched for an episode: every reading is kept before it happens, for ever."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from activities.ports import Documents
from crossclaim.domain.errors import NotAllowed, NotFound
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.record_submission import request_needs
from crossclaim.domain.stay import REGION_ZONE, local_day
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.substitute import RECORDS_PLAN
from crossclaim.security.roles import Principal
from crossclaim.store.connection import Connection
from crossclaim.store.record_reads import (
    accesses_of,
    consents_in_force,
    find_request,
    is_visible,
    note_access,
    notices_of,
)
from crossclaim.store.session import Database


class AccessClosed(NotAllowed):
    code = "RECORD_ACCESS_CLOSED"


class StoredRecords:
    """Implements ``crossclaim.api.services.HealthRecords`` under row-level security."""

    def __init__(
        self, database: Database, documents: Documents, plans: Callable[[], PlanSet]
    ) -> None:
        self._database = database
        self._documents = documents
        self._plans = plans

    async def read(
        self, principal: Principal, episode_id: str, number: str, staff: str
    ) -> dict[str, Any]:
        return await asyncio.to_thread(self._read, principal, episode_id, number, staff)

    def _read(
        self, principal: Principal, episode_id: str, number: str, staff: str
    ) -> dict[str, Any]:
        allowed = True
        with self._database.begin(principal.organisation) as connection:
            request = find_request(connection, episode_id, number)
            if request is None:
                raise NotFound("there is no such request")
            if request["state"] == "answered":
                allowed = self._note(connection, principal, episode_id, request, staff)
        if not allowed:
            raise AccessClosed("the consent to this record has been withdrawn")
        body = {"episode_id": episode_id, **_told(request)}
        if request["state"] != "answered":
            return body
        content = self._documents.get(str(request["object_key"]))
        return {**body, "entries": json.loads(content)["entries"]}

    def _note(
        self,
        connection: Connection,
        principal: Principal,
        episode_id: str,
        request: dict[str, Any],
        staff: str,
    ) -> bool:
        """Whether the reading may happen: by the consents, or because what was asked in an
        emergency was asked to be read. Either way it stands in the audit, and is committed
        before anything is shown. A withdrawal waits for it, or it sees the withdrawal.
        """
        needs = self._needs(str(request["system"]))
        consents = consents_in_force(connection, episode_id, needs, str(request["system"]))
        allowed = bool(consents) or bool(request["emergency"])
        what = "read" if allowed else "refused"
        note_access(connection, episode_id, request["id"], principal, staff, what, consents)
        return allowed

    def _needs(self, system: str) -> list[ConsentType]:
        """The consents that a reading rests on, as the request itself. None known: no reading."""
        plan = self._plans().find(RECORDS_PLAN)
        if plan is None:
            raise AccessClosed("no rule says by which consent a record may be looked at")
        dated = plan.on(local_day(datetime.now(UTC)))
        return [ConsentType(code) for code in dated.codes(request_needs(system))]

    async def accesses(self, principal: Principal, episode_id: str) -> dict[str, Any]:
        return await asyncio.to_thread(self.accesses_told, principal.organisation, episode_id)

    def accesses_told(self, organisation: str, episode_id: str) -> dict[str, Any]:
        return accesses_told(self._database, organisation, episode_id)


def accesses_told(database: Database, organisation: str | None, episode_id: str) -> dict[str, Any]:
    """Who fetched or looked at records; ``organisation`` None: under a role that sees all.

    Raises ``NotFound``.
    """
    with database.begin(organisation) as connection:
        if not is_visible(connection, episode_id):
            raise NotFound("there is no such episode")
        accesses = accesses_of(connection, episode_id)
        notices = notices_of(connection, episode_id)
    return {
        "episode_id": episode_id,
        "accesses": [_plain(row) for row in accesses],
        "notices": [_plain(row) for row in notices],
    }


def _told(request: dict[str, Any]) -> dict[str, Any]:
    hidden = {"id", "object_key"}
    return _plain({name: value for name, value in request.items() if name not in hidden})


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.astimezone(REGION_ZONE).isoformat(timespec="milliseconds")
        if isinstance(value, datetime)
        else value.isoformat()
        if hasattr(value, "isoformat")
        else value
        for name, value in row.items()
    }
