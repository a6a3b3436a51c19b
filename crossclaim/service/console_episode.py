"""Reads of an episode's pages beside its story: ledger, documents, decisions, messages.

Staff of the platform read as the reader's role, parties as the application's under row-level
security; of an episode with two insurers each sees its own part, as ``party_view`` says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from typing import Any

from pydantic import TypeAdapter

from activities.ports import Documents
from crossclaim.console.episode_port import DecidedLine, EpisodeDetails, Paper, SentMessage
from crossclaim.domain.bill_difference import BillDifference
from crossclaim.domain.errors import NotFound
from crossclaim.domain.message_mask import EVERYTHING, Personal, masked
from crossclaim.domain.running_balance import LedgerPosting
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.security.roles import (
    INSURER_ROLES,
    Operation,
    Principal,
    Role,
    may,
)
from crossclaim.service.bills import SqlBills
from crossclaim.service.console_desk import ConsoleDesk
from crossclaim.service.party_story import hears_all
from crossclaim.service.party_view import is_closed_off
from crossclaim.store.connection import Connection
from crossclaim.store.outbound_messages import FIELD
from crossclaim.store.rows import read_party_rows

_POSTINGS = """
select n.id as entry, n.kind, p.account_id as account, a.kind as account_kind, p.amount_minor,
       p.currency, n.occurred_at, n.recorded_at, n.reverses
from entry n join posting p on p.entry_id = n.id join account a on a.id = p.account_id
where n.episode_id = %(id)s order by n.id, p.ordinal
"""
_PAPERS = """
select d.sha256, d.organisation_id as organisation, d.content_type, d.size_bytes, d.recorded_at,
       exists (select 1 from information_item i join information_request r on r.id = i.request_id
               where i.episode_id = d.episode_id and i.sha256 = d.sha256
               and r.organisation_id = %(organisation)s) as asked
from document d where d.episode_id = %(id)s order by d.recorded_at, d.sha256
"""
_PAPER = (
    "select object_key, content_type from document where episode_id = %(id)s and sha256 = %(sha)s"
)
_DECISIONS = """
select c.id, c.organisation_id, c.decision -> 'lines' as lines from claim c
where c.episode_id = %(id)s and jsonb_typeof(c.decision -> 'lines') = 'array'
"""
_TOLD = """
select distinct m.attempt_id from outbound_message m
where m.episode_id = %(id)s and (%(party)s::text is null or m.party = %(party)s)
"""
_MESSAGES = """
select m.method, m.status, m.took_ms, m.request_bytes, m.answer_bytes, m.sealed
from outbound_message m
where m.episode_id = %(id)s and m.attempt_id = %(attempt)s
  and (%(party)s::text is null or m.party = %(party)s)
