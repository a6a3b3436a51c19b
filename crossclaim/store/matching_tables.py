"""What the matching reads of an account and what it leaves there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.matching import Expected, Known, Matching, Stated
from crossclaim.domain.matching_digests import is_digest
from crossclaim.domain.statement_chain import breaks, covered_until
from crossclaim.store.connection import Connection
from crossclaim.store.expected_movements import facts_of, open_expected, renew_expected
from crossclaim.store.session import Database
from crossclaim.store.statement_exceptions import explained_breaks, keep_breaks
from crossclaim.store.statement_tables import links_of

BATCH = 5000

_TAKEN = """
  exists (select 1 from account_statement s where s.id = e.statement_id and s.state = 'taken')
"""
_STATED = f"""
select e.id, e.direction, e.amount_minor, e.currency, e.booked_on, e.reference, e.group_id, e.look,
       e.booking, e.counterparty_sha256, e.charges_minor, e.code
from bank_entry e
where e.bank = %(bank)s and e.account_sha256 = %(account)s and e.source = %(source)s
  and (e.status is null or e.status not in ('matched', 'split'))
  and e.by_hand is null and e.explained_at is null and {_TAKEN}
"""
_OPEN_ENTRIES = """
  select 1 from bank_entry e where e.bank = %(bank)s and e.account_sha256 = %(account)s
    and e.source = %(source)s and (e.status is null or e.status not in ('matched', 'split'))
"""
_SETTLED_ONES = (
    """
select distinct x.direction, x.reference from expected_movement x
where x.bank = %(bank)s and x.account_sha256 = %(account)s and x.reference <> ''
  and (x.status in ('matched', 'split') or x.by_hand is not null)
  and exists ("""
    + _OPEN_ENTRIES
    + """ and e.reference = x.reference)
"""
)
# The same of entries that were not ours when they came.
_SETTLED_DIGESTS = """
select distinct x.direction, x.reference from expected_movement x
join bank_entry e on e.reference
  = '#' || left(encode(sha256(convert_to(x.reference, 'UTF8')), 'hex'), 32)
where x.bank = %(bank)s and x.account_sha256 = %(account)s and x.reference <> ''
  and (x.status in ('matched', 'split') or x.by_hand is not null)
  and e.bank = %(bank)s and e.account_sha256 = %(account)s and e.source = %(source)s
  and (e.status is null or e.status not in ('matched', 'split'))
"""
_ADVISED = (
    """
select distinct d.direction, d.reference from bank_entry d
where d.bank = %(bank)s and d.account_sha256 = %(account)s and d.source = 'notification'
  and d.status in ('matched', 'split') and d.reference <> ''
  and exists ("""
    + _OPEN_ENTRIES
    + """ and e.reference = d.reference)
"""
)
_BOOKINGS = f"""
select distinct e.booking, e.direction, e.amount_minor, e.currency from bank_entry e
where e.bank = %(bank)s and e.account_sha256 = %(account)s and e.source = %(source)s
  and e.booking <> '' and (e.status in ('matched', 'split') or e.by_hand is not null
                           or e.explained_at is not null)
  and {_TAKEN}
  and exists (select 1 from bank_entry o where o.bank = %(bank)s
    and o.account_sha256 = %(account)s and o.source = %(source)s and o.booking = e.booking
    and (o.status is null or o.status not in ('matched', 'split')))
"""
_KEEP_ENTRIES = """
update bank_entry e set status = x.status, why = x.why, match_id = x.match_id,
    candidates = x.candidates
from jsonb_to_recordset(cast(%(rows)s as jsonb))
    as x(id bigint, status text, why text, match_id bigint, candidates jsonb)
where e.id = x.id and (e.status, e.why, e.match_id, e.candidates)
    is distinct from (x.status, x.why, x.match_id, x.candidates)
"""
_KEEP_EXPECTED = """
update expected_movement e set status = x.status, why = x.why, match_id = x.match_id,
    candidates = x.candidates
