"""Proposals of changed rule files, what was said of them, and their back-tests."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from psycopg.errors import CheckViolation
from pydantic import BaseModel, ConfigDict
from ulid import ULID

from crossclaim.domain.plan_proposal import PlanProposal, ProposalWord
from crossclaim.store.session import Database

_READ = """
select p.id, p.organisation_id, p.plan_id, p.version, p.follows, p.wanted_from, p.reason,
       p.proposed_by, p.proposed_at, a.in_force_from
from plan_proposal p left join plan_activation a on a.proposal_id = p.id
where (%(id)s::text is null or p.id = %(id)s) and (%(plan)s::text is null or p.plan_id = %(plan)s)
order by p.proposed_at desc, p.id desc limit 200
"""
_WORDS = """
select proposal_id, kind, person, reason, said_at from plan_proposal_word
where proposal_id = any(%(ids)s) order by said_at
"""
_ADD = """
insert into plan_proposal
    (id, organisation_id, plan_id, version, content, follows, wanted_from, reason, proposed_by)
values (%(id)s, %(organisation)s, %(plan)s, %(version)s, %(content)s, %(follows)s, %(wanted)s,
        %(reason)s, %(person)s)
"""
_SAY = """
insert into plan_proposal_word (proposal_id, kind, organisation_id, person, reason)
values (%(id)s, %(kind)s, %(organisation)s, %(person)s, %(reason)s)
on conflict (proposal_id, kind) do nothing
"""
_TESTS = """
select id, proposal_id, month, asked_by, asked_at, state, claims, done, result, fault, finished_at
from plan_backtest where (%(id)s::text is null or id = %(id)s)
  and (%(proposal)s::text is null or proposal_id = %(proposal)s)
order by asked_at desc, id desc limit 20
"""
_ASK = """
insert into plan_backtest (id, proposal_id, organisation_id, month, asked_by)
values (%(id)s, %(proposal)s, %(organisation)s, %(month)s, %(person)s)
"""


class WordRefused(Exception):
    """What is said comes too late, or from the wrong person; ``code`` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NewProposal(BaseModel):
    """``content``: a rule file without a fault."""

    model_config = ConfigDict(frozen=True)

    plan_id: str
    version: str
    content: str
    follows: str
    wanted_from: date | None
    reason: str


class BacktestRow(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    proposal_id: str
    month: str
    asked_by: str
    asked_at: datetime
    state: str
    claims: int
    done: int
    result: dict[str, Any] | None
    fault: str
    finished_at: datetime | None


class SqlPlanProposals:
    """``database`` says whose rows are seen; the trigger keeps the rule of two persons."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, organisation: str, person: str, new: NewProposal) -> str:
        proposal_id = f"pp_{ULID()}"
        given = {
            "id": proposal_id,
            "organisation": organisation,
            "plan": new.plan_id,
            "version": new.version,
            "content": new.content,
            "follows": new.follows,
            "wanted": new.wanted_from,
            "reason": new.reason,
            "person": person,
        }
        with self._database.begin(organisation) as connection:
            connection.execute(_ADD, given)
        return proposal_id

    def found(
        self, organisation: str, *, proposal_id: str | None = None, plan_id: str | None = None
    ) -> list[PlanProposal]:
        """Newest first, at most 200."""
        with self._database.begin(organisation) as connection:
            rows = [
                dict(row)
                for row in connection.execute(
                    _READ, {"id": proposal_id, "plan": plan_id}
                ).mappings()
            ]
            ids = [row["id"] for row in rows]
            said = connection.execute(_WORDS, {"ids": ids}).mappings() if ids else []
            words = [dict(word) for word in said]
        return [
            PlanProposal(
                **row,
                words=[
                    ProposalWord.model_validate({k: v for k, v in w.items() if k != "proposal_id"})
                    for w in words
                    if w["proposal_id"] == row["id"]
                ],
            )
            for row in rows
        ]

    def content(self, organisation: str, proposal_id: str) -> str:
        with self._database.begin(organisation) as connection:
            text: str = connection.execute(
                "select content from plan_proposal where id = %(id)s", {"id": proposal_id}
            ).scalar_one()
        return text

    def say(self, organisation: str, person: str, proposal_id: str, kind: str, reason: str) -> bool:
        """False: it was said before. Raises ``WordRefused``."""
        given = {"id": proposal_id, "kind": kind, "organisation": organisation}
        try:
            with self._database.begin(organisation) as connection:
                return bool(
                    connection.execute(_SAY, {**given, "person": person, "reason": reason}).rowcount
                )
        except CheckViolation as error:
            raise WordRefused(error.diag.constraint_name or "") from None

    def ask_backtest(self, organisation: str, person: str, proposal_id: str, month: str) -> str:
        backtest_id = f"bt_{ULID()}"
        given = {"id": backtest_id, "proposal": proposal_id, "organisation": organisation}
        with self._database.begin(organisation) as connection:
            connection.execute(_ASK, {**given, "month": month, "person": person})
        return backtest_id

    def backtests(
        self, organisation: str, *, proposal_id: str | None = None, backtest_id: str | None = None
    ) -> list[BacktestRow]:
        """Newest first."""
        asked = {"id": backtest_id, "proposal": proposal_id}
        with self._database.begin(organisation) as connection:
            rows = connection.execute(_TESTS, asked).mappings()
            return [BacktestRow.model_validate(dict(row)) for row in rows]


def as_json(result: dict[str, Any]) -> str:
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))
