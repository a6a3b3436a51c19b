"""Days to reconcile for the console: our rows as the visitor may see them, orders as the API's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from crossclaim.api.services import BankService
from crossclaim.console.matching import (
    MOST_SHOWN,
    BankDayToReconcile,
    DayEvent,
    DayListed,
    MadeMatch,
    OpenException,
    SidedItem,
    Suggested,
    ToReconcile,
)
from crossclaim.domain.errors import NotFound, Refused, Unavailable
from crossclaim.domain.fault_shape import read_shape
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.item_order import ITEM_SHAPES
from crossclaim.domain.match_order import SHAPES
from crossclaim.domain.matching_digests import is_digest
from crossclaim.security.roles import Principal
from crossclaim.service.console_people import OwnPeople
from crossclaim.store.bank_bridge import bridge_of
from crossclaim.store.day_reads import (
    owner_of,
    read_bank_day,
    read_day_state,
    read_days,
    read_exceptions,
    read_made,
    read_source_day,
)
from crossclaim.store.session import Database

_NEWEST = 184
_OPEN = 500
"""Days with something to look at are shown however old they are, up to so many."""
_SHAPES = {kind.value: shape for kind, shape in SHAPES.items()} | ITEM_SHAPES


class MatchingDesk:
    """Implements ``crossclaim.console.matching.Matching``."""

    def __init__(
        self,
        seen_by: Callable[[Principal], tuple[Database, str | None]],
        people: OwnPeople,
        bank: BankService | None,
    ) -> None:
        """``seen_by``: the door that is the visitor's, and the organisation that it is narrowed
        to."""
        self._seen_by = seen_by
        self._people = people
        self._bank = bank

    async def days(self, principal: Principal) -> list[DayListed]:
        return await asyncio.to_thread(self._days, principal)

    def _days(self, principal: Principal) -> list[DayListed]:
        database, whose = self._seen_by(principal)
        with database.begin(principal.organisation) as connection:
            days = read_days(connection, whose, _NEWEST, _OPEN)
        return [DayListed.model_validate(row) for row in days]

    async def bank_day(
        self, principal: Principal, bank: str, account: str, day: date
    ) -> BankDayToReconcile:
        return await asyncio.to_thread(self._bank_day, principal, bank, account, day)

    def _bank_day(
        self, principal: Principal, bank: str, account: str, day: date
    ) -> BankDayToReconcile:
        database, _ = self._seen_by(principal)
        with database.begin(principal.organisation) as connection:
            key = owner_of(connection, bank, account)
            if key is None:
                raise NotFound("there is no statement of such an account")
            theirs, ours, made = read_bank_day(connection, key, day, MOST_SHOWN + 1)
            state, events = read_day_state(connection, key, day)
            bridge = bridge_of(connection, key, day)
            exceptions = read_exceptions(connection, key)
        return BankDayToReconcile(
            bank=bank,
            account=account,
            organisation=key.organisation,
            day=day,
            by_bank_minor=bridge.bank_minor,
            by_ledger_minor=bridge.ledger_minor,
            theirs=[_entry(row) for row in theirs[:MOST_SHOWN]],
            ours=[_movement(row) for row in ours[:MOST_SHOWN]],
            matches=[_made(row, [*row["entries"], *row["expected"]]) for row in made],
            state=state,
            events=[DayEvent.model_validate(row) for row in events],
            exceptions=[OpenException.model_validate(row) for row in exceptions],
            cut=len(theirs) > MOST_SHOWN or len(ours) > MOST_SHOWN,
        )

    async def source_day(
        self, principal: Principal, source: str, organisation: str, day: date
    ) -> ToReconcile:
        return await asyncio.to_thread(self._source_day, principal, source, organisation, day)

    def _source_day(
        self, principal: Principal, source: str, organisation: str, day: date
    ) -> ToReconcile:
        database, whose = self._seen_by(principal)
        if whose is not None and organisation != whose:
            raise NotFound("there is nothing of such a source")
        with database.begin(principal.organisation) as connection:
            rows, made = read_source_day(connection, source, organisation, day, 2 * MOST_SHOWN + 1)
        if not rows:
            raise NotFound("there is nothing of such a source")
        names = {(row["side"], row["item"]): str(row["id"]) for row in rows}
        items = [_item(row, names) for row in rows[: 2 * MOST_SHOWN]]
        return ToReconcile(
            theirs=[one for one in items if one.side == "theirs"],
            ours=[one for one in items if one.side == "ours"],
            matches=[_made(row, row["items"]) for row in made],
            state="open" if any(one.open for one in items) else "closed",
            cut=len(rows) > 2 * MOST_SHOWN,
        )

    async def order(
        self, principal: Principal, kind: str, content: dict[str, Any], key: str
    ) -> int:
        if self._bank is None:
            raise Unavailable("nothing is matched here")
        model, faults = read_shape(_SHAPES[kind], content)
        if model is None:
            raise Refused(refusal_text(len(faults)), faults)
        told = model.model_dump(mode="json")
        return (await self._bank.order(principal, kind, told, key)).status

    async def made(self, principal: Principal, of_bank: bool, number: int) -> MadeMatch | None:
        return await asyncio.to_thread(self._one_made, principal, of_bank, number)

    def _one_made(self, principal: Principal, of_bank: bool, number: int) -> MadeMatch | None:
        database, _ = self._seen_by(principal)
        with database.begin(principal.organisation) as connection:
            row = read_made(connection, of_bank, number)
        return None if row is None else MadeMatch.model_validate(row)

    async def names(self, principal: Principal, people: Iterable[str]) -> dict[str, str]:
        return await self._people.names(principal, people)


def _signed(row: dict[str, Any]) -> int:
    minor: int = row["amount_minor"]
    return minor if row["direction"] == "credit" else -minor


def _plain(reference: str) -> str:
    """A digest says nothing to a person."""
    return "" if is_digest(reference) else reference


def _group(row: dict[str, Any]) -> str:
    return "" if row["match_id"] is None else f"m{row['match_id']}"


def _entry(row: dict[str, Any]) -> SidedItem:
    return SidedItem(
        id=str(row["id"]),
        name=_plain(row["reference"]),
        detail=row["code"],
        side="theirs",
        day=row["day"],
        amount_minor=_signed(row),
        currency=row["currency"],
        status=row["status"],
        why=row["why"],
        open=row["open"],
        suggested=_suggested(row, {}),
        made=row["by_hand"],
        group=_group(row),
    )


def _movement(row: dict[str, Any]) -> SidedItem:
    return SidedItem(
        id=row["id"],
        name=row["reference"],
        detail=row["kind"],
        side="ours",
        day=row["day"],
        amount_minor=_signed(row),
        currency=row["currency"],
        status=row["status"],
        why=row["why"],
        open=row["open"] and not row["ended"],
        episode_id=row["episode_id"],
        suggested=_suggested(row, {}),
        made=row["by_hand"],
        group=_group(row),
    )


def _item(row: dict[str, Any], names: dict[tuple[str, str], str]) -> SidedItem:
    other = "ours" if row["side"] == "theirs" else "theirs"
    known = {item: found for (side, item), found in names.items() if side == other}
    return SidedItem(
        id=str(row["id"]),
        name=row["reference"] or row["item"],
        detail=row["scope"],
        side=row["side"],
        day=row["day"],
        amount_minor=row["amount_minor"],
        currency=row["currency"],
        status=row["status"],
        # No statement is spoken of where there is none.
        why="NOT_NAMED" if row["why"] == "NOT_STATED" else row["why"],
        open=row["open"],
        episode_id=row["episode_id"],
        suggested=_suggested(row, known),
        made=row["by_hand"],
        group=row["match_name"] and f"n{row['match_name']}",
    )


def _suggested(row: dict[str, Any], known: dict[str, str]) -> list[Suggested]:
    return [
        Suggested(item=known.get(str(one["item"]), str(one["item"])), because=one["because"])
        for one in row["candidates"]
    ]


def _made(row: dict[str, Any], items: Iterable[object]) -> MadeMatch:
    told = {name: row[name] for name in ("id", "made_by", "made_at", "reason", "status")}
    return MadeMatch(items=[str(one) for one in items], **told)
