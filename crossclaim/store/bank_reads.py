"""What is told of statements, entries, our movements, exceptions and days, page by page."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.bank_bridge import Bridge
from crossclaim.domain.errors import NotFound
from crossclaim.store.bank_bridge import bridge_of
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

MORE = 1
"""One row more than a page tells whether there is a next one."""


class BankFilters(Frozen):
    """Narrows a list; ``None`` does not narrow."""

    bank: str | None = None
    organisation: str | None = None
    source: str | None = None
    """Of items alone: a remittance, the bureau, the Department of Health."""
    status: str | None = None
    day: date | None = None
    open: bool | None = None
    """Only what is neither matched nor explained."""
    limit: int = 50


_WHERE = """
  and (cast(%(bank)s as text) is null or t.bank = %(bank)s)
  and (cast(%(organisation)s as text) is null or t.organisation_id = %(organisation)s)
"""
_OPEN = """
  and (not coalesce(cast(%(open)s as boolean), false) or (t.explained_at is null
       and (t.status is null or t.status not in ('matched', 'split'))))
  and (cast(%(status)s as text) is null or t.status = %(status)s)
"""
_LISTS: dict[str, str] = {
    "statements": f"""
select t.id, t.bank, t.account_sha256 as account, t.organisation_id as organisation, t.source,
       t.message_id, t.message_type, t.number, t.covers_from, t.covers_to, t.opening_minor,
       t.closing_minor, t.currency, t.lines, t.debit_minor, t.credit_minor, t.complete, t.state,
       t.recorded_at
from account_statement t
where (cast(%(after)s as bigint) is null or t.id < %(after)s) {_WHERE}
  and (cast(%(status)s as text) is null or t.state = %(status)s)
  and (cast(%(day)s as date) is null
       or (t.covers_from < (cast(%(day)s as date) + 1)::timestamp at time zone 'Asia/Shanghai'
           and t.covers_to > cast(%(day)s as date)::timestamp at time zone 'Asia/Shanghai'))
order by t.id desc limit %(limit)s
""",
    "entries": f"""
select t.id, t.statement_id as statement, t.bank, t.account_sha256 as account,
       t.organisation_id as organisation, t.source, t.direction, t.amount_minor, t.currency,
       t.booked_on, t.reference, t.group_id, t.booking, t.charges_minor, t.code, t.status, t.why,
       t.match_id, t.by_hand as match, t.candidates, t.explained_at, t.explained_by, t.explanation
from bank_entry t join account_statement s on s.id = t.statement_id
where s.state = 'taken' and (cast(%(after)s as bigint) is null or t.id < %(after)s) {_WHERE} {_OPEN}
  and (cast(%(day)s as date) is null or t.booked_on = %(day)s)
order by t.id desc limit %(limit)s
""",
    "movements": f"""
select t.id, t.bank, t.account_sha256 as account, t.organisation_id as organisation, t.kind,
       t.direction, t.amount_minor, t.currency, t.reference, t.due_at, t.ended, t.episode_id,
       t.status, t.why, t.match_id, t.by_hand as match, t.candidates, t.explained_at,
       t.explained_by, t.explanation
from expected_movement t
where (cast(%(after)s as text) is null or t.id < %(after)s) {_WHERE} {_OPEN}
  and (cast(%(day)s as date) is null or (t.due_at at time zone 'Asia/Shanghai')::date = %(day)s)
order by t.id desc limit %(limit)s
""",
    "exceptions": f"""
select t.id, t.bank, t.account_sha256 as account, t.organisation_id as organisation, t.code,
       t.statement_id as statement, t.file_name, t.details, t.blocks, t.opened_at, t.resolved_at,
       t.resolution
from statement_exception t
where (cast(%(after)s as bigint) is null or t.id < %(after)s) {_WHERE}
  and (not coalesce(cast(%(open)s as boolean), false) or t.resolved_at is null)
  and (cast(%(status)s as text) is null or t.code = %(status)s)
order by t.id desc limit %(limit)s
""",
    "days": f"""
select t.day as id, t.day, t.bank, t.account_sha256 as account, t.organisation_id as organisation,
       t.state, t.reopened, t.changed_at,
       (select json_agg(json_build_object('event', e.event, 'cause', e.cause, 'at', e.occurred_at)
               order by e.id) from bank_day_event e where e.bank = t.bank
        and e.account_sha256 = t.account_sha256 and e.day = t.day) as events
