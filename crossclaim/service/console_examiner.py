"""The examiner's desk over our rows; its words are the API's own messages."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from pydantic import TypeAdapter

from crossclaim.api.entry import enter, known_stay
from crossclaim.api.services import ApiServices
from crossclaim.console.examiner import (
    ClaimLine,
    ExaminedClaim,
    WaitingClaim,
    WaitingDecision,
)
from crossclaim.domain.allocation import TraceStep
from crossclaim.domain.errors import NotFound
from crossclaim.domain.examination import ExaminerDecision
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.claim_reviews import StoredReviews
from crossclaim.service.party_view import is_closed_off
from crossclaim.store.connection import Connection
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

_CLAIMS = """
select c.id, c.episode_id, c.reference, e.hospital_id, r.reasons, r.occurred_at as since,
       c.forecast_minor, c.benefit_currency as currency, c.state, r.trace, c.bill_id,
       exists (select 1 from claim_examination x
               where x.claim_id = c.id and x.state = 'waiting') as second,
       exists (select 1 from withdrawal w where w.episode_id = c.episode_id
               and w.organisation_id = %(organisation)s) as withdrawn
from claim c join claim_review r on r.claim_id = c.id join episode e on e.id = c.episode_id
where r.organisation_id = %(organisation)s
"""
_WAITING = f"{_CLAIMS} and c.state = 'pended' order by r.occurred_at, c.id limit 500"
_ONE = f"{_CLAIMS} and c.id = %(claim)s and c.episode_id = %(episode)s"
_LINES = """
select l.line, l.service_date, l.category, l.code, l.quantity, l.amount_minor,
       coalesce((select sum(s.amount_minor) from allocation_share s
         where s.bill_id = l.bill_id and s.line = l.line and s.organisation_id = %(organisation)s
           and s.version = (select max(a.version) from allocation a where a.bill_id = l.bill_id)),
         0)::bigint as share_minor
from charge_line l where l.bill_id = %(bill)s order by l.line
"""
_DECISION = """
select number, sealed, benefit_minor, currency, decided_at from claim_examination
where claim_id = %(claim)s and state = 'waiting'
"""
_STEPS = TypeAdapter(list[TraceStep])


class ExaminerDesk:
    """Implements ``crossclaim.console.examiner.Examiner`` under row-level security."""

    def __init__(self, database: Database, keyring: Keyring, services: ApiServices) -> None:
        self._database = database
        self._keyring = keyring
        self._services = services
        self._reviews = StoredReviews(database, keyring)

    async def waiting(self, principal: Principal) -> list[WaitingClaim]:
        return await asyncio.to_thread(self._waiting, principal.organisation)

    def _waiting(self, organisation: str) -> list[WaitingClaim]:
        """Without those that a withdrawn consent keeps from it, as ``claim`` does."""
        with self._database.begin(organisation) as connection:
            found = connection.execute(_WAITING, {"organisation": organisation}).mappings()
            told = {
                one: is_closed_off(organisation, rows)
                for one in {row["episode_id"] for row in found if row.pop("withdrawn")}
                if (rows := read_party_rows(connection, one)) is not None
            }
        open_ = (row for row in found if not told.get(row["episode_id"], False))
        return [WaitingClaim.model_validate(row) for row in open_]

    async def claim(self, principal: Principal, episode_id: str, claim_id: str) -> ExaminedClaim:
        # What a withdrawn consent keeps from the insurer is not among these.
        told = await self._reviews.listed(principal, episode_id)
        if claim_id not in {one["id"] for one in told["claims"]}:
            raise NotFound("there is no such claim")
        return await asyncio.to_thread(self._claim, principal.organisation, episode_id, claim_id)

    def _claim(self, organisation: str, episode_id: str, claim_id: str) -> ExaminedClaim:
        given = {"organisation": organisation, "episode": episode_id, "claim": claim_id}
        with self._database.begin(organisation) as connection:
            (row,) = connection.execute(_ONE, given).mappings()
            bill = {"bill": row.pop("bill_id"), "organisation": organisation}
            lines = connection.execute(_LINES, bill).mappings()
            decision = self._decision(connection, episode_id, claim_id)
        row["trace"] = _STEPS.validate_python(row["trace"])
        return ExaminedClaim(
            **row, lines=[ClaimLine.model_validate(line) for line in lines], decision=decision
        )

    def _decision(
        self, connection: Connection, episode_id: str, claim_id: str
    ) -> WaitingDecision | None:
        for row in connection.execute(_DECISION, {"claim": claim_id}).mappings():
            sealed = bytes(row.pop("sealed"))
            plain = json.loads(self._keyring.decrypt(episode_id, sealed, "examination"))
            known = {k: v for k, v in plain.items() if k in ExaminerDecision.model_fields}
            word = ExaminerDecision.model_validate(known)
            lines = {one.line: one.approved.amount_minor for one in word.lines}
            return WaitingDecision(**row, lines=lines)
        return None

    async def decide(self, principal: Principal, episode_id: str, word: dict[str, Any]) -> int:
        return await self._say(principal, SubmissionKind.CLAIM_DECISION, episode_id, word)

    async def confirm(self, principal: Principal, episode_id: str, word: dict[str, Any]) -> int:
        return await self._say(principal, SubmissionKind.CLAIM_CONFIRMATION, episode_id, word)

    async def _say(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        stay = await known_stay(self._services, principal, episode_id)
        answer = await enter(
            self._services,
            principal,
            kind,
            word,
            episode_id=episode_id,
            stay=stay,
            idempotency_key=None,
        )
        return answer.status