from jsonb_to_recordset(cast(%(rows)s as jsonb))
    as x(id text, status text, why text, match_id bigint, candidates jsonb)
where e.id = x.id and (e.status, e.why, e.match_id, e.candidates)
    is distinct from (x.status, x.why, x.match_id, x.candidates)
"""
# A bank may book several charges under one id: each is told from the others by its place there.
_CHARGES = """
with placed as (
  select e.*, case when e.booking = '' then 1 else row_number() over (
           partition by e.statement_id, e.booking order by e.position) end as place
  from bank_entry e
  where e.id = any(%(ids)s) and e.direction = 'debit' and e.amount_minor > 0
), charged as (
  select distinct on (key) e.id, e.amount_minor, e.currency, e.booked_on, e.organisation_id,
         'bank-charge:' || e.bank || ':' || e.organisation_id || ':'
           || left(e.account_sha256, 12) || ':'
           || coalesce(nullif(e.booking, ''), 'entry-' || e.id)
           || case when e.place > 1 then ':' || e.place else '' end as key
  from placed e order by key, e.id
), opened as (
  insert into account (id, kind, organisation_id, currency)
  select distinct a.id, a.kind, c.organisation_id, c.currency from charged c,
    lateral (values ('bank:charges:' || c.organisation_id || ':' || c.currency, 'bank_charges'),
                    ('bank:own:' || c.organisation_id || ':' || c.currency, 'bank_own')) a(id, kind)
  on conflict do nothing
), entered as (
  insert into entry (key, kind, episode_id, occurred_at)
  select c.key, 'bank_charge', null, c.booked_on::timestamp at time zone 'Asia/Shanghai'
  from charged c on conflict (key) do nothing returning id, key
)
insert into posting (entry_id, ordinal, account_id, amount_minor, currency)
select n.id, p.ordinal, p.account, p.amount, c.currency
from entered n join charged c on c.key = n.key,
  lateral (values (0, 'bank:charges:' || c.organisation_id || ':' || c.currency, c.amount_minor),
                  (1, 'bank:own:' || c.organisation_id || ':' || c.currency, -c.amount_minor))
    p(ordinal, account, amount)