from bank_day t
where (cast(%(after)s as text) is null
       or (t.day || ' ' || t.bank || ' ' || t.account_sha256) < %(after)s) {_WHERE}
  and (cast(%(day)s as date) is null or t.day = %(day)s)
  and (cast(%(status)s as text) is null or t.state = %(status)s)
  and (not coalesce(cast(%(open)s as boolean), false) or t.state = 'open')
order by t.day || ' ' || t.bank || ' ' || t.account_sha256 desc limit %(limit)s
""",
    "remittances": """
select t.id, t.organisation_id as organisation, t.hospital_id as hospital, t.number, t.paid_on,
       t.total_minor as amount_minor, t.currency, t.received_at,
       (select json_agg(json_build_object('position', l.position, 'reference', l.reference,
               'payout', l.payout, 'amount_minor', l.amount_minor, 'currency', l.currency,
               'status', l.status, 'why', l.why) order by l.id)
        from remittance_line l where l.remittance_id = t.id) as lines
from remittance t
where (cast(%(after)s as bigint) is null or t.id < %(after)s)
order by t.id desc limit %(limit)s
""",
    "items": """
select t.id, t.source, t.organisation_id as organisation, t.scope, t.day, t.side, t.item,
       t.reference, t.amount_minor, t.currency, t.status, t.why, t.match_name, t.candidates,
       t.episode_id, t.judged_at, t.by_hand as match, m.kind as settled_as, m.made_by, m.reason
from source_item t left join source_match m on m.id = t.by_hand
where t.stands and (cast(%(after)s as bigint) is null or t.id < %(after)s)
  and (cast(%(organisation)s as text) is null or t.organisation_id = %(organisation)s)
  and (cast(%(source)s as text) is null or t.source = %(source)s)
  and (cast(%(day)s as date) is null or t.day = %(day)s)
  and (cast(%(status)s as text) is null or t.status = %(status)s)
  and (not coalesce(cast(%(open)s as boolean), false)
       or (t.by_hand is null and t.status not in ('matched', 'split', 'expected')))
order by t.id desc limit %(limit)s
""",
    "matches": f"""
select t.id, t.bank, t.account_sha256 as account, t.organisation_id as organisation, t.entries,
       t.expected, t.status, t.why, t.made_by, t.reason, t.made_at, t.undone_at, t.undone_by,
       t.undone_reason
from bank_match t
where (cast(%(after)s as bigint) is null or t.id < %(after)s) {_WHERE}
  and (cast(%(status)s as text) is null or t.status = %(status)s)
  and (not coalesce(cast(%(open)s as boolean), false) or t.undone_at is null)
order by t.id desc limit %(limit)s
""",
}
BANK_LISTS = tuple(_LISTS)


class SqlBankReads:
    """As the database role may see: the app's an organisation's own, the worker's everything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(
        self, name: str, filters: BankFilters, after: str | None, organisation: str | None = None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """One page of a list, newest first, and after what the next one begins."""
        with self._database.begin(organisation) as connection:
            values = {**filters.model_dump(exclude={"limit"}), "after": _after(name, after)}
            rows = connection.execute(
                _LISTS[name], {**values, "limit": filters.limit + MORE}
            ).mappings()
        page = rows[: filters.limit]
        if len(rows) <= filters.limit:
            return page, None
        last = page[-1]
        ends = f"{last['day']} {last['bank']} {last['account']}" if name == "days" else last["id"]
        return page, str(ends)

    def bridge(
        self, bank: str, account: str, day: date, organisation: str | None = None
    ) -> tuple[AccountKey, Bridge]:
        """Raises ``NotFound`` for an account of which no statement came."""
        with self._database.begin(organisation) as connection:
            key = _account(connection, bank, account)
            return key, bridge_of(connection, key, day)


def _after(name: str, after: str | None) -> object:
    """A cursor that no page of ours gave begins nowhere."""
    if after is None or name in ("movements", "days"):
        return after
    return int(after) if after.isascii() and after.isdigit() and len(after) < 19 else -1


def _account(connection: Connection, bank: str, account: str) -> AccountKey:
    row = connection.execute(
        "select organisation_id from account_statement where bank = %(bank)s"
        " and account_sha256 = %(account)s and organisation_id is not null limit 1",
        {"bank": bank, "account": account},
    ).scalar_one_or_none()
    if row is None:
        raise NotFound("there is no statement of such an account")
    return AccountKey(bank=bank, account=account, organisation=str(row))
