"""Reads for the console: staff of the platform read all episodes, parties their own.

What is only stored (``storage_only``) is closed to both: the reader's role reads for somebody when
an organisation is named, and row-level security then hides it, as it does from the API.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from pydantic import TypeAdapter
from ulid import ULID

from crossclaim.api.audit_port import AuditRecord
from crossclaim.console.services import (
    EpisodeSearch,
    ListedEpisode,
    StaffNote,
    ToldEpisode,
    place_after,
)
from crossclaim.domain.allocation import TraceStep
from crossclaim.domain.errors import NotFound
from crossclaim.domain.figure_parts import PlaceFigure
from crossclaim.domain.figures import Indicator, MonthFigure
from crossclaim.engine import EpisodeEngine
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.audit import SqlAudit
from crossclaim.service.console_search import EpisodeFinder
from crossclaim.service.console_views import StoredViews
from crossclaim.service.console_visitor import insurer_of
from crossclaim.service.console_worklist import StaffWorklist
from crossclaim.service.party_story import hears_all
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.service.story import StoryTeller
from crossclaim.store.figure_reads import figure_by_place, figures
from crossclaim.store.finance_reads import Finance, read_finance
from crossclaim.store.people import SqlPeople
from crossclaim.store.session import Database

_PAGE = 2000

_TRACES = """
select distinct on (bill_id) bill_id, result -> 'trace' as trace
from allocation where episode_id = %(episode)s order by bill_id, version desc
"""
_NOTE = "staff_note"
_KNOWN = "select 1 from episode where id = %(episode)s"
_NOTES = """
select id, person, kind, sealed, recorded_at from staff_note
where episode_id = %(episode)s order by recorded_at desc, id desc
"""
_WRITE = """
insert into staff_note (id, episode_id, organisation_id, person, kind, sealed)
values (%(id)s, %(episode)s, %(organisation)s, %(person)s, %(kind)s, %(sealed)s)
"""
_STEPS = TypeAdapter(list[TraceStep])


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
        self._staff = PlatformStaff(own, all_)
        self._keyring = keyring
        self._finder = EpisodeFinder(self._staff, keyring)
        self._worklist = StaffWorklist(self._staff, keyring, self)
        self._views = StoredViews(own, keyring)
        self._audit = SqlAudit(own)
        self._people = SqlPeople(own, keyring)
        self._own_teller, self._all_teller = own_teller, all_teller
        self._engine = engine

    @property
    def worklist(self) -> StaffWorklist:
        return self._worklist

    @property
    def views(self) -> StoredViews:
        return self._views

    def database(self, principal: Principal) -> Database:
        """The door through which this visitor reads."""
        return self._staff.database(principal)

    def seen_by(self, principal: Principal) -> tuple[Database, str | None]:
        """The database's door that is the visitor's; the organisation that it is narrowed to."""
        database = self.database(principal)
        return database, None if database is self._all else principal.organisation

    def _known(self, principal: Principal, episode_id: str) -> bool:
        """Whether it is read by the reader's role. Raises ``NotFound``."""
        database = self.database(principal)
        with database.begin(principal.organisation) as connection:
            if not connection.execute(_KNOWN, {"episode": episode_id}).scalars():
                raise NotFound("there is no such episode")
        return database is self._all

    async def listed(self, principal: Principal, search: EpisodeSearch) -> list[ListedEpisode]:
        return await asyncio.to_thread(self._finder.page, principal, search, search.limit + 1)

    async def counted(self, principal: Principal, search: EpisodeSearch) -> int:
        return await asyncio.to_thread(self._finder.count, principal, search)

    async def all_of(
        self, principal: Principal, search: EpisodeSearch
    ) -> AsyncIterator[ListedEpisode]:
        while True:
            page = await asyncio.to_thread(self._finder.page, principal, search, _PAGE)
            for listed in page:
                yield listed
            if len(page) < _PAGE:
                return
            after, value = place_after(search, page[-1])
            search = search.model_copy(update={"after": after, "after_value": value})

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
            story=told.story,
            facts=told.facts,
            rows=told.rows,
            traces=traces,
            notes=notes,
            habits=told.habits,
            clocks=told.clocks,
            answer=told.answer,
        )

    def _notes(self, episode_id: str) -> list[StaffNote]:
        with self._all.begin() as connection:
            rows = connection.execute(_NOTES, {"episode": episode_id}).mappings()
        names = {person: self._called(person) for person in {row["person"] for row in rows}}
        return [
            StaffNote(
                text=self._words(episode_id, row.pop("sealed")),
                **{**row, "person": names[row["person"]]},
            )
            for row in rows
        ]

    def _called(self, person: str) -> str:
        """The name of who wrote it; nothing for a key of a machine, which has none."""
        if not person.startswith("pn_"):
            return ""
        known = self._people.by_id(person)
        return known.name if known is not None else ""

    def _words(self, episode_id: str, sealed: bytes) -> str:
        """Nothing where the person is erased: that there was a note stays."""
        try:
            return self._keyring.decrypt(episode_id, sealed, _NOTE).decode()
        except (KeyDestroyed, KeyMissing):
            return ""

    async def note(self, principal: Principal, episode_id: str, text: str) -> None:
        await asyncio.to_thread(self._write, principal, episode_id, "note", text)

    async def saw_in_clear(self, principal: Principal, episode_id: str, reason: str) -> None:
        await asyncio.to_thread(self._write, principal, episode_id, "in_clear", reason)

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
                    "person": principal.actor,
                    "kind": kind,
                    "sealed": sealed,
                },
            )

    def _traces(self, principal: Principal, episode_id: str) -> dict[str, list[TraceStep]]:
        database = self.database(principal)
        with database.begin(principal.organisation) as connection:
            rows = connection.execute(_TRACES, {"episode": episode_id}).mappings()
            return {row["bill_id"]: _STEPS.validate_python(row["trace"] or []) for row in rows}

    async def figures(
        self, principal: Principal, insurers: list[str], hospitals: list[str]
    ) -> list[MonthFigure]:
        return await asyncio.to_thread(self._figures, principal, insurers, hospitals)

    def _figures(
        self, principal: Principal, insurers: list[str], hospitals: list[str]
    ) -> list[MonthFigure]:
        database = self.database(principal)
        with database.begin(principal.organisation) as connection:
            return figures(
                connection, [own] if (own := insurer_of(principal)) else insurers, hospitals
            )

    async def figure(
        self, principal: Principal, indicator: Indicator, insurers: list[str], hospitals: list[str]
    ) -> list[PlaceFigure]:
        whose = [own] if (own := insurer_of(principal)) else insurers

        def read() -> list[PlaceFigure]:
            with self.database(principal).begin(principal.organisation) as connection:
                return figure_by_place(connection, indicator, whose, hospitals)

        return await asyncio.to_thread(read)

    async def finance(self, principal: Principal) -> Finance:
        return await asyncio.to_thread(self._finance, principal)

    def _finance(self, principal: Principal) -> Finance:
        database = self.database(principal)
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
