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

    def reverse(self, episode_id: str, key: str, at: datetime) -> None:
        self._connection.execute(_REVERSAL, {"key": key, "id": episode_id, "at": at})
