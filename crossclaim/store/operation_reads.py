"""Counts for the page of operations: no row names a person, and few an episode."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.operations import AuditSeen, LineSeen, PartyCalls, StepLatency
from crossclaim.store.connection import Connection

_CALLS = """
with calls as (
    select party, operation, started_at, finished_at, outcome from outbound_attempt
    where started_at > now() - interval '24 hours'
    union all
    select 'huimin', operation, started_at, finished_at, outcome from credit_attempt
    where started_at > now() - interval '24 hours'
    union all
    select 'family-office', operation, started_at, finished_at, outcome from family_binding_attempt
    where started_at > now() - interval '24 hours'
)
"""
_TOOK = "extract(epoch from finished_at - started_at)"
_NOW = "started_at > now() - interval '15 minutes'"
_FAILED = "outcome in ('unknown', 'not_taken')"
_ANSWERED = "outcome in ('answered', 'refused')"
"""A refusal is an answer: the party works, and says no."""
_PARTIES = f"""
{_CALLS}
select party,
    (count(*) filter (where {_NOW}))::integer as calls,
    (count(*) filter (where {_NOW} and {_FAILED}))::integer as failed,
    percentile_cont(0.5) within group (order by {_TOOK}) filter (where {_NOW}) as p50_s,
    percentile_cont(0.99) within group (order by {_TOOK}) filter (where {_NOW}) as p99_s,
    count(*)::integer as calls_day,
    (count(*) filter (where {_FAILED}))::integer as failed_day,
    percentile_cont(0.5) within group (order by {_TOOK}) as p50_day_s,
    percentile_cont(0.99) within group (order by {_TOOK}) as p99_day_s,
    max(finished_at) filter (where {_ANSWERED}) as last_success,
    max(started_at) as last_call
from calls group by party order by party
"""
_STEPS = f"""
{_CALLS}
select party, operation, count(*)::integer as calls,
    percentile_cont(0.5) within group (order by {_TOOK}) as p50_s,
    percentile_cont(0.99) within group (order by {_TOOK}) as p99_s
from calls where finished_at is not null and (%(party)s::text is null or party = %(party)s)
group by party, operation order by p99_s desc, party, operation limit 20
"""
# The last try of a call that nothing has settled; a try that has just begun is none of them.
_UNSETTLED = """
from outbound_attempt a
where (a.outcome in ('unknown', 'not_taken')
       or a.outcome is null and a.started_at < now() - interval '1 minute')
  and not exists (select 1 from outbound_attempt b where b.reference = a.reference
                  and b.operation = a.operation and b.attempt > a.attempt)
"""
_UNKNOWN = f"select a.party, count(*)::integer as unknown {_UNSETTLED} group by a.party"
_WAITING = f"""
select distinct a.episode_id {_UNSETTLED} and a.party = %(party)s
  and exists (select 1 from episode e where e.id = a.episode_id and e.status = 'open')
order by a.episode_id limit %(limit)s
"""
_WINDOW = """
select count(*)::integer as calls,
    percentile_cont(0.5) within group
        (order by extract(epoch from outcome_at - received_at)) as p50_s,
    percentile_cont(0.99) within group
        (order by extract(epoch from outcome_at - received_at)) as p99_s
from submission where received_at > now() - interval '24 hours' and outcome_at is not null
"""
_LINES = {
    "submissions": """select count(*)::integer as waits, min(received_at) as oldest
        from submission where outcome is null""",
    "payout_reports": """select count(*)::integer as waits, min(recorded_at) as oldest
        from payout_report where applied_at is null and episode_id is not null""",
    "bank_files_open": """select count(*)::integer as waits, min(recorded_at) as oldest
        from bank_file where state = 'taken'""",
    "bank_files_bad": """select count(*)::integer as waits, min(recorded_at) as oldest
        from bank_file where state = 'bad' and recorded_at > now() - interval '24 hours'""",
    "webhooks": """select count(*)::integer as waits, min(due_at) as oldest
        from webhook_message where state = 'pending' and due_at <= now()""",
}
_AUDIT = """
select (select count(*)::integer from audit_block) as blocks,
    (select sealed_at from audit_block order by number desc limit 1) as sealed_at,
    (select count(*)::integer from audit_block where anchored_at is null) as unanchored,
    (select a.recorded_at from audit a where a.id > coalesce(
        (select l.row_id::bigint from audit_link l where l.source = 'audit'
         order by l.position desc limit 1), 0) order by a.id limit 1) as oldest_unsealed
"""


def party_calls(connection: Connection) -> list[PartyCalls]:
    """Every party that was called in the last day, or whose calls nothing has settled."""
    unknown: dict[str, int] = {row.party: row.unknown for row in connection.execute(_UNKNOWN)}
    found = [
        PartyCalls(**_floats(row), unknown=unknown.pop(row["party"], 0))
        for row in connection.execute(_PARTIES).mappings()
    ]
    rest = [PartyCalls(party=party, unknown=calls) for party, calls in sorted(unknown.items())]
    return sorted([*found, *rest], key=lambda one: one.party)


def step_latencies(connection: Connection, party: str | None = None) -> list[StepLatency]:
    """The slowest first; our own window between a submission and its outcome among them."""
    rows = connection.execute(_STEPS, {"party": party}).mappings()
    steps = [StepLatency.model_validate(_floats(row)) for row in rows]
    if party is None:
        own = connection.execute(_WINDOW).mappings()[0]
        if own["calls"]:
            steps.append(StepLatency(party="crossclaim", operation="submission", **_floats(own)))
    return sorted(steps, key=lambda one: -one.p99_s)


def waiting_at(connection: Connection, party: str, limit: int) -> list[str]:
    """Open episodes whose last call to the party was not answered."""
    found: list[str] = connection.execute(_WAITING, {"party": party, "limit": limit}).scalars()
    return found


def waiting_lines(connection: Connection) -> list[LineSeen]:
    asked = {name: connection.execute(query) for name, query in _LINES.items()}
    return [LineSeen(name=name, **rows.mappings()[0]) for name, rows in asked.items()]


def audit_seen(connection: Connection) -> AuditSeen:
    return AuditSeen.model_validate(connection.execute(_AUDIT).mappings()[0])


def database_size(connection: Connection) -> int:
    size: int = connection.execute("select pg_database_size(current_database())").scalar_one()
    return size


def database_versions(connection: Connection) -> dict[str, str]:
    """PostgreSQL's own."""
    said = connection.execute("select current_setting('server_version')").scalar_one()
    return {"PostgreSQL": str(said)}


def _floats(row: dict[str, Any]) -> dict[str, Any]:
    return {k: float(v) if k.endswith("_s") and v is not None else v for k, v in row.items()}
