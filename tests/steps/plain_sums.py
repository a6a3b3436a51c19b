"""What pages of finance and figures show, added up from all rows: slow, and nothing kept."""

from __future__ import annotations

from typing import Any

from crossclaim.store.connection import Connection
from crossclaim.store.figure_reads import _RULES

MONTH = "to_char({} at time zone 'Asia/Shanghai', 'YYYY-MM')"
ACCOUNTS = """
select a.id as account, b.currency, b.balance_minor as minor
from account_balance b join account a on a.id = b.account_id
where b.balance_minor <> 0 and (%(insurer)s::text is null or a.organisation_id = %(insurer)s)
order by 1, 2
"""
PAYOUTS = """
select debtor_organisation_id as organisation, state, count(*)::integer as payouts,
       sum(amount_minor)::bigint as amount_minor, min(reserved_at) as oldest
from payout_intent
where %(insurer)s::text is null or debtor_organisation_id = %(insurer)s
group by 1, 2 order by 1, 2
"""
EXPOSURES = """
select a.organisation_id as insurer, e.hospital_id as hospital, p.currency,
       coalesce(sum(p.amount_minor) filter (where a.kind = 'guarantee_reserved'), 0)::bigint
         as open_minor,
       coalesce(sum(p.amount_minor) filter (where a.kind = 'guarantee_used'), 0)::bigint
         as used_minor
from posting p join entry n on n.id = p.entry_id join account a on a.id = p.account_id
join episode e on e.id = n.episode_id
where a.kind in ('guarantee_reserved', 'guarantee_used')
  and (%(insurer)s::text is null or a.organisation_id = %(insurer)s)
group by 1, 2, 3 having sum(p.amount_minor) <> 0 order by 1, 2, 3
"""
OWED_BACK = """
select k.organisation_id as insurer, e.hospital_id as hospital,
       sum(k.amount_minor)::bigint as minor
from claw_back k join episode e on e.id = k.episode_id
where k.payee = 'hospital' and k.state = 'due'
  and (%(insurer)s::text is null or k.organisation_id = %(insurer)s)
group by 1, 2 order by 1, 2
"""
RECEIVABLES = """
with left_open as (
  select n.episode_id, a.id as account, a.kind, a.organisation_id, p.currency,
         sum(p.amount_minor)::bigint as minor,
         min(n.occurred_at) filter (where p.amount_minor > 0) as since
  from posting p join entry n on n.id = p.entry_id join account a on a.id = p.account_id
  where a.kind in ('funder_due', 'voucher_receivable', 'bureau_receivable',
                   'pay_later_receivable')
    and (cast(%(insurer)s as text) is null or a.organisation_id = %(insurer)s)
  group by 1, 2, 3, 4, 5 having sum(p.amount_minor) > 0
), aged as (
  select case o.kind when 'voucher_receivable' then 'voucher'
           when 'bureau_receivable' then 'basic_insurance'
           when 'pay_later_receivable' then 'pay_later'
           else split_part(o.account, ':', 2) end as funder,
         case when o.kind = 'funder_due' then o.organisation_id end as organisation,
         e.hospital_id as hospital, o.currency, o.minor, o.since,
         (cast(%(today)s as date) - (o.since at time zone 'Asia/Shanghai')::date) as days
  from left_open o join episode e on e.id = o.episode_id
)
select funder, organisation, hospital, currency, count(*)::integer as episodes,
       date_trunc('day', min(since), 'Asia/Shanghai') as oldest, sum(minor)::bigint as total_minor,
       coalesce(sum(minor) filter (where days <= 30), 0)::bigint as days_30_minor,
       coalesce(sum(minor) filter (where days between 31 and 60), 0)::bigint as days_60_minor,
       coalesce(sum(minor) filter (where days between 61 and 90), 0)::bigint as days_90_minor,
       coalesce(sum(minor) filter (where days > 90), 0)::bigint as older_minor
from aged group by 1, 2, 3, 4 order by 1, 2 nulls last, 3, 4
"""
DRIFT = """
select to_char(n.occurred_at at time zone 'Asia/Shanghai', 'YYYY-MM') as month,
       a.organisation_id as insurer, coalesce(c.benefit_currency, p.currency) as currency,
       count(*)::integer as payouts,
       coalesce(sum(p.amount_minor) filter (where p.amount_minor > 0), 0)::bigint as more_minor,
       coalesce(sum(p.amount_minor) filter (where p.amount_minor < 0), 0)::bigint as less_minor,
       sum(p.amount_minor)::bigint as drift_minor
from posting p join entry n on n.id = p.entry_id join account a on a.id = p.account_id
left join entry o on o.id = n.reverses
left join claim c on c.reference = substr(coalesce(o.key, n.key), 7)
where a.kind = 'fx_drift'
  and (cast(%(insurer)s as text) is null or a.organisation_id = %(insurer)s)
group by 1, 2, 3 order by 1 desc, 2, 3
"""

Row = dict[str, Any]


def plain(connection: Connection, query: str, **given: object) -> list[Row]:
    return connection.execute(query, {"insurer": None, **given}).mappings()


def plain_figures(connection: Connection, insurer: str | None) -> set[tuple[str, ...]]:
    """Indicator, month, insurer, hospital, all and good, of episodes that the reader may see."""
    found = set()
    for indicator, (table, moment, counts, is_good, whose) in _RULES.items():
        month = MONTH.format(f"x.{moment}")
        rows = connection.execute(
            f"select {month} as month, coalesce(x.{whose}, '') as insurer, e.hospital_id as at,"
            f" count(*) as all, count(*) filter (where {is_good}) as good"
            f" from {table} x join episode e on e.id = x.episode_id where {counts}"
            f" and (%(insurer)s::text is null or x.{whose} = %(insurer)s) group by 1, 2, 3",
            {"insurer": insurer},
        )
        found |= {(indicator.value, *(str(value) for value in row.values()))
                  for row in rows.mappings()}  # fmt: skip
    return found
