"""Reads for the console: staff of the platform read all episodes, parties their own.

What is only stored (``storage_only``) is closed to both: the reader's role reads for somebody when
an organisation is named, and row-level security then hides it, as it does from the API.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from pydantic import TypeAdapter
from ulid import ULID

from crossclaim.api.audit_port import AuditRecord
from crossclaim.console.services import (
    EpisodeSearch,
    ExceptionGroup,
    ListedEpisode,
    StaffNote,
    ToldEpisode,
)
from crossclaim.domain.allocation import TraceStep
from crossclaim.domain.errors import NotFound
from crossclaim.domain.figure_parts import PlaceFigure
from crossclaim.domain.figures import Indicator, MonthFigure
from crossclaim.domain.search_text import read_text
from crossclaim.engine import EpisodeEngine
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import INSURER_ROLES, WATCHER_ROLES, Principal, Role
from crossclaim.service.audit import SqlAudit
from crossclaim.service.party_story import hears_all
from crossclaim.service.story import StoryTeller
from crossclaim.store.connection import Connection
from crossclaim.store.figure_reads import episodes_behind, figure_by_place, figures
from crossclaim.store.finance_reads import Finance, read_finance
from crossclaim.store.person_index import person_key
from crossclaim.store.session import Database

STAFF = WATCHER_ROLES | {Role.OPERATOR}
"""Of the platform they see every episode; of a hospital or an insurer what is theirs."""
_PAGE = 500

# Of an episode with two insurers, one sees nothing of the other's.
_WHOSE = """coalesce(
  (select c.organisation_id from claim c
   where c.episode_id = x.episode_id and x.reference in (c.id, c.reference) limit 1),
  (select g.insurer_id from guarantee g
   where g.episode_id = x.episode_id and x.reference in (g.id, g.reference) limit 1),
  (select p.debtor_organisation_id from payout_intent p where p.reference = x.reference))"""
_LIST = f"""
select e.id, e.hospital_id, e.visit_number, e.encounter_class, e.status, e.opened_at, e.closed_at,
  (select coalesce(sum(b.total_minor), 0)::bigint from bill b
   where b.episode_id = e.id and b.state = 'current' and (%(insurer)s::text is null or (
     exists (select 1 from claim c where c.bill_id = b.id and c.organisation_id = %(insurer)s)
     and not exists (select 1 from withdrawal w where w.episode_id = e.id
                     and w.organisation_id = %(insurer)s)))) as billed_minor,
  (select coalesce(sum(p.amount_minor), 0)::bigint from payout_intent p
   where p.episode_id = e.id and p.state = 'credited'
   and (%(insurer)s::text is null or p.debtor_organisation_id = %(insurer)s)) as paid_minor,
  (select coalesce(array_agg(distinct x.code), '{{}}') from exception_item x
   where x.episode_id = e.id and x.resolved_at is null
   and (%(insurer)s::text is null or %(insurer)s = {_WHOSE})) as exceptions
from episode e
where (cast(%(after)s as text) is null or e.id < %(after)s)
"""
_NARROWED = {
    "states": "and e.status = any(%(states)s)",
    "hospitals": "and e.hospital_id = any(%(hospitals)s)",
    "insurers": """and exists (select 1 from coverage c where c.episode_id = e.id
        and c.organisation_id = any(%(insurers)s))""",
    "payouts": """and exists (select 1 from payout_intent p where p.episode_id = e.id
        and p.state = any(%(payouts)s)
        and (%(insurer)s::text is null or p.debtor_organisation_id = %(insurer)s))""",
    "reasons": f"""and exists (select 1 from exception_item x where x.episode_id = e.id
        and x.resolved_at is null and x.code = any(%(reasons)s)
        and (%(insurer)s::text is null or %(insurer)s = {_WHOSE}))""",
}
_NUMBERED = """
select id from episode where id = %(text)s or visit_number = %(text)s
union select episode_id from bill where number = %(text)s or id = %(text)s
union select episode_id from claim where reference = %(text)s or id = %(text)s or number = %(text)s
union select episode_id from payout_intent where reference = %(text)s
union select episode_id from guarantee where reference = %(text)s or number = %(text)s
"""
_OF_A_PERSON = """
select episode_id from identity_index where (field, value) in
  (select f, v from unnest(%(fields)s::text[], %(values)s::bytea[]) as x(f, v))
"""
_NAMED = """
select episode_id from name_token where token = any(%(tokens)s::bytea[])
group by episode_id having count(*) = cardinality(%(tokens)s::bytea[])
"""
_EXCEPTIONS = f"""
select y.code, y.organisation, count(distinct y.episode_id)::integer as episodes,
       min(y.opened_at) as oldest,
       (array_agg(y.episode_id order by y.opened_at))[1:3] as samples
from (select x.code, x.episode_id, x.opened_at, {_WHOSE} as organisation
      from exception_item x where x.resolved_at is null) y
