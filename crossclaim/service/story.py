"""Tells an episode's story from our rows and its runs' histories, live or archived."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from crossclaim.config import Parties
from crossclaim.domain.episode_clocks import Clock, clocks_of
from crossclaim.domain.errors import CrossclaimError, NotFound
from crossclaim.domain.habits import Habits
from crossclaim.domain.plan import Plan
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.standing import standing_of
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.story import Story, tell
from crossclaim.domain.story_facts import ArchiveFact, RunFacts, Runs, StoryFacts
from crossclaim.domain.story_line import Scene
from crossclaim.domain.why_unpaid import Answer, why_unpaid
from crossclaim.gateways.documents import S3Documents
from crossclaim.security.roles import Principal
from crossclaim.service.party_story import hears_all, own_facts, own_wait
from crossclaim.service.party_view import own_rows
from crossclaim.service.story_history import archived_run, run_of
from crossclaim.store.rows import read_party_rows, read_rows
from crossclaim.store.session import Database
from crossclaim.store.story_rows import read_story_facts
from crossclaim.wiring import House
from workflows.policies import episode_workflow_id

_ENGINE_ANSWERS_WITHIN_S = 5.0
_Read = tuple[StoryFacts, EpisodeRows]


class _Silent(Exception):
    """The workflow engine does not answer."""


@dataclass(frozen=True)
class ReadOut:
    """A story and the rows that it was told from, as the same person may see them."""

    story: Story
    facts: StoryFacts
    rows: EpisodeRows
    habits: Habits
    clocks: list[Clock]
    answer: Answer
    """Why nobody has been paid yet, or that somebody was."""


def _no_plan() -> Plan | None:
    return None


@dataclass(frozen=True)
class StoryTeller:
    """Reads and merges; ``documents`` is None where there is no document store."""

    database: Database
    reference: Reference
    parties: Parties
    client: Client
    documents: S3Documents | None
    payout_plan: Callable[[], Plan | None] = _no_plan
    """Clocks and rails of payouts, by which the steps of its run count too."""

    async def tell_to(self, principal: Principal, episode_id: str, language: str) -> Story:
        """The story as ``principal`` may hear it: an insurer only what concerns it."""
        return (await self.read_out_to(principal, episode_id, language)).story

    async def read_out_to(self, principal: Principal, episode_id: str, language: str) -> ReadOut:
        """``tell_to``, with what it was told from."""
        organisation = principal.organisation
        if hears_all(principal):
            return await self.read_out(episode_id, language, organisation)
        facts, rows = await asyncio.to_thread(self._read, episode_id, organisation)
        now, habits = datetime.now(UTC), self._habits(rows)
        standing = standing_of(rows, habits, now)
        own, rows = own_facts(organisation, facts), own_rows(organisation, rows)
        # A run's steps are about all parties, so its history is not told from.
        story = tell(own, rows, standing, Runs(), self.reference, now, language)
        paid = {p.reference for p in own.payouts}
        return self._out(own_wait(organisation, story, standing, paid), own, rows, habits, now)

    async def tell(self, episode_id: str, language: str, organisation: str | None = None) -> Story:
        """The whole story, read as ``organisation``'s; None reads all, under a role that may.

        Raises ``NotFound`` and ``Unavailable`` of the database. A silent engine or store is no
        error: the story's last line says what is missing.
        """
        return (await self.read_out(episode_id, language, organisation)).story

    async def read_out(
        self, episode_id: str, language: str, organisation: str | None = None
    ) -> ReadOut:
        """``tell``, with what it was told from."""
        facts, rows = await asyncio.to_thread(self._read, episode_id, organisation)
        runs = await self._runs(episode_id, facts.archives)
        now, habits = datetime.now(UTC), self._habits(rows)
        standing = standing_of(rows, habits, now)
        story = tell(facts, rows, standing, runs, self.reference, now, language)
        return self._out(story, facts, rows, habits, now)

    def _habits(self, rows: EpisodeRows) -> Habits:
        plan = self.payout_plan() if rows.claims else None
        return habits_of(self.parties, rows).model_copy(update={"payout_plan": plan})

    def _out(
        self, story: Story, facts: StoryFacts, rows: EpisodeRows, habits: Habits, now: datetime
    ) -> ReadOut:
        clocks = clocks_of(rows, habits.payout_plan, now)
        wait = story.waiting.code if story.waiting else ""
        answer = why_unpaid(Scene(facts, self.reference), rows, wait, clocks)
        return ReadOut(story, facts, rows, habits, clocks, answer)

    def _read(self, episode_id: str, organisation: str | None) -> _Read:
        with self.database.begin(organisation) as connection:
            facts = read_story_facts(connection, episode_id)
            read = read_rows if organisation is None else read_party_rows
            rows = read(connection, episode_id)
        if facts is None or rows is None:
            raise NotFound("there is no such episode")
        return facts, rows

    async def _runs(self, episode_id: str, archives: list[ArchiveFact]) -> Runs:
        silent = False
        newest: RunFacts | None = None
        try:
            async with asyncio.timeout(_ENGINE_ANSWERS_WITHIN_S):
                newest = await self._newest(episode_id)
        except (TimeoutError, _Silent):
            silent = True
        told = [] if newest is None else [newest]
        missing = elsewhere = False
        for archive in archives:
            if not archive.events:
                elsewhere = True
                continue
            if newest is not None and archive.run_id == newest.run_id:
                continue
            run = await asyncio.to_thread(self._archived, episode_id, archive)
            if run is None:
                missing = True
            else:
                told.append(run)
        told.sort(key=lambda run: run.started_at)
        return Runs(
            runs=told, engine_silent=silent, archive_silent=missing, archived_elsewhere=elsewhere
        )

    async def _newest(self, episode_id: str) -> RunFacts | None:
        """The newest run that the engine still has; None when it keeps none any more."""
        handle = self.client.get_workflow_handle(episode_workflow_id(episode_id))
        limit = timedelta(seconds=_ENGINE_ANSWERS_WITHIN_S)
        try:
            about = await handle.describe(rpc_timeout=limit)
            exact = self.client.get_workflow_handle(handle.id, run_id=about.run_id)
            history = await exact.fetch_history(rpc_timeout=limit)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise _Silent from error
        except RuntimeError as error:
            # A lazy client connects with its first call, and says so in its own way.
            raise _Silent from error
        running = about.status is WorkflowExecutionStatus.RUNNING
        return run_of(history, running, about.raw_description.pending_activities)

    def _archived(self, episode_id: str, archive: ArchiveFact) -> RunFacts | None:
        if self.documents is None:
            return None
        try:
            content = self.documents.get(archive.object_key)
            return run_of(archived_run(episode_id, content), running=False)
        except (CrossclaimError, ValueError):
            return None


async def story_of(house: House, episode_id: str, language: str) -> Story:
    """The whole story for support: ``house`` is built as the worker's or the reader's role.

    ``language`` is ``en``, ``zh-Hant`` or ``zh-Hans``. Raises ``NotFound`` and ``Unavailable``.
    """
    client = await house.client(lazy=True)
    return await teller_of(house, client).tell(episode_id, language)


def teller_of(house: House, client: Client) -> StoryTeller:
    """A teller over one process's things."""
    return StoryTeller(
        database=house.database,
        reference=house.reference,
        parties=house.parties,
        client=client,
        documents=house.documents if house.settings.s3_endpoint else None,
        payout_plan=lambda: house.plan_shelf.plans().find(house.settings.payout_rails_plan),
    )


