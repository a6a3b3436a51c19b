"""Versions of a bill, the difference between two, and what cancelling its settlement would undo."""

from __future__ import annotations

import asyncio
from typing import Any

from crossclaim.domain.bill_difference import (
    BillDifference,
    BillVersion,
    ChargedLine,
    difference,
)
from crossclaim.domain.bill_sentences import line_sentence, status_sentence, undoing_sentence
from crossclaim.domain.bill_status import versions_of
from crossclaim.domain.errors import NotFound
from crossclaim.domain.money import fen
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.settlement_cancellation import cancellation_of
from crossclaim.security.roles import Principal
from crossclaim.service.party_view import own_rows, sees_all
from crossclaim.store.connection import Connection
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

_LINES = """
select line as number, category, code, service_date, quantity, amount_minor from charge_line
where bill_id = %(bill)s order by line
"""


class SqlBills:
    """Implements ``crossclaim.api.services.Bills`` under row-level security."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def versions(self, principal: Principal, episode_id: str, number: str) -> dict[str, Any]:
        return await asyncio.to_thread(self.versions_told, principal, episode_id, number)

    async def differences(
        self, principal: Principal, episode_id: str, number: str, old: int, new: int
    ) -> dict[str, Any]:
        return await asyncio.to_thread(
            self.difference_told, principal, episode_id, number, old, new
        )

    async def cancellation(
        self, principal: Principal, episode_id: str, number: str
    ) -> dict[str, Any]:
        return await asyncio.to_thread(self.cancellation_told, principal, episode_id, number)

    def versions_told(self, principal: Principal, episode_id: str, number: str) -> dict[str, Any]:
        with self._database.begin(principal.organisation) as connection:
            rows = _rows(connection, principal, episode_id)
        found = versions_of(rows, number)
        if not found:
            raise NotFound("there is no such bill")
        told = [
            {**one.model_dump(mode="json"), "text": _text(status_sentence(one.status))}
            for one in found
        ]
        return {"episode_id": episode_id, "number": number, "versions": told}

    def difference_told(
        self, principal: Principal, episode_id: str, number: str, old: int, new: int
    ) -> dict[str, Any]:
        found = self.difference_of(principal, episode_id, number, old, new)
        body: dict[str, Any] = {"episode_id": episode_id, "number": number}
        body |= found.model_dump(mode="json", exclude={"lines", "funders"})
        body["change"] = found.change.model_dump()
        body["funders"] = _with_change(found.funders)
        body["lines"] = [
            {
                **line.model_dump(mode="json", exclude={"funders"}),
                "change": line.change.model_dump(),
                "funders": _with_change(line.funders),
                "text": _text(line_sentence(line)),
            }
            for line in found.lines
        ]
        return body

    def difference_of(
        self, principal: Principal, episode_id: str, number: str, old: int, new: int
    ) -> BillDifference:
        """Raises ``NotFound``."""
        with self._database.begin(principal.organisation) as connection:
            rows = _rows(connection, principal, episode_id)
            whole = sees_all(principal, rows)
            before = _version(connection, rows, number, old, whole=whole)
            after = _version(connection, rows, number, new, whole=whole)
        return difference(before, after)

    def cancellation_told(
        self, principal: Principal, episode_id: str, number: str
    ) -> dict[str, Any]:
        """Nothing is changed; what would be reversed, and what of it is out already."""
        with self._database.begin(principal.organisation) as connection:
            rows = _rows(connection, principal, episode_id)
        bill = next((b for b in rows.bills if b.number == number and b.payable), None)
        if bill is None:
            raise NotFound("no final version of this bill stands")
        found = cancellation_of(rows, bill)
        steps = [
            {**one.model_dump(mode="json"), "text": _text(undoing_sentence(one))}
            for one in found.steps
        ]
        return {
            "episode_id": episode_id,
            "bill": {"id": bill.id, "number": bill.number, "version": bill.version},
            "possible": not found.faults,
            "steps": steps,
            "errors": [fault.model_dump(mode="json") for fault in found.faults],
        }


def _rows(connection: Connection, principal: Principal, episode_id: str) -> EpisodeRows:
    rows = read_party_rows(connection, episode_id)
    if rows is None:
        raise NotFound("there is no such episode")
    return rows if sees_all(principal, rows) else own_rows(principal.organisation, rows)


def _version(
    connection: Connection, rows: EpisodeRows, number: str, version: int, *, whole: bool
) -> BillVersion:
    """An insurer sees the lines of which it pays something."""
    bill: BillRow | None = rows.numbered_bill(number, version)
    allocation = rows.allocation(bill.id) if bill is not None else None
    if bill is None or allocation is None:
        raise NotFound("there is no such version of this bill")
    own = {share.line for share in allocation.result.shares}
    charged = connection.execute(_LINES, {"bill": bill.id}).mappings()
    lines = []
    for row in charged:
        if whole or row["number"] in own:
            values = {name: value for name, value in row.items() if name != "amount_minor"}
            lines.append(ChargedLine(**values, amount=fen(row["amount_minor"])))
    return BillVersion(
        version=bill.version, correction=bill.correction, lines=lines, result=allocation.result
    )


def _with_change(funders: Any) -> list[dict[str, Any]]:
    return [{**one.model_dump(mode="json"), "change": one.change.model_dump()} for one in funders]


def _text(sentence: Any) -> dict[str, str]:
    told: dict[str, str] = sentence.model_dump()
    return told
