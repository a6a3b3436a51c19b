"""Payouts with what people said of them, receivables by age, and exchange differences."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossclaim.store.connection import Connection

_PAYOUTS = """
select p.reference, p.episode_id, c.reference as claim, p.payee, e.hospital_id,
       p.debtor_organisation_id as debtor, p.bank, p.amount_minor, p.state, p.reason,
       p.reserved_at as since, p.credited_at, p.reserved_at, p.sent_at, p.settled_at,
       exists (select 1 from exception_item x where x.episode_id = p.episode_id
               and x.code = 'PAYEE_ACCOUNT_PROPOSED' and x.reference = p.reference
               and x.resolved_at is null) as proposed,
       exists (select 1 from payout_recall r where r.reference = p.reference) as recalled,
       exists (select 1 from payout_intent l where l.claim_id = p.claim_id
               and l.sequence > p.sequence) as replaced
from payout_intent p join claim c on c.id = p.claim_id join episode e on e.id = p.episode_id
where (cast(%(insurer)s as text) is null or p.debtor_organisation_id = %(insurer)s)
  and (cast(%(hospital)s as text) is null or e.hospital_id = %(hospital)s)
"""
_LISTED = f"""{_PAYOUTS}
  and (cardinality(cast(%(states)s as text[])) = 0 or p.state = any(%(states)s))
order by p.state = 'credited', p.state = 'cancelled', p.reserved_at, p.reference limit %(limit)s
"""
_ONE = f"{_PAYOUTS} and p.reference = %(reference)s"
_APPROVAL = """
select why, made_by, asked_at, decided_by, decided_at, approved, reason from payout_approval
where reference = %(reference)s
"""
_RECALL = """
select state, reason, asked_by, asked_at, ended_at from payout_recall
where reference = %(reference)s
"""
_ACCOUNTS = """
select number, account_sealed, proposed_by, proposed_at, decided_by, decided_at, approved, reason
from payee_account where payout_reference = %(reference)s order by proposed_at desc
"""
_RECEIVABLES = """
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
       min(since) as oldest, sum(minor)::bigint as total_minor,
       coalesce(sum(minor) filter (where days <= 30), 0)::bigint as days_30_minor,
       coalesce(sum(minor) filter (where days between 31 and 60), 0)::bigint as days_60_minor,
       coalesce(sum(minor) filter (where days between 61 and 90), 0)::bigint as days_90_minor,
       coalesce(sum(minor) filter (where days > 90), 0)::bigint as older_minor
from aged group by 1, 2, 3, 4 order by 1, 2 nulls last, 3, 4
"""
_DRIFT = """
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
_SETTLED_DAYS = """
select distinct (n.occurred_at at time zone 'Asia/Shanghai')::date as day from entry n
where n.kind = any(%(kinds)s) and n.occurred_at >= cast(%(day)s as date) - 45
  and n.occurred_at < cast(%(day)s as date) + 45
order by 1 desc limit 31
"""

Row = dict[str, Any]


def read_payouts(
    connection: Connection, insurer: str | None, hospital: str | None, states: list[str], limit: int
) -> list[Row]:
    values = {"insurer": insurer, "hospital": hospital, "states": states, "limit": limit}
    return connection.execute(_LISTED, values).mappings()


def read_payout(connection: Connection, insurer: str | None, reference: str) -> Row | None:
    """``insurer``: of whose payouts alone."""
    values = {"insurer": insurer, "hospital": None, "reference": reference}
    rows = connection.execute(_ONE, values).mappings()
    if not rows:
        return None
    about = {"reference": reference}
    approvals = connection.execute(_APPROVAL, about).mappings()
    recalls = connection.execute(_RECALL, about).mappings()
    return {
        **rows[0],
        "approval": approvals[0] if approvals else None,
        "recall": recalls[0] if recalls else None,
    }


def read_proposals(connection: Connection, reference: str) -> list[Row]:
    return connection.execute(_ACCOUNTS, {"reference": reference}).mappings()


def read_receivables(connection: Connection, insurer: str | None, today: date) -> list[Row]:
    return connection.execute(_RECEIVABLES, {"insurer": insurer, "today": today}).mappings()


def read_drift(connection: Connection, insurer: str | None) -> list[Row]:
    return connection.execute(_DRIFT, {"insurer": insurer}).mappings()


def read_settled_days(connection: Connection, kinds: list[str], day: date) -> list[date]:
    return connection.execute(_SETTLED_DAYS, {"kinds": kinds, "day": day}).scalars()
