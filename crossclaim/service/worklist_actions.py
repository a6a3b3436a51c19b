"""What people do about exceptions: written down first, then done one by one, each with its outcome.

Nothing here touches the episode but a step that is tried again, which the engine decides about.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, Protocol

from ulid import ULID

from crossclaim.console.worklist import (
    MOST_AT_ONCE,
    WorkAction,
    WorkEvent,
    WorkItem,
    WorkOrderGiven,
    WorkSearch,
)
from crossclaim.domain.errors import NotFound, Unavailable
from crossclaim.domain.worklist import WorkState
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.security.roles import Principal
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

_FIELD, _NAME = "work_note", "work_person"
_LONGEST_S = 15.0
"""How long one request works; what is left is gone on with by the next."""
_TOGETHER = 8
_ACTION = """
insert into work_action (id, organisation_id, person, kind, items, versions, to_person, state,
                         episode_id, sealed)
values (%(id)s, %(own)s, %(me)s, %(kind)s, %(items)s, %(versions)s, %(to)s, %(state)s, %(episode)s,
        %(sealed)s)
"""
_READ = """
select id, kind, person, items, versions, to_person, state, episode_id, sealed, recorded_at
from work_action where id = %(id)s and organisation_id = %(own)s
"""
_OUTCOMES = """
select action_id, item, person, kind, outcome, to_person, state, by_person, sealed, episode_id,
       recorded_at
from work_event where action_id = %(id)s and organisation_id = %(own)s order by item
"""
_EVENT = """
insert into work_event (action_id, item, organisation_id, episode_id, person, kind, outcome,
                        to_person, state, by_person, sealed)
values (%(id)s, %(item)s, %(own)s, %(episode)s, %(me)s, %(kind)s, %(outcome)s, %(to)s, %(state)s,
        %(by)s, %(sealed)s)
on conflict do nothing
"""
_CARE = """
insert into work_care as c (organisation_id, item, episode_id, opened_at, state, owner, changed_by)
values (%(own)s, %(item)s, %(episode)s, %(opened)s, %(new_state)s, %(owner)s, %(me)s)
on conflict (organisation_id, item) do update set state = excluded.state, owner = excluded.owner,
  opened_at = excluded.opened_at, version = c.version + 1, changed_by = excluded.changed_by,
  changed_at = now()
