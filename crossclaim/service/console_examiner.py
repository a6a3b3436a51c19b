"""The examiner's desk over our rows; its words are the API's own messages."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from activities.ports import Documents
from crossclaim.api.services import ApiServices
from crossclaim.console.examiner import (
    ClaimLine,
    Drawn,
    ExaminedClaim,
    OpenAppeal,
    SaidBefore,
    Samples,
    WaitingClaim,
    WaitingDecision,
)
from crossclaim.domain.allocation import AllocationResult, TraceStep
from crossclaim.domain.errors import Conflict, NotFound
from crossclaim.domain.examination import ExaminerDecision
from crossclaim.domain.money import Currency, fen
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import Principal
from crossclaim.service.console_claim_papers import ClaimPapers
from crossclaim.service.console_door import ApiDoor
from crossclaim.service.console_people import OwnPeople
from crossclaim.service.party_view import is_closed_off, own_rows
from crossclaim.store.claim_samples import read_samples
from crossclaim.store.connection import Connection
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

_CLAIMS = """
select c.id, c.episode_id, c.reference, e.hospital_id, coalesce(r.reasons, '{}') as reasons,
       coalesce(r.occurred_at, c.occurred_at) as since, c.forecast_minor,
       c.benefit_currency as currency, c.state, coalesce(r.trace, '[]') as trace, c.bill_id,
       exists (select 1 from claim_examination x
               where x.claim_id = c.id and x.state = 'waiting') as second,
       (select count(*)::integer from information_item i
        join information_request q on q.id = i.request_id
        where i.claim_id = c.id and i.state = 'wanted' and q.state = 'open'
          and q.organisation_id = %(organisation)s) as asked,
       coalesce((select a.level from appeal a where a.claim_id = c.id and a.state = 'open'), 0)
         as appeal,
       coalesce(t.kind, '') as holding, coalesce(t.person, '') as holder,
       t.recorded_at as held_since, t.note_sealed,
       exists (select 1 from withdrawal w where w.episode_id = c.episode_id
               and w.organisation_id = %(organisation)s) as withdrawn
from claim c join episode e on e.id = c.episode_id
left join claim_review r on r.claim_id = c.id and r.organisation_id = %(organisation)s
left join lateral (
  select kind, person, recorded_at, note_sealed from claim_taking where claim_id = c.id
  order by id desc limit 1) t on true
where c.organisation_id = %(organisation)s
"""
_WAITING = f"""{_CLAIMS} and c.state = 'pended' and r.claim_id is not null
order by r.occurred_at, c.id limit 500"""
_APPEALED = f"""{_CLAIMS} and c.id in (select claim_id from appeal where state = 'open')
order by (select due_at from appeal where claim_id = c.id and state = 'open'), c.id limit 500"""
_ONE = f"{_CLAIMS} and c.id = %(claim)s and c.episode_id = %(episode)s"
_LINES = """
select l.line, l.service_date, l.category, l.code, l.quantity, l.amount_minor,
       coalesce((select sum(s.amount_minor) from allocation_share s
         where s.bill_id = l.bill_id and s.line = l.line and s.organisation_id = %(organisation)s
           and s.version = (select max(a.version) from allocation a where a.bill_id = l.bill_id)),
         0)::bigint as share_minor,
       array(select distinct x from allocation_share s, unnest(s.reasons) x
         where s.bill_id = l.bill_id and s.line = l.line and s.organisation_id = %(organisation)s
           and s.version = (select max(a.version) from allocation a where a.bill_id = l.bill_id)
         order by 1) as why
from charge_line l where l.bill_id = %(bill)s order by l.line
"""
_SAID = """
select number, sealed, benefit_minor, currency, state, decided_by, decided_at, confirmed_by,
       confirmed_at
from claim_examination where claim_id = %(claim)s order by decided_at, number
"""
_CHECKED = "select 1 from claim_review where claim_id = %(claim)s"
_APPEAL = """
select level, organisation_id as lodged_by, lodged_at, due_at, reason_sealed, lines, not_by
from appeal where claim_id = %(claim)s and state = 'open'
"""
_LOCK = "select pg_advisory_xact_lock(hashtextextended(%(claim)s, 0))"
_HELD = """
select kind, person from claim_taking where claim_id = %(claim)s order by id desc limit 1
"""
_HOLD = """
insert into claim_taking (claim_id, episode_id, organisation_id, person, kind, from_person,
    note_sealed)