def story_body(story: Story) -> dict[str, Any]:
    """The story as JSON in the reader's language, every line with its source."""
    waiting = story.waiting
    return {
        "episode_id": story.episode_id,
        "language": story.language,
        "status": story.status,
        "story": [
            {
                "at": told.at.astimezone(REGION_ZONE).isoformat(timespec="milliseconds"),
                "who": told.who,
                "text": story.spoken(told.text),
                "money": [amount.model_dump() for amount in told.money],
                "kind": told.kind,
                "source": told.source,
            }
            for told in story.lines
        ],
        "waiting": None
        if waiting is None
        else {
            "code": waiting.code,
            "text": story.spoken(waiting.text),
            "since": waiting.since.astimezone(REGION_ZONE).isoformat(timespec="seconds"),
            "until": waiting.until.astimezone(REGION_ZONE).isoformat(timespec="seconds")
            if waiting.until
            else None,
        },
        "money": {
            "funders": [
                {**funder.model_dump(exclude={"name"}), "name": story.spoken(funder.name)}
                for funder in story.money.funders
            ],
            "balances": [balance.model_dump() for balance in story.money.balances],
        },
    }


def habits_of(parties: Parties, rows: EpisodeRows) -> Habits:
    """How long the parties of this episode may take, as the steps of its run know it."""
    within_s = {i.organisation: i.answer_within_s for i in parties.insurers}
    habits = Habits(insurer_within_s=within_s, voucher_records=True)
    if parties.bureau is not None:
        asked = {"bureau": True, "bureau_answer_within_s": parties.bureau.answer_within_s}
        habits = habits.model_copy(update=asked)
    named = {p.bank for p in rows.payouts}
    bank = next((b for b in parties.banks if b.bank in named), None)
    if bank is None:
        return habits
    return habits.model_copy(
        update={
            "bank_answer_within_s": bank.answer_within_s,
            "bank_inquire_every_s": bank.inquire_every_s,
            "bank_status_request": bank.status_request,
            "bank_credit_advice": bank.credit_advice,
        }
    )
