"""Items of other sources as they were judged last, and the days that they keep open."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.source_items import Source, SourceItem, SourceScope
from crossclaim.store.bank_days import keep_days
from crossclaim.store.connection import Connection
from crossclaim.store.matching_tables import lock_account

# What a person said of an item falls away with another figure or status, and stays otherwise.
_KEEP = """
insert into source_item as s (source, organisation_id, scope, day, side, item, reference,
    amount_minor, currency, status, why, match_name, candidates, episode_id, judged_at)
select %(source)s, %(organisation)s, %(scope)s, %(day)s, x.side, x.item, x.reference,
    x.amount_minor, x.currency, x.status, x.why, x.match_name, x.candidates, x.episode_id, %(at)s
from jsonb_to_recordset(cast(%(items)s as jsonb)) as x(side text, item text, reference text,
    amount_minor bigint, currency text, status text, why text, match_name text, candidates jsonb,
    episode_id text)
on conflict (source, organisation_id, scope, side, item) do update set day = excluded.day,
    reference = excluded.reference, amount_minor = excluded.amount_minor,
    currency = excluded.currency, status = excluded.status, why = excluded.why,
    match_name = excluded.match_name, candidates = excluded.candidates,
    episode_id = excluded.episode_id, judged_at = excluded.judged_at, stands = true,
    by_hand = case when (s.amount_minor, s.currency, s.status, s.why)
        is distinct from (excluded.amount_minor, excluded.currency, excluded.status, excluded.why)
        then null else s.by_hand end
"""
_GONE = """
update source_item set stands = false, judged_at = %(at)s
where source = %(source)s and organisation_id = %(organisation)s and scope = %(scope)s and stands
  and not (side || ' ' || item) = any(cast(%(kept)s as text[]))
"""
# A later remittance may name what an earlier one left out.
_TOLD_SINCE = """
update source_item set status = 'matched', why = 'TOLD_LATER', candidates = '[]', judged_at = %(at)s
where source = %(source)s and organisation_id = %(organisation)s and scope <> %(scope)s
  and side = 'ours' and status = 'missing' and stands and item = any(cast(%(told)s as text[]))
"""
_ACCOUNTS = """
select distinct bank, account_sha256 as account, organisation_id as organisation
from account_statement where organisation_id = %(organisation)s and source = 'statement'
  and state = 'taken' order by 1, 2
"""


def keep_items(
    connection: Connection, scope: SourceScope, items: Sequence[SourceItem], at: datetime
) -> None:
    """The scope as it stands now; days of the organisation's accounts close or open by it."""
    about = {
        "source": scope.source.value,
        "organisation": scope.organisation,
        "scope": scope.name,
        "day": scope.day,
        "at": at,
    }
    rows = json.dumps([one.model_dump(mode="json") for one in items])
    connection.execute(_KEEP, {**about, "items": rows})
    kept = [f"{one.side} {one.item}" for one in items]
    connection.execute(_GONE, {**about, "kept": kept})
    if scope.source is Source.REMITTANCE:
        told = [one.item for one in items if one.side == "ours" and not one.open]
        connection.execute(_TOLD_SINCE, {**about, "told": told})
    renew_days(connection, scope.organisation, at)


def renew_days(connection: Connection, organisation: str, at: datetime) -> list[dict[str, Any]]:
    """Every account of the organisation, in one order, each under its lock; what changed."""
    changed: list[dict[str, Any]] = []
    rows = connection.execute(_ACCOUNTS, {"organisation": organisation}).mappings()
    for key in [AccountKey.model_validate(dict(row)) for row in rows]:
        lock_account(connection, key.bank, key.account)
        for change in keep_days(connection, key, [], at):
            changed.append({"bank": key.bank, **change.model_dump(mode="json")})
    return changed


class SourceTables:
    """Part of a transaction: what other sources say beside our own rows."""

    _connection: Connection

    def open_exceptions_of(self, code: str, references: Sequence[str]) -> set[str]:
        rows = self._connection.execute(
            "select reference from exception_item where code = %(code)s and resolved_at is null"
            " and reference = any(cast(%(references)s as text[]))",
            {"code": code, "references": list(references)},
        )
        return set(rows.scalars())

    def keep_source_items(
        self, scope: SourceScope, items: Sequence[SourceItem], at: datetime
    ) -> None:
        keep_items(self._connection, scope, items, at)
