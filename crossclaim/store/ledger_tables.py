"""Writes double entries once each; the database refuses what does not balance."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Connection

from crossclaim.domain.ledger import Entry
from crossclaim.store.statement import text

_ACCOUNTS = text("""
insert into account (id, kind, organisation_id, currency)
select x.id, x.kind, x.organisation, x.currency
from jsonb_to_recordset(cast(:accounts as jsonb))
     as x(id text, kind text, organisation text, currency text)
where not exists (select 1 from account a where a.id = x.id)
on conflict do nothing
""")
_ENTRY = text("""
insert into entry (key, kind, episode_id, occurred_at) values (:key, :kind, :id, :at)
on conflict (key) do nothing returning id
""")
_POSTINGS = text("""
insert into posting (entry_id, ordinal, account_id, amount_minor, currency)
select :entry, x.ordinal, x.account, x.amount, x.currency
from jsonb_to_recordset(cast(:postings as jsonb))
     as x(ordinal smallint, account text, amount bigint, currency text)
""")
_REVERSAL = text("""
insert into entry (key, kind, episode_id, reverses, occurred_at)
select 'reversal:' || key, 'reversal_' || kind, :id, id, :at from entry where key = :key
on conflict do nothing returning id
""")
_REVERSED_POSTINGS = text("""
insert into posting (entry_id, ordinal, account_id, amount_minor, currency)
select :entry, p.ordinal, p.account_id, -p.amount_minor, p.currency
from posting p join entry e on e.reverses = p.entry_id where e.id = :entry
""")


class LedgerTables:
    """Part of a transaction: the double-entry ledger."""

    _connection: Connection

    def post(self, episode_id: str, entry: Entry, at: datetime) -> None:
        if not entry.postings:
            return  # nothing moves: a bill over nothing owes nobody anything
        accounts = [
            {
                "id": p.account.id,
                "kind": p.account.kind,
                "organisation": p.account.organisation_id,
                "currency": p.account.currency.value,
            }
            for p in entry.postings
        ]
        postings = [
            {
                "ordinal": n,
                "account": p.account.id,
                "amount": p.amount_minor,
                "currency": p.account.currency.value,
            }
            for n, p in enumerate(entry.postings)
        ]
        self._connection.execute(_ACCOUNTS, {"accounts": json.dumps(accounts)})
        number = self._connection.execute(
            _ENTRY, {"key": entry.key, "kind": entry.kind, "id": episode_id, "at": at}
        ).scalar_one_or_none()
        if number is not None:
            self._connection.execute(_POSTINGS, {"entry": number, "postings": json.dumps(postings)})

    def reverse(self, episode_id: str, key: str, at: datetime) -> None:
        number = self._connection.execute(
            _REVERSAL, {"key": key, "id": episode_id, "at": at}
        ).scalar_one_or_none()
        if number is not None:
            self._connection.execute(_REVERSED_POSTINGS, {"entry": number})