where c.version = %(version)s or (c.opened_at <> excluded.opened_at and %(version)s = 0)
returning version
"""
_CHANGED_BY = """
select changed_by from work_care where organisation_id = %(own)s and item = %(item)s
"""
_PEOPLE = "select person, sealed from work_person where organisation_id = %(own)s"
_CAME = """
insert into work_person as p (organisation_id, person, sealed) values (%(own)s, %(me)s, %(sealed)s)
on conflict (organisation_id, person) do update set sealed = excluded.sealed, seen_at = now()
where p.seen_at < now() - interval '1 day'
"""


class TriesAgain(Protocol):
    async def try_again(self, principal: Principal, episode_id: str, reason: str) -> list[str]:
        """Raises ``NotFound`` and ``Unavailable``."""
        ...


class WorklistActions:
    """Writes as the visitor's organisation, whose words nobody else reads."""

    def __init__(
        self,
        own: Database,
        keyring: Keyring,
        desk: TriesAgain,
        items: Callable[[Principal, WorkSearch], list[WorkItem]],
    ) -> None:
        self._own = own
        self._keyring = keyring
        self._desk = desk
        self._items = items

    def begin(self, principal: Principal, order: WorkOrderGiven) -> str:
        wanted = dict(order.items[:MOST_AT_ONCE])
        seen = self._items(principal, WorkSearch(items=list(wanted), limit=MOST_AT_ONCE))
        if not seen:
            raise NotFound("there is no such exception")
        known = [item.id for item in seen]
        action = f"wa_{ULID()}"
        with self._own.begin(principal.organisation) as connection:
            connection.execute(
                _ACTION,
                {
                    "id": action,
                    "own": principal.organisation,
                    "me": principal.actor,
                    "kind": order.kind,
                    "items": known,
                    "versions": [wanted[item] for item in known],
                    "to": order.to_person,
                    "state": order.state,
                    "episode": seen[0].episode_id,
                    "sealed": self._sealed(seen[0].episode_id, order.text),
                },
            )
        return action

    async def go_on(self, principal: Principal, action_id: str) -> bool:
        row, left = await asyncio.to_thread(self._left, principal, action_id)
        until = time.monotonic() + _LONGEST_S
        if row["kind"] != "try_again":
            await asyncio.to_thread(self._care_for, principal, row, left, until)
            return True
        for start in range(0, len(left), _TOGETHER):
            some = left[start : start + _TOGETHER]
            tried = [self._tried(principal, row, item) for item, _ in some]
            if not all(await asyncio.gather(*tried)):
                return False
            if time.monotonic() > until:
                break
        return True

    def _left(
        self, principal: Principal, action_id: str
    ) -> tuple[dict[str, Any], list[tuple[WorkItem, int]]]:
        """The action and what of it is not dealt with, each as it is now and as it was meant."""
        given = {"id": action_id, "own": principal.organisation}
        with self._own.begin(principal.organisation) as connection:
            rows = connection.execute(_READ, given).mappings()
            dealt = {row["item"] for row in connection.execute(_OUTCOMES, given).mappings()}
        if not rows or rows[0]["person"] != principal.actor:
            raise NotFound("there is no such action")
        (row,) = rows
        row["text"] = self._words(row["episode_id"], row["sealed"])
        meant = dict(zip(row["items"], row["versions"], strict=True))
        wanted = [item for item in row["items"] if item not in dealt]
        asked = WorkSearch(items=wanted, limit=MOST_AT_ONCE)
        return row, [(item, meant[item.id]) for item in self._items(principal, asked)]

    def _care_for(
        self,
        principal: Principal,
        row: dict[str, Any],
        left: list[tuple[WorkItem, int]],
        until: float,
    ) -> None:
        for item, version in left:
            with self._own.begin(principal.organisation) as connection:
                outcome, by = "done", ""
                if item.resolved_at is not None and row["kind"] != "note":
                    outcome = "gone"
                elif row["kind"] != "note":
                    outcome, by = self._changed(connection, principal, row, item, version)
                self._happened(connection, principal, row, item, outcome, by)
            if time.monotonic() > until:
                return

    def _changed(
        self,
        connection: Connection,
        principal: Principal,
        row: dict[str, Any],
        item: WorkItem,
        version: int,
    ) -> tuple[str, str]:
        owner, state = after(row["kind"], row["to_person"], row["state"], item, principal.actor)
        given = {
            "own": principal.organisation,
            "me": principal.actor,
            "item": item.id,
            "episode": item.episode_id,
            "opened": item.opened_at,
            "new_state": state.value,
            "owner": owner,
            "version": version,
        }
        if connection.execute(_CARE, given).scalars():
            return "done", ""
        by = connection.execute(_CHANGED_BY, given).scalar_one_or_none()
        return "changed_meanwhile", by or ""

    async def _tried(self, principal: Principal, row: dict[str, Any], item: WorkItem) -> bool:
        """Whether it is dealt with; while the engine is down it is not."""
        outcome = "gone"
        if item.resolved_at is None:
            try:
                steps = await self._desk.try_again(principal, item.episode_id, row["text"])
                outcome = "done" if steps else "nothing_waited"
            except NotFound:
                outcome = "nothing_runs"
            except Unavailable:
                return False
        await asyncio.to_thread(self._told, principal, row, item, outcome)
        return True

    def _told(
        self, principal: Principal, row: dict[str, Any], item: WorkItem, outcome: str
    ) -> None:
        with self._own.begin(principal.organisation) as connection:
            self._happened(connection, principal, row, item, outcome, "")

    def _happened(
        self,
        connection: Connection,
        principal: Principal,
        row: dict[str, Any],
        item: WorkItem,
        outcome: str,
        by: str,
    ) -> None:
        given = {
            "id": row["id"],
            "item": item.id,
            "own": principal.organisation,
            "episode": item.episode_id,
            "me": principal.actor,
            "kind": row["kind"],
            "outcome": outcome,
            "to": row["to_person"],
            "state": row["state"],
            "by": by,
            "sealed": self._sealed(item.episode_id, row["text"]),
        }
        connection.execute(_EVENT, given)

    def action(self, principal: Principal, action_id: str) -> WorkAction:
        given = {"id": action_id, "own": principal.organisation}
        with self._own.begin(principal.organisation) as connection:
            rows = connection.execute(_READ, given).mappings()
        if not rows:
            raise NotFound("there is no such action")
        events = self.events(principal, _OUTCOMES, given)
        kept = {name: rows[0][name] for name in WorkAction.model_fields if name in rows[0]}
        return WorkAction(**kept, events=events)

    def events(
        self, principal: Principal, statement: str, given: dict[str, Any]
    ) -> list[WorkEvent]:
        with self._own.begin(principal.organisation) as connection:
            rows = connection.execute(statement, given).mappings()
        return [
            WorkEvent(text=self._words(row.pop("episode_id"), row.pop("sealed")), **row)
            for row in rows
        ]

    def people(self, principal: Principal) -> dict[str, str]:
        with self._own.begin(principal.organisation) as connection:
            rows = connection.execute(_PEOPLE, {"own": principal.organisation}).all()
        named = {row[0]: self._keyring.decrypt(SYSTEM, bytes(row[1]), _NAME) for row in rows}
        return {person: name.decode() for person, name in named.items()}

    def came(self, principal: Principal, name: str) -> None:
        self._keyring.ensure(SYSTEM)
        sealed = self._keyring.encrypt(SYSTEM, name.encode(), _NAME)
        given = {"own": principal.organisation, "me": principal.actor, "sealed": sealed}
        with self._own.begin(principal.organisation) as connection:
            connection.execute(_CAME, given)

    def _sealed(self, episode_id: str, text: str) -> bytes | None:
        return self._keyring.encrypt(episode_id, text.encode(), _FIELD) if text else None

    def _words(self, episode_id: str, sealed: bytes | None) -> str:
        """Nothing where the person is erased: that there were words stays."""
        try:
            sealed = bytes(sealed) if sealed else None
            return self._keyring.decrypt(episode_id, sealed, _FIELD).decode() if sealed else ""
        except (KeyDestroyed, KeyMissing):
            return ""


def after(kind: str, to_person: str, state: str, item: WorkItem, me: str) -> tuple[str, WorkState]:
    """Who looks after it then, and how it stands."""
    match kind:
        case "take":
            begun = WorkState.IN_WORK if item.state is WorkState.OPEN else item.state
            return me, begun
        case "give":
            return to_person, WorkState.OPEN if item.state is WorkState.DONE else item.state
        case "release":
            return "", WorkState.OPEN
    return item.owner or me, WorkState(state)
