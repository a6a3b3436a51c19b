"""The worker's side of back-tests: which bills a month has, and how far a comparison is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crossclaim.domain.plan import Plan
from crossclaim.domain.plan_proposal import AskedBacktest
from crossclaim.store.plan_proposals import as_json
from crossclaim.store.session import Database

BILLS_MAX = 5000
_ASKED = """
select b.id, b.month, b.state, p.plan_id, p.content, o.kind, o.id as organisation
from plan_backtest b join plan_proposal p on p.id = b.proposal_id
join organisation o on o.id = p.organisation_id where b.id = %(id)s
"""
_BILLS = """
select b.episode_id, b.id from bill b
where b.state = 'current'
  and b.occurred_at >= (%(month)s || '-01')::timestamp at time zone 'Asia/Shanghai'
  and b.occurred_at < ((%(month)s || '-01')::timestamp + interval '1 month')
                      at time zone 'Asia/Shanghai'
  and (%(insurer)s::text is null or exists (select 1 from coverage c
       where c.episode_id = b.episode_id and c.organisation_id = %(insurer)s))
order by b.occurred_at desc, b.id desc limit %(limit)s
"""
_NOTE = """
update plan_backtest set state = 'running', claims = %(claims)s, done = %(done)s
where id = %(id)s and state in ('asked', 'running')
"""
_FINISH = """
update plan_backtest set state = 'done', result = %(result)s::jsonb, finished_at = now()
where id = %(id)s and state in ('asked', 'running')
"""
_FAIL = """
update plan_backtest set state = 'failed', fault = %(fault)s, finished_at = now()
where id = %(id)s and state in ('asked', 'running')
"""


class SqlPlanBacktests:
    """Implements ``activities.plan_backtest_port.PlanBacktests``; ``read`` reads a rule file."""

    def __init__(self, database: Database, read: Callable[[str, str], Plan]) -> None:
        self._database = database
        self._read = read

    def asked(self, backtest_id: str) -> AskedBacktest | None:
        with self._database.begin() as connection:
            row = connection.execute(_ASKED, {"id": backtest_id}).one_or_none()
        if row is None or row.state in ("done", "failed"):
            return None
        plan = self._read(row.content, f"{row.plan_id}.yaml")
        insurer = row.organisation if row.kind == "insurer" else None
        return AskedBacktest(id=row.id, plan=plan, month=row.month, insurer=insurer)

    def bills(self, asked: AskedBacktest) -> list[tuple[str, str]]:
        given = {"month": asked.month, "insurer": asked.insurer, "limit": BILLS_MAX}
        with self._database.begin() as connection:
            return [(row.episode_id, row.id) for row in connection.execute(_BILLS, given)]

    def note(self, backtest_id: str, claims: int, done: int) -> None:
        self._write(_NOTE, {"id": backtest_id, "claims": claims, "done": done})

    def finish(self, backtest_id: str, result: dict[str, Any]) -> None:
        self._write(_FINISH, {"id": backtest_id, "result": as_json(result)})

    def fail(self, backtest_id: str, fault: str) -> None:
        self._write(_FAIL, {"id": backtest_id, "fault": fault})

    def _write(self, statement: str, values: dict[str, object]) -> None:
        with self._database.begin() as connection:
            connection.execute(statement, values)
