"""What the API tells about family bindings and codes: from our rows, and naming nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from crossclaim.api.family_port import BindingFilters
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.errors import NotFound
from crossclaim.domain.family_binding import BindingHabits, BindingRow
from crossclaim.domain.family_sight import Side, may_read_visit, seen_by
from crossclaim.domain.family_story import BindingStory, ToldBinding, reason_sentence, tell_binding
from crossclaim.domain.family_story_sentences import CHANNELS
from crossclaim.domain.plan import Plan
from crossclaim.domain.stay import REGION_ZONE, local_day
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.security.roles import Principal
from crossclaim.service.reads import opened_cursor, sealed_cursor
from crossclaim.store.binding_rows import list_bindings, read_code_link, read_story, read_uses
from crossclaim.store.session import Database

_SPOKEN = {"en": "en", "zh-Hant": "zh_hant", "zh-Hans": "zh_hans"}


class SqlFamily:
    """Implements ``crossclaim.api.family_port.FamilyReads`` under row-level security."""

    def __init__(
        self, database: Database, habits: BindingHabits, plan: Callable[[], Plan | None]
    ) -> None:
        self._database = database
        self._habits = habits
        self._plan = plan

    async def binding(self, principal: Principal, binding_id: str) -> dict[str, Any]:
        return await asyncio.to_thread(self._binding, principal, binding_id)

    def _binding(self, principal: Principal, binding_id: str) -> dict[str, Any]:
        story = self._read(principal, binding_id)
        return {
            **binding_view(story.row, self._plan()),
            "exceptions": [
                {"code": e.code, "opened_at": _moment(e.at), "details": e.details}
                for e in story.exceptions
                if e.resolved_at is None
            ],
        }

    def _read(self, principal: Principal, binding_id: str) -> BindingStory:
        with self._database.begin(principal.organisation) as connection:
            story = read_story(connection, binding_id)
        if story is None:
            raise NotFound("there is no such family binding")
        return story

    async def bindings(
        self, principal: Principal, filters: BindingFilters, cursor: str | None
    ) -> dict[str, Any]:
        return await asyncio.to_thread(self._bindings, principal, filters, cursor)

    def _bindings(
        self, principal: Principal, filters: BindingFilters, cursor: str | None
    ) -> dict[str, Any]:
        after, plan = opened_cursor(cursor), self._plan()
        with self._database.begin(principal.organisation) as connection:
            found = list_bindings(connection, filters.state, after, filters.limit + 1)
        page, more = found[: filters.limit], len(found) > filters.limit
        return {
            "bindings": [binding_view(row, plan) for row in page],
            "next": sealed_cursor(page[-1].id) if more else None,
        }

    async def story(self, principal: Principal, binding_id: str, language: str) -> dict[str, Any]:
        story = await asyncio.to_thread(self._read, principal, binding_id)
        return story_view(tell_binding(story, self._habits, datetime.now(UTC)), language)

    async def uses(self, principal: Principal, binding_id: str, side: str) -> dict[str, Any]:
        return await asyncio.to_thread(self._uses, principal, binding_id, Side(side))

    def _uses(self, principal: Principal, binding_id: str, side: Side) -> dict[str, Any]:
        self._read(principal, binding_id)
        with self._database.begin(principal.organisation) as connection:
            uses = read_uses(connection, binding_id)
        return {
            "binding_id": binding_id,
            "side": side.value,
            "may_read_visits": may_read_visit(side),
            "uses": [
                {k: v for k, v in seen.model_dump(mode="json").items() if v != ""}
                for seen in seen_by(side, uses)
            ],
        }

    async def code_link(self, principal: Principal, link_id: str) -> dict[str, Any]:
        return await asyncio.to_thread(self._code_link, principal, link_id)

    def _code_link(self, principal: Principal, link_id: str) -> dict[str, Any]:
        with self._database.begin(principal.organisation) as connection:
            row = read_code_link(connection, link_id)
        if row is None:
            raise NotFound("there is no such family code link")
        return {
            "link_id": row["id"],
            "number": row["number"],
            "relation": row["relation"],
            "state": "linked" if row["ended_at"] is None else "ended",
            "linked_at": _moment(row["linked_at"]),
            "ended_at": _moment(row["ended_at"]),
            "opens_account": False,
        }


def binding_view(row: BindingRow, plan: Plan | None) -> dict[str, Any]:
    """One binding for the organisation that applied."""
    channel = sentence_of(CHANNELS[row.channel])
    return {
        "binding_id": row.id,
        "number": row.number,
        "state": row.state.value,
        "relation": row.relation,
        "channel": row.channel,
        "channel_name": channel.model_dump(),
        "channel_deducts": _deducts(row, plan),
        "applied_at": _moment(row.applied_at),
        "decided_on": _day(row.decided_on),
        "bound_on": _day(row.bound_on),
        "ended_on": _day(row.ended_on),
        "ended_by": row.ended_by or None,
        "office_knows_of_end": row.office_told_at is not None if row.ended_on else None,
        "office_number": row.office_number or None,
        "reason": _reason(row),
        "replaces": row.replaces,
        "rules": {
            "plan": row.plan,
            "version": row.plan_version,
            "on": _day(row.judged_on),
        },
    }


def _deducts(row: BindingRow, plan: Plan | None) -> bool | None:
    """Whether the channel itself can already take money; the hospital's settlement always can."""
    rules = plan.on(local_day(datetime.now(UTC))) if plan else None
    rule = rules.find(f"applications.deducts.{row.channel}") if rules else None
    return bool(rule.value) if rule else None


def _reason(row: BindingRow) -> dict[str, Any] | None:
    if not row.reason:
        return None
    return {"code": row.reason, "text": reason_sentence(row.reason).model_dump()}


def story_view(told: ToldBinding, language: str) -> dict[str, Any]:
    """The story as JSON in the reader's language."""
    return {
        "binding_id": told.binding_id,
        "language": language,
        "state": told.state,
        "story": [
            {"at": _moment(line.at), "kind": line.kind, "text": spoken(line.text, language)}
            for line in told.lines
        ],
        "waiting": {"code": told.waiting_for, "text": spoken(told.waiting, language)},
    }


def spoken(sentence: Sentence, language: str) -> str:
    text: str = getattr(sentence, _SPOKEN[language])
    return text


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(REGION_ZONE).isoformat("T", "seconds")


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
