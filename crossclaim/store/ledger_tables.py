"""Writes double entries once each; the database refuses what does not balance."""

from __future__ import annotations

import json
from datetime import datetime

from crossclaim.domain.ledger import Entry
from crossclaim.store.connection import Connection

_ENTRY = """
with posted as (
  select x.* from jsonb_to_recordset(cast(%(postings)s as jsonb))
    as x(ordinal smallint, account text, kind text, organisation text, amount bigint, currency text)
), opened as (
  insert into account (id, kind, organisation_id, currency)
  select distinct x.account, x.kind, x.organisation, x.currency from posted x
  where not exists (select 1 from account a where a.id = x.account)
  on conflict do nothing
), entered as (
  insert into entry (key, kind, episode_id, occurred_at)
  values (%(key)s, %(kind)s, %(id)s, %(at)s)
  on conflict (key) do nothing returning id
)
insert into posting (entry_id, ordinal, account_id, amount_minor, currency)
select entered.id, x.ordinal, x.account, x.amount, x.currency from entered, posted x
"""
_REVERSAL = """
with entered as (
  insert into entry (key, kind, episode_id, reverses, occurred_at)
  select 'reversal:' || key, 'reversal_' || kind, %(id)s, id, %(at)s from entry where key = %(key)s
  on conflict do nothing returning id, reverses
)
insert into posting (entry_id, ordinal, account_id, amount_minor, currency)
select entered.id, p.ordinal, p.account_id, -p.amount_minor, p.currency
from entered join posting p on p.entry_id = entered.reverses
"""
_ROUNDS = """
select e.key, exists (select 1 from entry r where r.reverses = e.id) as undone
from entry e
where e.episode_id = %(id)s and (e.key = %(key)s or e.key ~ '^[0-9]+-'
      and split_part(e.key, '-', 1) || '-' || %(key)s = e.key)
order by e.id
"""


class LedgerTables:
    """Part of a transaction: the double-entry ledger."""

    _connection: Connection

    def post(self, episode_id: str, entry: Entry, at: datetime) -> None:
        if not entry.postings:
            return  # nothing moves: a bill over nothing owes nobody anything
        postings = [
            {
                "ordinal": n,
                "account": p.account.id,
                "kind": p.account.kind,
                "organisation": p.account.organisation_id,
                "amount": p.amount_minor,
                "currency": p.account.currency.value,
            }
            for n, p in enumerate(entry.postings)
        ]
        self._connection.execute(
            _ENTRY,
            {
                "key": entry.key,
                "kind": entry.kind,
                "id": episode_id,
                "at": at,
                "postings": json.dumps(postings),
            },
        )

    def post_anew(self, episode_id: str, entry: Entry, at: datetime) -> None:
        rounds = self._rounds(episode_id, entry.key)
        if all(undone for _, undone in rounds):
            name = f"{len(rounds) + 1}-{entry.key}" if rounds else entry.key
            self.post(episode_id, entry.model_copy(update={"key": name}), at)

    def reverse_anew(self, episode_id: str, key: str, at: datetime) -> None:
        for name, undone in self._rounds(episode_id, key):
            if not undone:
                self.reverse(episode_id, name, at)

    def _rounds(self, episode_id: str, key: str) -> list[tuple[str, bool]]:
        rows = self._connection.execute(_ROUNDS, {"id": episode_id, "key": key}).mappings()
        return [(str(row["key"]), bool(row["undone"])) for row in rows]

    def reverse(self, episode_id: str, key: str, at: datetime) -> None:
        self._connection.execute(_REVERSAL, {"key": key, "id": episode_id, "at": at})
