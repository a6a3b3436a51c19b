"""Decided claims as a party may see them: where they stand, their appeals and their letters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from activities.ports import Documents
from crossclaim.documents.claim_letters import PrintedLetters
from crossclaim.domain.appeal import APPEAL_PLAN
from crossclaim.domain.appeal_clock import appeal_clock
from crossclaim.domain.claim_letter import LetterKind
from crossclaim.domain.errors import Final, NotFound
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import original
from crossclaim.domain.reference import Reference
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import WATCHER_ROLES, Principal
from crossclaim.service.claim_letter_facts import letter_of
from crossclaim.service.party_view import own_rows
from crossclaim.store.connection import Connection
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

HTML = "text/html"
_EPISODE = "select episode_id from claim where id = %(claim)s"


class ClaimDesk:
    """Implements ``crossclaim.api.claim_reads.ClaimReads`` under row-level security."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        objects: Documents,
        plans: Callable[[], PlanSet],
        reference: Reference,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._objects = objects
        self._plans = plans
        self._reference = reference
        self._printed = PrintedLetters()

    async def episode_of(self, principal: Principal, claim_id: str) -> str:
        return await asyncio.to_thread(self._episode_of, principal, claim_id)

    def _episode_of(self, principal: Principal, claim_id: str) -> str:
        with self._database.begin(principal.organisation) as connection:
            return seen_claim(connection, principal, claim_id)[0].episode.id

    async def appeals(self, principal: Principal, claim_id: str) -> dict[str, Any]:
        return await asyncio.to_thread(self._appeals, principal, claim_id)

    def _appeals(self, principal: Principal, claim_id: str) -> dict[str, Any]:
        """With each appeal's clock as it stands now."""
        with self._database.begin(principal.organisation) as connection:
            rows, claim = seen_claim(connection, principal, claim_id)
        plan, now = self._plans().find(APPEAL_PLAN), datetime.now(UTC)
        return {
            "episode_id": rows.episode.id,
            "claim_id": claim.id,
            "appeals": [
                {
                    **one.model_dump(mode="json", exclude={"claim_id", "due_at"}),
                    "clock": appeal_clock(one, plan, now).model_dump(mode="json"),
                }
                for one in rows.appeals
                if one.claim_id == claim.id
            ],
            "decisions": [
                one.model_dump(mode="json", exclude={"claim_id", "room_fen"})
                for one in rows.revisions
                if one.claim_id == claim.id
            ],
        }

    async def letter(
        self,
        principal: Principal,
        claim_id: str,
        kind: LetterKind,
        language: str,
        version: int | None,
    ) -> tuple[str, bytes]:
        return await asyncio.to_thread(self._letter, principal, claim_id, kind, language, version)

    def _letter(
        self,
        principal: Principal,
        claim_id: str,
        kind: LetterKind,
        language: str,
        version: int | None,
    ) -> tuple[str, bytes]:
        """As it was issued; the first who asks for one has it issued."""
        with self._database.begin(principal.organisation) as connection:
            rows, claim = seen_claim(connection, principal, claim_id)
            told = letter_of(
                connection, self._keyring, self._plans(), self._reference, rows, claim, version
            )
        name = f"{claim.id}-{kind.value}-{told.version}-{language}.html"
        key = f"{rows.episode.id}/claim-letters/{name}"
        try:
            return HTML, self._objects.get(key)
        except Final as missing:
            if missing.code != "DOCUMENT_MISSING":
                raise
        content = self._printed.letter(told, kind, language)
        self._objects.put(key, content, HTML)
        return HTML, content


def seen_claim(
    connection: Connection, principal: Principal, claim_id: str
) -> tuple[EpisodeRows, ClaimRow]:
    """The claim with its episode's rows as this reader may see them. Raises ``NotFound``.

    An insurer sees its own claim, while no withdrawn consent keeps it from the bill.
    """
    nobody = NotFound("there is no such claim")
    episode = connection.execute(_EPISODE, {"claim": claim_id}).scalar_one_or_none()
    rows = None if episode is None else read_party_rows(connection, episode)
    if rows is None:
        raise nobody
    whole = principal.organisation == rows.episode.hospital_id or principal.role in WATCHER_ROLES
    if not whole:
        mine = own_rows(principal.organisation, rows)
        claim = original(mine, claim_id)
        if claim is None or all(bill.id != claim.bill_id for bill in mine.bills):
            raise nobody
        return rows, claim
    claim = original(rows, claim_id)
    if claim is None:
        raise nobody
    return rows, claim
