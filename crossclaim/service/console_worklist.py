"""The worklist over what waits in episodes and beside them, narrowed by who looks after what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from crossclaim.console.worklist import (
    SOURCES,
    WorkAction,
    WorkEvent,
    WorkGroup,
    WorkItem,
    WorkOrder,
    WorkOrderGiven,
    WorkSearch,
)
from crossclaim.domain.errors import NotFound
from crossclaim.domain.work_causes import CREDIT, FAMILY
from crossclaim.domain.worklist import ANSWERED_WITHIN, LEAST_FEN, WorkState
from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.console_visitor import insurer_of
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.service.worklist_actions import TriesAgain, WorklistActions

# Of episodes, bank days, pay-after-care accounts and family bindings: everybody sees what the rows'
# own policies let him see. What seals the words about one stands in ``episode_id``.
_EVERY = f"""
select 'x' as source, id, episode_id, hospital_id, code, reference, party, amount_minor, due_at,
  opened_at, resolved_at
from exception_listing
union all
select 's', id, '{SYSTEM}', '', code, reference, coalesce(organisation_id, ''), 0::bigint,
  null::timestamptz, opened_at, resolved_at
from statement_exception
union all
select 'c', id, account_id, '', '{CREDIT}' || code, reference, '', 0::bigint, null::timestamptz,
  opened_at, resolved_at
from credit_exception
union all
select 'f', x.id, x.binding_id, b.organisation_id, '{FAMILY}' || x.code, x.reference, '', 0::bigint,
  null::timestamptz, x.opened_at, x.resolved_at
from family_binding_exception x join family_binding b on b.id = x.binding_id
"""
_DUE = f"least(x.due_at, x.opened_at + interval '{int(ANSWERED_WITHIN.total_seconds())} seconds')"
# ``domain.worklist.priority`` without the moment of looking, which moves all alike.
_RANK = (
    f"(ln(greatest(x.amount_minor, {LEAST_FEN})::float8 / {LEAST_FEN}) / ln(2::float8)"
    f" - extract(epoch from {_DUE})::float8 / 86400)"
)
_ITEMS = f"""
select x.source || x.id as id, x.episode_id, x.hospital_id, x.code, x.reference, x.party,
  x.amount_minor, x.opened_at, {_DUE} as due_at, {_RANK} as rank, x.resolved_at,
  coalesce(c.state, 'open') as state, coalesce(c.owner, '') as owner,
  coalesce(c.version, 0) as version, coalesce(c.changed_by, '') as changed_by, c.changed_at
from ({_EVERY}) x left join work_care c on c.organisation_id = %(own)s
  and c.item = x.source || x.id and c.opened_at = x.opened_at
where {{where}}
"""
_GROUPS = f"""
select y.code, y.party, count(*)::integer as items,
  count(distinct y.episode_id)::integer as episodes,
  (count(*) filter (where y.owner = ''))::integer as unowned,
  (count(*) filter (where y.owner = %(me)s))::integer as mine,
  sum(y.amount_minor)::bigint as amount_minor, min(y.opened_at) as oldest,
  min(y.due_at) as due_at, max(y.rank) as rank,
  bool_or(y.id like 'x%%') as of_episodes
from ({_ITEMS}) y group by y.code, y.party order by rank desc, y.code, y.party limit 500
"""
_NOTES = """
select item, count(*)::integer as notes from work_event
where organisation_id = %(own)s and item = any(%(items)s) and kind = 'note' group by item
"""
# Column, direction and type of what each order goes by.
_ORDERS: dict[WorkOrder, tuple[str, str, str]] = {
    WorkOrder.PRIORITY: ("rank", "desc", "float8"),
    WorkOrder.DUE: ("due_at", "asc", "timestamptz"),
    WorkOrder.OLDEST: ("opened_at", "asc", "timestamptz"),
    WorkOrder.AMOUNT: ("amount_minor", "desc", "bigint"),
}
_EVENTS = """
select action_id, item, person, kind, outcome, to_person, state, by_person, sealed, episode_id,
       recorded_at
