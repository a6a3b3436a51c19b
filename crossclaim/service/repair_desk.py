"""Repairs of an episode: how it stands, what a cancellation would do, and a run begun anew."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from ulid import ULID

from crossclaim.api.access import fresh
from crossclaim.api.entry import check_episode_id, enter
from crossclaim.api.services import Answer, ApiServices
from crossclaim.domain.episode_cancellation import CancellationPlan, cancellation_plan
from crossclaim.domain.errors import NotFound
from crossclaim.domain.habits import Habits
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.repair_state import HoldTold, OpenStep, Ordered, RepairState, SkipTold
from crossclaim.domain.skippable import MAY, due_to_skip, open_to_skip
from crossclaim.domain.standing import standing_of
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind
from crossclaim.engine import EpisodeEngine
from crossclaim.security.conditions import Condition, asks
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.party_view import sees_all
from crossclaim.service.platform_staff import PlatformStaff
from crossclaim.store.repair_reads import read_repairs
from crossclaim.store.repair_tables import SEALED_AS
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

_NOTE = """
insert into staff_note (id, episode_id, organisation_id, person, kind, sealed)
values (%(id)s, %(episode)s, %(organisation)s, %(person)s, %(kind)s, %(sealed)s)
"""


class RepairDesk:
    """Implements ``crossclaim.api.repair_port.Repairs``."""

    def __init__(
        self, own: Database, staff: PlatformStaff, keyring: Keyring, engine: EpisodeEngine
    ) -> None:
        self._own, self._staff = own, staff
        self._keyring = keyring
        self._engine = engine

    async def known(self, principal: Principal, episode_id: str) -> None:
        await asyncio.to_thread(self._seen, principal, episode_id)

    def _seen(self, principal: Principal, episode_id: str) -> None:
        with self._staff.database(principal).begin(principal.organisation) as connection:
            _rows(read_party_rows(connection, episode_id), principal)

    async def state(self, principal: Principal, episode_id: str) -> RepairState:
        return await asyncio.to_thread(self.state_told, principal, episode_id)

    async def cancellation(self, principal: Principal, episode_id: str) -> CancellationPlan:
        return await asyncio.to_thread(self.cancellation_told, principal, episode_id)

    async def retry(self, principal: Principal, episode_id: str, reason: str) -> list[str]:
        await asyncio.to_thread(self._note, principal, episode_id, "try_again", reason)
        return await self._engine.try_again_now(episode_id)

    async def reset(self, principal: Principal, episode_id: str, reason: str) -> None:
        await asyncio.to_thread(self._note, principal, episode_id, "reset", reason)
        await self._engine.begin_anew(episode_id)

    def state_told(self, principal: Principal, episode_id: str) -> RepairState:
        with self._staff.database(principal).begin(principal.organisation) as connection:
            rows = _rows(read_party_rows(connection, episode_id), principal)
            told = read_repairs(connection, episode_id)
        worded = {name: [self._in_words(episode_id, one) for one in told[name]] for name in told}
        holds = [HoldTold.model_validate(one) for one in worded["holds"]]
        cancelled = [Ordered.model_validate(one) for one in worded["cancellations"]]
        return RepairState(
            episode_id=episode_id,
            revision=rows.episode.revision,
            status=rows.episode.status,
            hold=next((one for one in holds if one.released_at is None), None),
            holds=holds,
            cancellation=cancelled[0] if cancelled else None,
            skips=[SkipTold.model_validate(one) for one in worded["skips"]],
            may_skip=list(_open_steps(rows)),
        )

    def cancellation_told(self, principal: Principal, episode_id: str) -> CancellationPlan:
        with self._staff.database(principal).begin(principal.organisation) as connection:
            return cancellation_plan(_rows(read_party_rows(connection, episode_id), principal))

    def _in_words(self, episode_id: str, row: dict[str, Any]) -> dict[str, Any]:
        sealed = bytes(row.pop("sealed"))
        try:
            note = self._keyring.decrypt(episode_id, sealed, SEALED_AS).decode()
        except (KeyDestroyed, KeyMissing):
            note = ""
        return {**row, "note": note}

    def _note(self, principal: Principal, episode_id: str, kind: str, text: str) -> None:
        """What staff had done, and why, is kept before it is done."""
        self._seen(principal, episode_id)
        sealed = self._keyring.encrypt(episode_id, text.encode(), "staff_note")
        with self._own.begin(principal.organisation) as connection:
            connection.execute(
                _NOTE,
                {
                    "id": f"nt_{ULID()}",
                    "episode": episode_id,
                    "organisation": principal.organisation,
                    "person": principal.key_id,
                    "kind": kind,
                    "sealed": sealed,
                },
            )


class RepairForms(RepairDesk):
    """Implements ``crossclaim.console.repairs.Repairs``: its words are the API's own messages."""

    def __init__(
        self,
        own: Database,
        staff: PlatformStaff,
        keyring: Keyring,
        engine: EpisodeEngine,
        api: ApiServices,
    ) -> None:
        super().__init__(own, staff, keyring, engine)
        self._api = api

    async def say(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        if asks(kind.value, Condition.STEP_UP):
            fresh(self._api.identity, principal)
        answer = await said(self._api, principal, kind, episode_id, word, None)
        return answer.status


async def said(
    services: ApiServices,
    principal: Principal,
    kind: SubmissionKind,
    episode_id: str,
    word: dict[str, Any],
    idempotency_key: str | None,
) -> Answer:
    """An order about an episode as a whole; none of them asks where its stay stands."""
    return await enter(
        services,
        principal,
        kind,
        word,
        episode_id=check_episode_id(episode_id),
        stay=Stay(),
        idempotency_key=idempotency_key,
    )


def _rows(rows: EpisodeRows | None, principal: Principal) -> EpisodeRows:
    if rows is None or not sees_all(principal, rows):
        raise NotFound("there is no such episode")
    return rows


def _open_steps(rows: EpisodeRows) -> list[OpenStep]:
    due = due_to_skip(standing_of(rows, Habits(voucher_records=True), datetime.now(UTC)))
    asked = {(s.step, s.subject) for s in rows.skips if s.approved is not False}
    return [
        OpenStep(step=step, subject=subject, why=MAY[step].value)
        for step, subject in open_to_skip(rows, due)
        if (step, subject) not in asked
    ]
