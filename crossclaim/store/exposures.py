"""What insurers promised and have not paid, by insurer, hospital and currency: a ledger query; and
what hospitals are still to give back to them."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.exposure import Exposure
from crossclaim.store.connection import Connection
from crossclaim.store.session import Database

_EXPOSURES = """
with promised as (
select a.organisation_id as insurer, e.hospital_id as hospital, p.currency,
       coalesce(sum(p.amount_minor) filter (where a.kind = 'guarantee_reserved'), 0)::bigint
         as open_minor,
       coalesce(sum(p.amount_minor) filter (where a.kind = 'guarantee_used'), 0)::bigint
         as used_minor
from posting p
join entry n on n.id = p.entry_id
join account a on a.id = p.account_id
join episode e on e.id = n.episode_id
where a.kind in ('guarantee_reserved', 'guarantee_used')
  and (cast(%(insurer)s as text) is null or a.organisation_id = %(insurer)s)
  and (cast(%(hospital)s as text) is null or e.hospital_id = %(hospital)s)
  and (cast(%(at)s as timestamptz) is null or n.occurred_at <= %(at)s)
group by a.organisation_id, e.hospital_id, p.currency
having coalesce(sum(p.amount_minor), 0) <> 0
), back as (
select k.organisation_id as insurer, e.hospital_id as hospital, 'CNY' as currency,
       sum(k.amount_minor)::bigint as owed_back_minor
from claw_back k join episode e on e.id = k.episode_id
where k.payee = 'hospital'
  and (cast(%(insurer)s as text) is null or k.organisation_id = %(insurer)s)
  and (cast(%(hospital)s as text) is null or e.hospital_id = %(hospital)s)
  and case when cast(%(at)s as timestamptz) is null then k.state = 'due'
      else k.ordered_at <= %(at)s and coalesce(k.received_at, k.ended_at, 'infinity') > %(at)s
        and (k.state <> 'needless' or k.ended_at is not null) end
group by 1, 2
)
select insurer, hospital, currency, coalesce(open_minor, 0) as open_minor,
       coalesce(used_minor, 0) as used_minor, coalesce(owed_back_minor, 0) as owed_back_minor
from promised full join back using (insurer, hospital, currency)
order by 1, 2, 3
"""
# As of now: kept sums instead of all that was ever posted.
_EXPOSURES_NOW = """
select t.organisation as insurer, t.hospital, t.currency,
       coalesce(sum(t.amount) filter (where a.kind = 'guarantee_reserved'), 0)::bigint
         as open_minor,
       coalesce(sum(t.amount) filter (where a.kind = 'guarantee_used'), 0)::bigint as used_minor,
       coalesce(sum(t.amount) filter (where t.what = 'owed_back'), 0)::bigint as owed_back_minor
from console_totals('{balance, owed_back}') t left join account a on a.id = t.name
where not t.closed
  and (t.what = 'owed_back' or a.kind in ('guarantee_reserved', 'guarantee_used'))
  and (cast(%(insurer)s as text) is null or t.organisation = %(insurer)s)
  and (cast(%(hospital)s as text) is null or t.hospital = %(hospital)s)
group by 1, 2, 3
having sum(t.amount) filter (where t.what = 'balance') <> 0
    or sum(t.items) filter (where t.what = 'owed_back') <> 0
order by 1, 2, 3
"""


class SqlExposures:
    """Under row-level security an organisation's role sees its own episodes' entries alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def exposures(
        self,
        *,
        insurer: str | None = None,
        hospital: str | None = None,
        at: datetime | None = None,
        organisation: str | None = None,
    ) -> list[Exposure]:
        with self._database.begin(organisation) as connection:
            return read_exposures(connection, insurer, hospital, at)


def read_exposures(
    connection: Connection, insurer: str | None, hospital: str | None, at: datetime | None
) -> list[Exposure]:
    """``at``: as they were then; None: as they are."""
    values = {"insurer": insurer, "hospital": hospital, "at": at}
    query = _EXPOSURES_NOW if at is None else _EXPOSURES
    found = connection.execute(query, values).mappings()
    return [Exposure.model_validate(dict(row)) for row in found]