"""


def lock_account(connection: Connection, bank: str, account: str) -> None:
    """One writer an account, until the transaction ends."""
    connection.execute(
        "select pg_advisory_xact_lock(hashtextextended(%(lock)s, 0))",
        {"lock": f"bank-account {bank} {account}"},
    )


_COUNTS = """
select bank, account_sha256, count(*) from (
  select e.bank, e.account_sha256 from bank_entry e
  join account_statement s on s.id = e.statement_id
  where e.source = 'statement' and s.state = 'taken' and e.explained_at is null
    and (e.status is null or e.status not in ('matched', 'split'))
  union all
  select x.bank, x.account_sha256 from expected_movement x
  where x.status = 'missing' and x.explained_at is null
) open where bank = any(cast(%(banks)s as text[])) group by 1, 2
"""


@dataclass
class AccountFacts:
    """One account's open items, under the account's lock until the transaction ends."""

    connection: Connection
    key: AccountKey
    at: datetime
    source: str = "statement"
    expected: list[Expected] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    known: Known = field(default_factory=Known)
    until: datetime | None = None

    @property
    def about(self) -> dict[str, Any]:
        return {**self.key.model_dump(), "source": self.source}

    def load(self) -> None:
        lock_account(self.connection, self.key.bank, self.key.account)
        if self.source == "statement":
            renew_expected(self.connection, self.about)
            self.expected = open_expected(self.connection, self.about)
            self._look_at_chain()
        else:
            self.expected = facts_of(self.connection, self.about)
        # Read in one go and made small at once: a statement may have a hundred thousand lines.
        self.stated = [Stated(*row) for row in self._all(_STATED)]
        settled = self._all(_SETTLED_ONES if self.source == "statement" else _ADVISED)
        if self.source == "statement" and any(is_digest(s.reference) for s in self.stated):
            settled += self._all(_SETTLED_DIGESTS)
        self.known = Known(
            frozenset((row[0], row[1]) for row in settled),
            frozenset((row[0], row[1], row[2], row[3]) for row in self._all(_BOOKINGS)),
        )
        if self.source == "notification":
            advised = self.known.settled
            self.expected = [e for e in self.expected if (e.direction, e.reference) not in advised]

    def _all(self, statement: str) -> list[Any]:
        return self.connection.execute(statement, self.about).all()

    def _look_at_chain(self) -> None:
        links = links_of(self.connection, self.key.bank, self.key.account)
        explained = explained_breaks(self.connection, self.key.bank, self.key.account)
        self.until = covered_until(links, explained)
        keep_breaks(
            self.connection,
            self.key.bank,
            self.key.account,
            self.key.organisation,
            breaks(links),
            self.at,
        )

    def keep(self, matching: Matching) -> None:
        entries, expected = _rows_of(matching)
        for rows in _batches(entries):
            self._send(_KEEP_ENTRIES, rows)
        if self.source != "statement":
            return
        for rows in _batches(expected):
            self._send(_KEEP_EXPECTED, rows)
        charged = [m.stated[0] for m in matching.matches if not m.expected]
        if charged:
            self.connection.execute(_CHARGES, {"ids": charged})

    def _send(self, statement: str, rows: list[dict[str, Any]]) -> None:
        # Its answer is waited for, so that no more than one batch is in memory.
        _ = self.connection.execute(statement, {"rows": json.dumps(rows)}).rowcount


def _rows_of(matching: Matching) -> tuple[Iterator[dict[str, Any]], Iterator[dict[str, Any]]]:
    """Rows of the bank's side and of ours; a match is called by its first entry."""

    def row(
        item: object, status: str, why: str, match: int | None, found: object
    ) -> dict[str, Any]:
        return {"id": item, "status": status, "why": why, "match_id": match, "candidates": found}

    def of(stated: bool) -> Iterator[dict[str, Any]]:
        for m in matching.matches:
            items: Iterable[int | str] = m.stated if stated else m.expected
            for item in items:
                yield row(item, m.status.value, m.why.value, min(m.stated), [])
        for u in matching.unmatched:
            if u.stated is stated:
                found = [{"item": c.item, "because": c.because} for c in u.candidates]
                yield row(u.item, u.status.value, u.why.value, None, found)

    return of(True), of(False)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


class SqlAccounts:
    """Accounts of which a bank has told anything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def bank_accounts(self, bank: str = "") -> list[AccountKey]:
        with self._database.begin() as connection:
            rows = connection.execute(
                "select distinct bank, account_sha256 as account, organisation_id as organisation"
                " from account_statement where source = 'statement' and state = 'taken'"
                " and (%(bank)s = '' or bank = %(bank)s) order by 1, 2",
                {"bank": bank},
            ).mappings()
            return [AccountKey.model_validate(dict(row)) for row in rows]

    def open_counts(self, accounts: list[AccountKey]) -> dict[tuple[str, str], int]:
        """(bank, account) → items that are neither matched nor explained, and not just expected."""
        with self._database.begin() as connection:
            rows = connection.execute(_COUNTS, {"banks": [key.bank for key in accounts]}).all()
        known = {(key.bank, key.account) for key in accounts}
        return {(r[0], r[1]): int(r[2]) for r in rows if (r[0], r[1]) in known}

    def unseen(self, bank: str) -> list[tuple[AccountKey, str]]:
        """Accounts with entries that no run has looked at: after a crash."""
        with self._database.begin() as connection:
            rows = connection.execute(
                "select distinct e.bank, e.account_sha256, e.organisation_id, e.source"
                " from bank_entry e join account_statement s on s.id = e.statement_id"
                " where e.bank = %(bank)s and e.status is null and s.state = 'taken'",
                {"bank": bank},
            ).all()
        return [(AccountKey(bank=r[0], account=r[1], organisation=r[2]), str(r[3])) for r in rows]


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row's values as JSON has them."""
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in values.items()}
