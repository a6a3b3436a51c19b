"""What the API tells of bank entries, and what it takes to match them: the row first, then the
engine."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import date
from typing import Any

from ulid import ULID

from crossclaim.api.services import Answer, BankFilters
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import KeyReused, NotFound, Refused, Unavailable
from crossclaim.engine import EpisodeEngine, StillRunning
from crossclaim.security.roles import Principal
from crossclaim.service.bank_bodies import body_of, bridge_body
from crossclaim.service.reads import opened_cursor, sealed_cursor
from crossclaim.store.bank_reads import BankFilters as RowFilters
from crossclaim.store.bank_reads import SqlBankReads
from crossclaim.store.session import Database

_ADD = """
insert into reconciliation_order (id, organisation_id, key_id, kind, content)
values (%(id)s, %(organisation)s, %(key)s, %(kind)s, %(content)s) on conflict (id) do nothing
"""


class BankDesk:
    """Implements ``crossclaim.api.services.BankService`` under row-level security."""

    def __init__(self, database: Database, engine: EpisodeEngine, wait_s: float) -> None:
        self._database = database
        self._reads = SqlBankReads(database)
        self._engine = engine
        self._wait_s = wait_s

    async def listed(
        self, principal: Principal, name: str, filters: BankFilters, cursor: str | None
    ) -> dict[str, Any]:
        rows = RowFilters.model_validate(filters.model_dump(exclude={"language"}))
        page, after = await asyncio.to_thread(
            self._reads.page, name, rows, opened_cursor(cursor), principal.organisation
        )
        told = [body_of(name, row, filters.language) for row in page]
        return {name: told, "next": sealed_cursor(after) if after is not None else None}

    async def day(
        self, principal: Principal, bank: str, account: str, day: date, language: str
    ) -> dict[str, Any]:
        key, found = await asyncio.to_thread(
            self._reads.bridge, bank, account, day, principal.organisation
        )
        return bridge_body(key, found, language)

    async def order(
        self, principal: Principal, kind: str, content: dict[str, Any], key: str | None
    ) -> Answer:
        order_id = _order_id(principal, key)
        outcome, repeated = await asyncio.to_thread(self._keep, order_id, principal, kind, content)
        if outcome is None:
            try:
                await self._engine.reconcile(order_id, self._wait_s)
            except (StillRunning, Unavailable):
                return Answer(status=202, body={"order": order_id}, episode_id="")
            outcome = await asyncio.to_thread(self._outcome, order_id, principal)
        return _answer(order_id, outcome, repeated)

    async def order_status(self, principal: Principal, order_id: str) -> dict[str, Any]:
        rows = await asyncio.to_thread(self._found, order_id, principal)
        if not rows:
            raise NotFound("there is no such order")
        if rows[0] is None:
            return {"order": order_id, "status": "waiting"}
        return {"order": order_id, "status": "applied", "outcome": rows[0]}

    def _found(self, order_id: str, principal: Principal) -> list[dict[str, Any] | None]:
        with self._database.begin(principal.organisation) as connection:
            return connection.execute(
                "select outcome from reconciliation_order where id = %(id)s", {"id": order_id}
            ).scalars()

    def _keep(
        self, order_id: str, principal: Principal, kind: str, content: dict[str, Any]
    ) -> tuple[dict[str, Any] | None, bool]:
        """The outcome if there is one, and whether the order was there before."""
        with self._database.begin(principal.organisation) as connection:
            new = connection.execute(
                _ADD,
                {
                    "id": order_id,
                    "organisation": principal.organisation,
                    "key": principal.key_id,
                    "kind": kind,
                    "content": json.dumps(content),
                },
            ).rowcount
            row = connection.execute(
                "select kind, content, outcome from reconciliation_order where id = %(id)s",
                {"id": order_id},
            ).one()
        if (row.kind, row.content) != (kind, content):
            raise KeyReused("this Idempotency-Key was used for another order")
        return row.outcome, not new

    def _outcome(self, order_id: str, principal: Principal) -> dict[str, Any]:
        with self._database.begin(principal.organisation) as connection:
            found: dict[str, Any] = connection.execute(
                "select outcome from reconciliation_order where id = %(id)s", {"id": order_id}
            ).scalar_one()
            return found


def _order_id(principal: Principal, key: str | None) -> str:
    """The same for a request that is sent again under its key."""
    if key is None:
        return f"ro_{ULID()}"
    text = f"{principal.organisation}\n{principal.key_id}\n{key}"
    return f"ro_{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _answer(order_id: str, outcome: dict[str, Any], repeated: bool) -> Answer:
    body = outcome["body"]
    if outcome["status"] == 422:
        faults = [Fault.model_validate(one) for one in body["errors"]]
        raise Refused(faults[0].text.en, faults, code=body["code"])
    return Answer(
        status=outcome["status"],
        body={"order": order_id, **body},
        replayed=repeated,
        episode_id="",
    )
