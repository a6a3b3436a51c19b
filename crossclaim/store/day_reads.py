"""Both sides of one day to reconcile, and which days there are, as the database's role may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossclaim.domain.bank_account import AccountKey
from crossclaim.store.connection import Connection

_SETTLED = "('matched', 'split')"
_QUIET = "('matched', 'split', 'expected')"
_DAYS = """
select d.day, d.bank, d.account_sha256 as account, d.organisation_id as organisation, d.source,
       d.entries, d.open,
       case when d.source = '' then coalesce(b.state, 'open')
            when d.open = 0 then 'closed' else 'open' end as state
from days_to_reconcile(%(organisation)s, %(newest)s, %(most)s) d
left join bank_day b on b.bank = d.bank and b.account_sha256 = d.account_sha256 and b.day = d.day
order by 1 desc, 2 desc, 5 desc, 3
"""
_OWNER = """
select organisation_id from account_statement where bank = %(bank)s
  and account_sha256 = %(account)s and organisation_id is not null limit 1
"""
_ENTRIES = f"""
select e.id, e.direction, e.amount_minor, e.currency, e.booked_on as day, e.reference, e.code,
       coalesce(e.status, '') as status, e.why, e.match_id, e.by_hand, e.candidates, e.source,
       e.explained_at is null and (e.status is null or e.status not in {_SETTLED}) as open
from bank_entry e join account_statement s on s.id = e.statement_id
where s.state = 'taken' and e.source = 'statement' and e.bank = %(bank)s
  and e.account_sha256 = %(account)s and e.booked_on = %(day)s
order by 12 desc, e.id limit %(limit)s
"""
_MOVEMENTS = f"""
select x.id, x.direction, x.amount_minor, x.currency, x.kind, x.reference, x.episode_id,
       (x.due_at at time zone 'Asia/Shanghai')::date as day, x.status, x.why, x.match_id,
       x.by_hand, x.candidates, x.ended,
       x.explained_at is null and x.status not in {_SETTLED} as open
from expected_movement x
where x.bank = %(bank)s and x.account_sha256 = %(account)s
  and ((x.due_at at time zone 'Asia/Shanghai')::date = %(day)s
       or x.id = any(%(named)s) or x.match_id = any(%(matched)s) or x.by_hand = any(%(made)s)
       or (not x.ended and x.explained_at is null and x.status not in {_SETTLED}
           and (x.due_at is null
                or (x.due_at at time zone 'Asia/Shanghai')::date <= %(day)s)))
order by 15 desc, x.due_at nulls last, x.id limit %(limit)s
"""
_MADE = """
select id, entries, expected, status, made_by, reason, made_at from bank_match
where id = any(%(made)s) and undone_at is null order by id
"""
_ONE_MADE = {
    True: """
select id, entries::text[] || expected as items, status, made_by, reason, made_at, undone_by,
       undone_at, undone_reason from bank_match where id = %(id)s
""",
    False: """
select id, items::text[] as items, kind as status, made_by, reason, made_at, undone_by, undone_at,
       undone_reason from source_match where id = %(id)s
""",
}
_EXCEPTIONS = """
select id, code, opened_at from statement_exception where bank = %(bank)s
  and account_sha256 = %(account)s and resolved_at is null and blocks order by id
"""
_STATE = """
select state from bank_day where bank = %(bank)s and account_sha256 = %(account)s
  and day = %(day)s
"""
_EVENTS = """
select event, cause, occurred_at as at from bank_day_event
where bank = %(bank)s and account_sha256 = %(account)s and day = %(day)s order by id
"""
_ITEMS = f"""
select t.id, t.side, t.item, t.reference, t.amount_minor, t.currency, t.day, t.status, t.why,
       t.match_name, t.candidates, t.episode_id, t.by_hand, t.scope,
       t.by_hand is null and t.status not in {_QUIET} as open
from source_item t
where t.stands and t.source = %(source)s and t.organisation_id = %(organisation)s
  and t.day = %(day)s
order by 15 desc, t.id limit %(limit)s
"""
_ITEMS_MADE = """
select id, items, kind as status, made_by, reason, made_at from source_match
where id = any(%(made)s) and undone_at is null order by id
"""

Rows = list[dict[str, Any]]


def read_days(connection: Connection, organisation: str | None, newest: int, most: int) -> Rows:
    """The newest, and ``most`` of those with something to look at, however old they are."""
    values = {"organisation": organisation, "newest": newest, "most": most}
    return connection.execute(_DAYS, values).mappings()


def owner_of(connection: Connection, bank: str, account: str) -> AccountKey | None:
    """``None`` for an account of which no statement came, or that is not the reader's."""
    found = connection.execute(_OWNER, {"bank": bank, "account": account}).scalar_one_or_none()
    return None if found is None else AccountKey(bank=bank, account=account, organisation=found)


def read_bank_day(
    connection: Connection, key: AccountKey, day: date, limit: int
) -> tuple[Rows, Rows, Rows]:
    """The bank's entries, ours, and what people made of either."""
    about = {"bank": key.bank, "account": key.account, "day": day, "limit": limit}
    theirs = connection.execute(_ENTRIES, about).mappings()
    named = [str(one["item"]) for row in theirs for one in row["candidates"]]
    matched = [row["match_id"] for row in theirs if row["match_id"] is not None]
    made = [row["by_hand"] for row in theirs if row["by_hand"] is not None]
    narrowed = {**about, "named": named, "matched": matched, "made": made}
    ours = connection.execute(_MOVEMENTS, narrowed).mappings()
    made += [row["by_hand"] for row in ours if row["by_hand"] is not None]
    return theirs, ours, connection.execute(_MADE, {"made": made}).mappings()


def read_day_state(connection: Connection, key: AccountKey, day: date) -> tuple[str, Rows]:
    about = {"bank": key.bank, "account": key.account, "day": day}
    state = connection.execute(_STATE, about).scalar_one_or_none()
    return str(state or "open"), connection.execute(_EVENTS, about).mappings()


def read_source_day(
    connection: Connection, source: str, organisation: str, day: date, limit: int
) -> tuple[Rows, Rows]:
    """Items of both sides, and what people made of them."""
    about = {"source": source, "organisation": organisation, "day": day, "limit": limit}
    items = connection.execute(_ITEMS, about).mappings()
    made = [row["by_hand"] for row in items if row["by_hand"] is not None]
    return items, connection.execute(_ITEMS_MADE, {"made": made}).mappings()


def read_made(connection: Connection, of_bank: bool, number: int) -> dict[str, Any] | None:
    """A person's match or explanation, whether it was taken back or not."""
    rows = connection.execute(_ONE_MADE[of_bank], {"id": number}).mappings()
    return rows[0] if rows else None


def read_exceptions(connection: Connection, key: AccountKey) -> Rows:
    """What keeps days of the account open whatever is matched."""
    return connection.execute(_EXCEPTIONS, {"bank": key.bank, "account": key.account}).mappings()
