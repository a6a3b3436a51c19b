"""Days of an account: what is open on them, when they closed, why they opened again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.bank_days import DayChange, DayFacts, day_changes
from crossclaim.domain.statement_chain import StatementFault, covered_until
from crossclaim.store.connection import Connection
from crossclaim.store.statement_exceptions import explained_breaks, open_fault
from crossclaim.store.statement_tables import links_of

_OPEN = """
select day, sum(n)::integer as open from (
  select e.booked_on as day, count(*) as n from bank_entry e
  join account_statement s on s.id = e.statement_id
  where e.bank = %(bank)s and e.account_sha256 = %(account)s and e.source = 'statement'
    and s.state = 'taken' and e.explained_at is null
    and (e.status is null or e.status not in ('matched', 'split'))
  group by e.booked_on
  union all
  select (x.due_at at time zone 'Asia/Shanghai')::date, count(*) from expected_movement x
  where x.bank = %(bank)s and x.account_sha256 = %(account)s and x.status = 'missing'
    and x.explained_at is null and x.due_at is not null
  group by 1
) open group by day
"""
_ELSEWHERE = """
select day, count(*)::integer from source_item
where organisation_id = %(organisation)s and stands and by_hand is null
  and status not in ('matched', 'split', 'expected')
group by day
"""
_BLOCKED = """
select min((s.covers_from at time zone 'Asia/Shanghai')::date)
from statement_exception x join account_statement s on s.id = x.statement_id
where x.bank = %(bank)s and x.account_sha256 = %(account)s and x.blocks and x.resolved_at is null
"""
_FRESH = """
select distinct e.booked_on from bank_entry e join account_statement s on s.id = e.statement_id
where e.bank = %(bank)s and e.account_sha256 = %(account)s and e.source = 'statement'
  and e.status is null and s.state = 'taken'
"""
_SET = """
insert into bank_day (bank, account_sha256, day, organisation_id, state, changed_at)
values (%(bank)s, %(account)s, %(day)s, %(organisation)s, %(state)s, %(at)s)
on conflict (bank, account_sha256, day) do update set state = excluded.state,
    changed_at = excluded.changed_at,
    reopened = bank_day.reopened + case when excluded.state = 'open' then 1 else 0 end
"""
_EVENT = """
insert into bank_day_event (bank, account_sha256, day, organisation_id, event, cause, occurred_at)
values (%(bank)s, %(account)s, %(day)s, %(organisation)s, %(event)s, %(cause)s, %(at)s)
"""


def fresh_days(connection: Connection, key: AccountKey) -> list[date]:
    """Days on which something is booked that no run has looked at."""
    return [row[0] for row in connection.execute(_FRESH, key.model_dump()).all()]


def keep_days(
    connection: Connection, key: AccountKey, fresh: Collection[date], at: datetime
) -> list[DayChange]:
    """Closes and opens days as the account stands now; what changed."""
    about = key.model_dump()
    links = links_of(connection, key.bank, key.account)
    facts = DayFacts(
        begins=min((link.covers_from for link in links), default=None),
        until=covered_until(links, explained_breaks(connection, key.bank, key.account)),
        open_items={row[0]: row[1] for row in connection.execute(_OPEN, about).all()},
        open_elsewhere={row[0]: row[1] for row in connection.execute(_ELSEWHERE, about).all()},
        blocked_from=connection.execute(_BLOCKED, about).scalar_one_or_none(),
    )
    states = connection.execute(
        "select day, state from bank_day where bank = %(bank)s and account_sha256 = %(account)s",
        about,
    ).all()
    changes = day_changes(facts, {row[0]: row[1] for row in states}, fresh)
    for change in changes:
        state = "closed" if change.event == "closed" else "open"
        connection.execute(_SET, {**about, "day": change.day, "state": state, "at": at})
        connection.execute(_EVENT, {**about, **change.model_dump(), "at": at})
        if change.cause == "LATE_ENTRY":
            open_fault(
                connection,
                key.bank,
                StatementFault.LATE_ENTRY,
                f"{key.account[:16]}:{change.day}",
                at,
                organisation=key.organisation,
                account=key.account,
                details={"day": change.day.isoformat()},
            )
    return changes