order by m.ordinal
"""
_PASS = "paper_pass"
_LINES = TypeAdapter(list[DecidedLine])
_SEEN: dict[Role, Collection[Personal]] = {
    # They are at the other end of the wire.
    Role.INSURER_SYSTEM: EVERYTHING,
    Role.INSURER_EXAMINER: EVERYTHING,
    Role.INSURER_SUPERVISOR: EVERYTHING,
    # Whose patient it is; where he has his money is between him and who pays.
    Role.HOSPITAL_BILLING: (Personal.NAME, Personal.IDENTITY, Personal.DIAGNOSIS),
    Role.HOSPITAL_PROVIDER: (Personal.NAME, Personal.DIAGNOSIS),
}
"""What a role sees of a person in a message; the others nothing."""


class EpisodeDesk:
    """Implements ``crossclaim.console.episode_port.EpisodeReads``."""

    def __init__(self, desk: ConsoleDesk, keyring: Keyring, documents: Documents | None) -> None:
        self._desk = desk
        self._keyring = keyring
        self._documents = documents

    async def details(self, principal: Principal, episode_id: str) -> EpisodeDetails:
        return await asyncio.to_thread(self._details, principal, episode_id)

    def _details(self, principal: Principal, episode_id: str) -> EpisodeDetails:
        given = {"id": episode_id, "organisation": principal.organisation}
        with self._desk.database(principal).begin(principal.organisation) as connection:
            postings = connection.execute(_POSTINGS, given).mappings()
            papers = connection.execute(_PAPERS, given).mappings()
            decisions = connection.execute(_DECISIONS, given).mappings()
            told: list[int] = []
            if may(principal, Operation.READ_PARTY_MESSAGE):
                found = connection.execute(_TOLD, {**given, "party": _party(principal)})
                told = list(found.scalars())
            closed_off = self._closed_off(connection, principal, episode_id)
        whole = hears_all(principal)
        own = principal.organisation
        return EpisodeDetails(
            postings=[
                LedgerPosting.model_validate(one)
                for one in postings
                if whole or own in one["account"].split(":")
            ],
            papers=[] if closed_off else _papers(principal, papers),
            decisions={
                one["id"]: _LINES.validate_python(one["lines"])
                for one in decisions
                if whole or (one["organisation_id"] == own and not closed_off)
            },
            told=[] if closed_off else told,
        )

    def _closed_off(self, connection: Connection, principal: Principal, episode_id: str) -> bool:
        """A withdrawn consent keeps this insurer from what it was sent."""
        if hears_all(principal):
            return False
        rows = read_party_rows(connection, episode_id)
        return rows is None or is_closed_off(principal.organisation, rows)

    async def difference(
        self, principal: Principal, episode_id: str, number: str, old: int, new: int
    ) -> BillDifference:
        bills = SqlBills(self._desk.database(principal))
        return await asyncio.to_thread(bills.difference_of, principal, episode_id, number, old, new)

    async def messages(
        self, principal: Principal, episode_id: str, attempt_id: int, *, in_clear: bool
    ) -> list[SentMessage]:
        return await asyncio.to_thread(
            self._messages, principal, episode_id, attempt_id, in_clear=in_clear
        )

    def _messages(
        self, principal: Principal, episode_id: str, attempt_id: int, *, in_clear: bool
    ) -> list[SentMessage]:
        given = {"id": episode_id, "attempt": attempt_id, "party": _party(principal)}
        with self._desk.database(principal).begin(principal.organisation) as connection:
            rows = connection.execute(_MESSAGES, given).mappings()
            if self._closed_off(connection, principal, episode_id):
                rows = []
        if not rows:
            raise NotFound("there is no such message")
        shown = EVERYTHING if in_clear else _SEEN.get(principal.role, ())
        return [self._message(episode_id, row, shown) for row in rows]

    def _message(
        self, episode_id: str, row: dict[str, Any], shown: Collection[Personal]
    ) -> SentMessage:
        sealed, told = row.pop("sealed"), {"path": "", "request": "", "answer": ""}
        try:
            if sealed is not None:
                told = json.loads(self._keyring.decrypt(episode_id, bytes(sealed), FIELD))
        except (KeyDestroyed, KeyMissing):
            # Erased: that there was a message stays.
            pass
        whole = set(shown) >= EVERYTHING
        return SentMessage(
            path=told["path"] if whole else told["path"].partition("?")[0].rpartition("/")[0],
            request=masked(json.loads(told["request"]), shown) if told["request"] else None,
            answer=masked(json.loads(told["answer"]), shown) if told["answer"] else None,
            masked=not whole,
            **row,
        )

    def signed(self, about: str) -> str:
        return self._keyring.blind_index(about, _PASS).hex()

    async def paper(self, principal: Principal, episode_id: str, sha256: str) -> tuple[str, bytes]:
        return await asyncio.to_thread(self._paper, principal, episode_id, sha256)

    def _paper(self, principal: Principal, episode_id: str, sha256: str) -> tuple[str, bytes]:
        nothing = NotFound("there is no such document")
        given = {"id": episode_id, "sha": sha256, "organisation": principal.organisation}
        with self._desk.database(principal).begin(principal.organisation) as connection:
            known = _papers(principal, connection.execute(_PAPERS, given).mappings())
            found = connection.execute(_PAPER, given).one_or_none()
            closed_off = self._closed_off(connection, principal, episode_id)
        may_see = any(one.mine for one in known if one.sha256 == sha256) and not closed_off
        if found is None or not may_see or self._documents is None:
            raise nothing
        return found.content_type, self._documents.get(found.object_key)


def _party(principal: Principal) -> str | None:
    """Whose messages alone a role of an insurer reads."""
    return principal.organisation if principal.role in INSURER_ROLES else None


def _papers(principal: Principal, rows: list[dict[str, Any]]) -> list[Paper]:
    """All to who hears the whole story; an insurer only what it sent or had asked for."""
    whole = hears_all(principal)
    found = []
    for row in rows:
        asked = row.pop("asked")
        own = asked or row["organisation"] == principal.organisation
        mine = own or whole if may(principal, Operation.READ_PAPER) else False
        if whole or own:
            found.append(Paper(mine=mine, **row))
    return found