values (%(claim)s, %(episode)s, %(organisation)s, %(person)s, %(kind)s, %(before)s, %(note)s)
"""
_NOTE = "claim_taking"
_HIDDEN = ("note_sealed", "withdrawn")
_STEPS = TypeAdapter(list[TraceStep])


class ExaminerDesk:
    """Implements ``crossclaim.console.examiner.Examiner`` under row-level security."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        services: ApiServices,
        people: OwnPeople | None = None,
        objects: Documents | None = None,
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._door = ApiDoor(services)
        self._people = people or OwnPeople(database, keyring)
        self._papers = ClaimPapers(keyring, objects)

    async def waiting(self, principal: Principal) -> list[WaitingClaim]:
        return await asyncio.to_thread(self._listed, principal.organisation, _WAITING)

    async def appealed(self, principal: Principal) -> list[WaitingClaim]:
        return await asyncio.to_thread(self._listed, principal.organisation, _APPEALED)

    def _listed(self, organisation: str, query: str) -> list[WaitingClaim]:
        """Without those that a withdrawn consent keeps from it, as ``claim`` does."""
        with self._database.begin(organisation) as connection:
            found = connection.execute(query, {"organisation": organisation}).mappings()
            told = {
                one: is_closed_off(organisation, rows)
                for one in {row["episode_id"] for row in found if row.pop("withdrawn")}
                if (rows := read_party_rows(connection, one)) is not None
            }
        open_ = (row for row in found if not told.get(row["episode_id"], False))
        return [WaitingClaim.model_validate(row) for row in open_]

    async def claim(self, principal: Principal, episode_id: str, claim_id: str) -> ExaminedClaim:
        return await asyncio.to_thread(self._claim, principal, episode_id, claim_id)

    def _claim(self, principal: Principal, episode_id: str, claim_id: str) -> ExaminedClaim:
        organisation = principal.organisation
        given = {"organisation": organisation, "episode": episode_id, "claim": claim_id}
        with self._database.begin(organisation) as connection:
            bill_id, result = self._open(connection, organisation, episode_id, claim_id)
            (row,) = connection.execute(_ONE, given).mappings()
            bill = {"bill": bill_id, "organisation": organisation}
            lines = connection.execute(_LINES, bill).mappings()
            said, decision = self._said(connection, principal, episode_id, claim_id)
            requests = self._papers.requests(connection, episode_id, claim_id, organisation)
            documents = self._papers.shown(connection, episode_id, bill_id, requests)
            appeal = self._appeal(connection, principal, episode_id, claim_id)
        row["trace"] = _STEPS.validate_python(row["trace"])
        note = self._opened(episode_id, row["note_sealed"])
        counted = {
            line["line"]: _by_rules(result, organisation, row["currency"], line["share_minor"])
            for line in lines
        }
        return ExaminedClaim(
            **{name: value for name, value in row.items() if name not in _HIDDEN},
            lines=[ClaimLine(**line, rules_minor=counted[line["line"]]) for line in lines],
            decision=decision,
            said=said,
            documents=documents,
            requests=requests,
            open_appeal=appeal,
            note=note,
        )

    def _open(
        self, connection: Connection, organisation: str, episode_id: str, claim_id: str
    ) -> tuple[str, AllocationResult | None]:
        """The claim's bill and its newest split. Raises ``NotFound``, also for what a withdrawn
        consent keeps from the insurer."""
        rows = read_party_rows(connection, episode_id)
        mine = None if rows is None else own_rows(organisation, rows)
        claim = next((c for c in mine.claims if c.id == claim_id), None) if mine else None
        if rows is None or mine is None or claim is None:
            raise NotFound("there is no such claim")
        seen = claim.submitted_at or claim.decided_at or self._checked(connection, claim_id)
        if not seen or all(bill.id != claim.bill_id for bill in mine.bills):
            raise NotFound("there is no such claim")
        allocation = rows.allocation(claim.bill_id)
        return claim.bill_id, None if allocation is None else allocation.result

    def _checked(self, connection: Connection, claim_id: str) -> bool:
        """Whether a check sent it to a person; what waits for a consent is nobody's to read."""
        return bool(connection.execute(_CHECKED, {"claim": claim_id}).scalars())

    def _said(
        self, connection: Connection, principal: Principal, episode_id: str, claim_id: str
    ) -> tuple[list[SaidBefore], WaitingDecision | None]:
        """Every decision so far, and the one that waits for another person."""
        said, waiting = [], None
        for row in connection.execute(_SAID, {"claim": claim_id}).mappings():
            sealed = bytes(row.pop("sealed"))
            plain = json.loads(self._keyring.decrypt(episode_id, sealed, "examination"))
            known = {k: v for k, v in plain.items() if k in ExaminerDecision.model_fields}
            word = ExaminerDecision.model_validate(known)
            said.append(SaidBefore(**row, by_rules=word.by_rules))
            if row["state"] == "waiting":
                lines = {one.line: one.approved.amount_minor for one in word.lines}
                mine = row["decided_by"] in (principal.actor, principal.key_id)
                waiting = WaitingDecision(**row, lines=lines, mine=mine)
        return said, waiting

    def _appeal(
        self, connection: Connection, principal: Principal, episode_id: str, claim_id: str
    ) -> OpenAppeal | None:
        for row in connection.execute(_APPEAL, {"claim": claim_id}).mappings():
            plain = self._keyring.decrypt(episode_id, bytes(row.pop("reason_sealed")), "appeal")
            barred = {principal.actor, principal.key_id} & set(row.pop("not_by"))
            return OpenAppeal(**row, reason=plain.decode(), not_mine=bool(barred))
        return None

    def _opened(self, episode_id: str, sealed: Any) -> str:
        if sealed is None:
            return ""
        return self._keyring.decrypt(episode_id, bytes(sealed), _NOTE).decode()

    async def claim_file(
        self, principal: Principal, episode_id: str, claim_id: str, sha256: str
    ) -> tuple[str, bytes]:
        return await asyncio.to_thread(self._file, principal, episode_id, claim_id, sha256)

    def _file(
        self, principal: Principal, episode_id: str, claim_id: str, sha256: str
    ) -> tuple[str, bytes]:
        organisation = principal.organisation
        with self._database.begin(organisation) as connection:
            bill_id, _ = self._open(connection, organisation, episode_id, claim_id)
            requests = self._papers.requests(connection, episode_id, claim_id, organisation)
            shown = self._papers.shown(connection, episode_id, bill_id, requests)
            if sha256 not in {one.sha256 for one in shown}:
                raise NotFound("there is no such document")
            return self._papers.content(connection, episode_id, sha256)

    async def hold(
        self,
        principal: Principal,
        episode_id: str,
        claim_id: str,
        kind: str,
        before: str,
        note: str = "",
    ) -> None:
        given = {"episode": episode_id, "claim": claim_id, "kind": kind, "before": before}
        await asyncio.to_thread(self._hold, principal, given, note)

    def _hold(self, principal: Principal, given: dict[str, Any], note: str) -> None:
        """The newest row says who has it; two people who take it at once come one by one."""
        episode_id, organisation = given["episode"], principal.organisation
        # What is sealed under a new key is kept before this transaction begins.
        sealed = self._keyring.encrypt(episode_id, note.encode(), _NOTE) if note else None
        with self._database.begin(organisation) as connection:
            self._open(connection, organisation, episode_id, given["claim"])
            connection.execute(_LOCK, {"claim": given["claim"]})
            row = connection.execute(_HELD, {"claim": given["claim"]}).one_or_none()
            holder = row.person if row is not None and row.kind == "taken" else ""
            if holder not in ("", principal.actor, given["before"]):
                raise Conflict("somebody else has taken this claim meanwhile")
            values = {"organisation": organisation, "person": principal.actor, "note": sealed}
            connection.execute(_HOLD, {**given, **values, "before": holder})

    async def samples(self, principal: Principal) -> Samples:
        return await asyncio.to_thread(self._samples, principal.organisation)

    def _samples(self, organisation: str) -> Samples:
        with self._database.begin(organisation) as connection:
            found = read_samples(connection, organisation)
        drawn = [Drawn.model_validate(row) for row in found.drawn]
        return Samples(drawn=drawn, estimates=found.estimates)

    async def names(self, principal: Principal, people: Iterable[str]) -> dict[str, str]:
        return await self._people.names(principal, people)

    async def decide(self, principal: Principal, episode_id: str, word: dict[str, Any]) -> int:
        kind = SubmissionKind.CLAIM_DECISION
        return await self._door.say(principal, kind, episode_id, word)

    async def confirm(self, principal: Principal, episode_id: str, word: dict[str, Any]) -> int:
        kind = SubmissionKind.CLAIM_CONFIRMATION
        return await self._door.say(principal, kind, episode_id, word)


def _by_rules(
    result: AllocationResult | None, organisation: str, currency: str, share_minor: int
) -> int | None:
    """What the rules have the insurer carry of a line in its own currency; papers are converted
    day by day, so that no one rate says it."""
    rate = None if result is None or result.papers else result.rate_of(organisation)
    if rate is None or rate.currency is not Currency(currency):
        return None
    minor: int = rate.from_fen(fen(share_minor)).amount_minor
    return minor