from work_event where organisation_id = %(own)s and item = %(item)s
order by recorded_at desc, action_id desc limit 200
"""
_PAGE = 1000


class StaffWorklist:
    """Implements ``crossclaim.console.worklist.Worklist``."""

    def __init__(self, staff: PlatformStaff, keyring: Keyring, desk: TriesAgain) -> None:
        self._staff = staff
        self._actions = WorklistActions(staff.own, keyring, desk, self._items)

    async def groups(self, principal: Principal, search: WorkSearch) -> list[WorkGroup]:
        return await asyncio.to_thread(self._groups, principal, search)

    async def items(self, principal: Principal, search: WorkSearch) -> list[WorkItem]:
        return await asyncio.to_thread(self._items, principal, search)

    async def all_items(self, principal: Principal, search: WorkSearch) -> AsyncIterator[WorkItem]:
        search = search.model_copy(update={"limit": _PAGE})
        while True:
            page = await asyncio.to_thread(self._items, principal, search)
            for item in page:
                yield item
            if len(page) < _PAGE:
                return
            after = {"after": page[-1].id, "after_value": sorted_by(search.sort, page[-1])}
            search = search.model_copy(update=after)

    async def item(self, principal: Principal, item: str) -> WorkItem:
        asked = WorkSearch(items=[item], states=[], limit=1)
        found = await asyncio.to_thread(self._items, principal, asked)
        if not found:
            raise NotFound("there is no such exception")
        return found[0]

    async def events(self, principal: Principal, item: str) -> list[WorkEvent]:
        given = {"own": principal.organisation, "item": item}
        return await asyncio.to_thread(self._actions.events, principal, _EVENTS, given)

    async def people(self, principal: Principal) -> dict[str, str]:
        return await asyncio.to_thread(self._actions.people, principal)

    async def came(self, principal: Principal, name: str) -> None:
        await asyncio.to_thread(self._actions.came, principal, name)

    async def begin(self, principal: Principal, order: WorkOrderGiven) -> str:
        return await asyncio.to_thread(self._actions.begin, principal, order)

    async def go_on(self, principal: Principal, action_id: str) -> bool:
        return await self._actions.go_on(principal, action_id)

    async def action(self, principal: Principal, action_id: str) -> WorkAction:
        return await asyncio.to_thread(self._actions.action, principal, action_id)

    def _groups(self, principal: Principal, search: WorkSearch) -> list[WorkGroup]:
        where, given = _where(principal, search)
        with self._staff.database(principal).begin(principal.organisation) as connection:
            rows = connection.execute(_GROUPS.format(where=where), given).mappings()
        return [WorkGroup.model_validate(row) for row in rows]

    def _items(self, principal: Principal, search: WorkSearch) -> list[WorkItem]:
        where, given = _where(principal, search)
        column, direction, kind = _ORDERS[search.sort]
        query = f"select * from ({_ITEMS.format(where=where)}) y"
        if search.after is not None and search.after_value is not None:
            sign = "<" if direction == "desc" else ">"
            query += f" where (y.{column}, y.id) {sign} (%(value)s::{kind}, %(after)s)"
            given |= {"after": search.after, "value": search.after_value}
        query += f" order by y.{column} {direction}, y.id {direction} limit %(limit)s"
        with self._staff.database(principal).begin(principal.organisation) as connection:
            rows = connection.execute(query, given | {"limit": search.limit}).mappings()
            asked = {"own": principal.organisation, "items": [row["id"] for row in rows]}
            counted = connection.execute(_NOTES, asked).mappings()
        notes = {row["item"]: row["notes"] for row in counted}
        return [WorkItem(**row, notes=notes.get(row["id"], 0)) for row in rows]


def sorted_by(order: WorkOrder, item: WorkItem) -> str:
    """What a page that begins after ``item`` is asked for with."""
    value = getattr(item, _ORDERS[order][0])
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)


def _where(principal: Principal, search: WorkSearch) -> tuple[str, dict[str, Any]]:
    given: dict[str, Any] = {"own": principal.organisation, "me": principal.actor}
    found = []
    if (insurer := insurer_of(principal)) is not None:
        found.append("x.party = %(insurer)s")
        given["insurer"] = insurer
    if search.items is None:
        found.append("x.resolved_at is null")
    else:
        found.append("x.id = any(%(ids)s::bigint[]) and x.source || x.id = any(%(items)s)")
        given["items"] = search.items
        given["ids"] = [number for item in search.items if (number := _number(item)) is not None]
    if search.codes:
        found.append("x.code = any(%(codes)s)")
        given["codes"] = search.codes
    if search.parties:
        found.append("x.party = any(%(parties)s)")
        given["parties"] = ["" if party == "-" else party for party in search.parties]
    if search.states:
        found.append("coalesce(c.state, 'open') = any(%(states)s)")
        given["states"] = search.states
    elif search.items is None:
        found.append(f"coalesce(c.state, 'open') <> '{WorkState.DONE}'")
    if search.owner:
        found.append("coalesce(c.owner, '') = %(owner)s")
        given["owner"] = {"mine": principal.actor, "nobody": ""}.get(search.owner, search.owner)
    if search.overdue:
        found.append(f"{_DUE} < now()")
    return " and ".join(found), given


def _number(item: str) -> int | None:
    digits = item[1:]
    fits = item[:1] in SOURCES and digits.isascii() and digits.isdigit() and len(digits) < 18
    return int(digits) if fits else None