where %(insurer)s::text is null or y.organisation = %(insurer)s
group by y.code, y.organisation
order by episodes desc, oldest
"""


_TRACES = """
select distinct on (bill_id) bill_id, result -> 'trace' as trace
from allocation where episode_id = %(episode)s order by bill_id, version desc
"""
_NOTE = "staff_note"
_KNOWN = "select 1 from episode where id = %(episode)s"
_OPERATES = "select kind = 'operator' from organisation where id = %(organisation)s"
_NOTES = """
select id, person, kind, sealed, recorded_at from staff_note
where episode_id = %(episode)s order by recorded_at desc, id desc
"""
_WRITE = """
insert into staff_note (id, episode_id, organisation_id, person, kind, sealed)
values (%(id)s, %(episode)s, %(organisation)s, %(person)s, %(kind)s, %(sealed)s)
"""
_STEPS = TypeAdapter(list[TraceStep])


def insurer_of(principal: Principal) -> str | None:
    """Whose rows alone are told to a role of an insurer; ``None`` for the others."""
    return principal.organisation if principal.role in INSURER_ROLES else None


class ConsoleDesk:
    """Implements ``crossclaim.console.services.Desk``."""

    def __init__(
        self,
        own: Database,
        all_: Database,
        keyring: Keyring,
        own_teller: StoryTeller,
        all_teller: StoryTeller,
        engine: EpisodeEngine,
    ) -> None:
        """``own`` sees what an organisation may see; ``all_`` is the reader's role."""
        self._own, self._all = own, all_
        self._keyring = keyring
        self._audit = SqlAudit(own)
        self._own_teller, self._all_teller = own_teller, all_teller
        self._engine = engine
        self._operators: dict[str, bool] = {}

    def _looks_after_all(self, principal: Principal) -> bool:
        """Staff of the platform itself; another organisation's support is its own alone."""
        organisation = principal.organisation
        if principal.role not in STAFF:
            return False
        if organisation not in self._operators:
            with self._own.begin(organisation) as connection:
                found = connection.execute(_OPERATES, {"organisation": organisation})
                self._operators[organisation] = bool(found.scalar_one_or_none())
        return self._operators[organisation]

    def _database(self, principal: Principal) -> Database:
        return self._all if self._looks_after_all(principal) else self._own

    def _known(self, principal: Principal, episode_id: str) -> bool:
        """Whether it is read by the reader's role. Raises ``NotFound``."""
        database = self._database(principal)
        with database.begin(principal.organisation) as connection:
            if not connection.execute(_KNOWN, {"episode": episode_id}).scalars():
                raise NotFound("there is no such episode")
        return database is self._all

    async def listed(self, principal: Principal, search: EpisodeSearch) -> list[ListedEpisode]:
        return await asyncio.to_thread(self._listed, principal, search, search.limit + 1)

    async def all_of(
        self, principal: Principal, search: EpisodeSearch
    ) -> AsyncIterator[ListedEpisode]:
        while True:
            page = await asyncio.to_thread(self._listed, principal, search, _PAGE)
            for listed in page:
                yield listed
            if len(page) < _PAGE:
                return
            search = search.model_copy(update={"after": page[-1].id})

    def _listed(
        self, principal: Principal, search: EpisodeSearch, limit: int
    ) -> list[ListedEpisode]:
        database = self._database(principal)
        given: dict[str, Any] = {"after": search.after, "limit": limit}
        given["insurer"] = insurer_of(principal)
        query = _LIST
        for name, narrowed in _NARROWED.items():
            if values := getattr(search, name):
                query, given[name] = f"{query} {narrowed}", values
        with database.begin(principal.organisation) as connection:
            if search.figure:
                behind = episodes_behind(search.figure.indicator, search.figure.good)
                query, given["month"] = f"{query} and e.id in ({behind})", search.figure.month
                given["whose"] = [own] if (own := insurer_of(principal)) else []
            if search.text.strip():
                query += " and e.id = any(%(found)s)"
                given["found"] = self._found(connection, principal, search.text)
            rows = connection.execute(f"{query} order by e.id desc limit %(limit)s", given)
            return [ListedEpisode.model_validate(row) for row in rows.mappings()]

    def _found(self, connection: Connection, principal: Principal, text: str) -> list[str]:
        """Ids of the episodes that the text may mean; the text itself goes nowhere in clear.

        An operator sees that an episode waits, and does not learn which are a person's.
        """
        meant = read_text(text)
        found = set(connection.execute(_NUMBERED, {"text": meant.number}).scalars())
        if principal.role is Role.OPERATOR:
            return sorted(found)
        if meant.documents:
            index = self._keyring.blind_index
            given = {
                "fields": [document.value for document in meant.documents],
                "values": [index(person_key(d, meant.number), d.value) for d in meant.documents],
            }
            found |= set(connection.execute(_OF_A_PERSON, given).scalars())
        if meant.name and (tokens := self._keyring.name_tokens(meant.name)):
            found |= set(connection.execute(_NAMED, {"tokens": tokens}).scalars())
        return sorted(found)

    async def told(self, principal: Principal, episode_id: str, language: str) -> ToldEpisode:
        every = await asyncio.to_thread(self._known, principal, episode_id)
        if every:
            told = await self._all_teller.read_out(episode_id, language)
        else:
            told = await self._own_teller.read_out_to(principal, episode_id, language)
        traces: dict[str, list[TraceStep]] = {}
        if hears_all(principal):
            # An insurer is not told the rules of the others' parts.
            traces = await asyncio.to_thread(self._traces, principal, episode_id)
        notes: list[StaffNote] = []
        if every and told.facts.staff_notes:
            notes = await asyncio.to_thread(self._notes, episode_id)
        return ToldEpisode(
            story=told.story, facts=told.facts, rows=told.rows, traces=traces, notes=notes
        )

    def _notes(self, episode_id: str) -> list[StaffNote]:
        with self._all.begin() as connection:
            rows = connection.execute(_NOTES, {"episode": episode_id}).mappings()
        return [StaffNote(text=self._words(episode_id, row.pop("sealed")), **row) for row in rows]

    def _words(self, episode_id: str, sealed: bytes) -> str:
        """Nothing where the person is erased: that there was a note stays."""
        try:
            return self._keyring.decrypt(episode_id, sealed, _NOTE).decode()
        except (KeyDestroyed, KeyMissing):
            return ""

    async def note(self, principal: Principal, episode_id: str, text: str) -> None:
        await asyncio.to_thread(self._write, principal, episode_id, "note", text)

    async def try_again(self, principal: Principal, episode_id: str, reason: str) -> list[str]:
        await asyncio.to_thread(self._write, principal, episode_id, "try_again", reason)
        return await self._engine.try_again_now(episode_id)

    def _write(self, principal: Principal, episode_id: str, kind: str, text: str) -> None:
        self._known(principal, episode_id)
        sealed = self._keyring.encrypt(episode_id, text.encode(), _NOTE)
        with self._own.begin(principal.organisation) as connection:
            connection.execute(
                _WRITE,
                {
                    "id": f"nt_{ULID()}",
                    "episode": episode_id,
                    "organisation": principal.organisation,
                    "person": principal.key_id,
                    "kind": kind,
                    "sealed": sealed,
                },
            )

    def _traces(self, principal: Principal, episode_id: str) -> dict[str, list[TraceStep]]:
        database = self._database(principal)
        with database.begin(principal.organisation) as connection:
            rows = connection.execute(_TRACES, {"episode": episode_id}).mappings()
            return {row["bill_id"]: _STEPS.validate_python(row["trace"] or []) for row in rows}

    async def exceptions(self, principal: Principal) -> list[ExceptionGroup]:
        return await asyncio.to_thread(self._exceptions, principal)

    def _exceptions(self, principal: Principal) -> list[ExceptionGroup]:
        database = self._database(principal)
        with database.begin(principal.organisation) as connection:
            rows = connection.execute(_EXCEPTIONS, {"insurer": insurer_of(principal)}).mappings()
            return [ExceptionGroup.model_validate(row) for row in rows]

    async def figures(
        self, principal: Principal, insurers: list[str], hospitals: list[str]
    ) -> list[MonthFigure]:
        return await asyncio.to_thread(self._figures, principal, insurers, hospitals)

    def _figures(
        self, principal: Principal, insurers: list[str], hospitals: list[str]
    ) -> list[MonthFigure]:
        database = self._database(principal)
        with database.begin(principal.organisation) as connection:
            return figures(
                connection, [own] if (own := insurer_of(principal)) else insurers, hospitals
            )

    async def figure(
        self, principal: Principal, indicator: Indicator, insurers: list[str], hospitals: list[str]
    ) -> list[PlaceFigure]:
        whose = [own] if (own := insurer_of(principal)) else insurers

        def read() -> list[PlaceFigure]:
            with self._database(principal).begin(principal.organisation) as connection:
                return figure_by_place(connection, indicator, whose, hospitals)

        return await asyncio.to_thread(read)

    async def finance(self, principal: Principal) -> Finance:
        return await asyncio.to_thread(self._finance, principal)

    def _finance(self, principal: Principal) -> Finance:
        database = self._database(principal)
        with database.begin(principal.organisation) as connection:
            return read_finance(connection, insurer_of(principal))

    async def looked(self, principal: Principal, operation: str, about: str, outcome: str) -> None:
        await self._audit.record(
            AuditRecord(
                organisation=principal.organisation,
                key_id=principal.key_id,
                operation=operation,
                about=about,
                outcome=outcome,
            )
        )
