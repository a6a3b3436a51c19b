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
# Of each state only what may be shown is read, in the order of an index.
_LISTED = f"""
select * from unnest(cast(%(states)s as text[])) as one(of_state)
cross join lateral ({_PAYOUTS} and p.state = one.of_state
  order by p.reserved_at, p.reference limit %(limit)s) x
order by x.state = 'credited', x.state = 'cancelled', x.reserved_at, x.reference limit %(limit)s
"""
_OF_INSURER = "(cast(%(insurer)s as text) is null or p.debtor_organisation_id = %(insurer)s)"
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
with aged as (
  select t.name as account, t.hospital, t.currency, t.day::date as day,
         sum(t.items) as episodes, sum(t.amount)::bigint as minor,
         cast(%(today)s as date) - t.day::date as days
  from console_totals('{receivable}') t
  where not t.closed and (cast(%(insurer)s as text) is null or t.organisation = %(insurer)s)
  group by 1, 2, 3, 4 having sum(t.items) <> 0
)
select case a.kind when 'voucher_receivable' then 'voucher'
         when 'bureau_receivable' then 'basic_insurance'
         when 'pay_later_receivable' then 'pay_later'
         else split_part(o.account, ':', 2) end as funder,
       case when a.kind = 'funder_due' then a.organisation_id end as organisation,
       o.hospital, o.currency, sum(o.episodes)::integer as episodes,
       min(o.day)::timestamp at time zone 'Asia/Shanghai' as oldest,
       sum(minor)::bigint as total_minor,
       coalesce(sum(minor) filter (where days <= 30), 0)::bigint as days_30_minor,
       coalesce(sum(minor) filter (where days between 31 and 60), 0)::bigint as days_60_minor,
       coalesce(sum(minor) filter (where days between 61 and 90), 0)::bigint as days_90_minor,
       coalesce(sum(minor) filter (where days > 90), 0)::bigint as older_minor
from aged o join account a on a.id = o.account
group by 1, 2, 3, 4 order by 1, 2 nulls last, 3, 4
"""
_DRIFT = """
select t.day as month, t.organisation as insurer, t.currency, sum(t.items)::integer as payouts,
       sum(t.amount)::bigint as more_minor, sum(t.other)::bigint as less_minor,
       sum(t.amount + t.other)::bigint as drift_minor
from console_totals('{drift}') t
where cast(%(insurer)s as text) is null or t.organisation = %(insurer)s
group by 1, 2, 3 having sum(t.items) <> 0 order by 1 desc, 2, 3
"""
_SETTLED_DAYS = """
select t.day::date as day from console_totals('{settled}') t
where split_part(t.name, ' ', 2) = any(%(kinds)s)
  and t.day >= (cast(%(day)s as date) - 45)::text and t.day < (cast(%(day)s as date) + 45)::text
group by 1 having sum(t.items) <> 0 order by 1 desc limit 31
"""

Row = dict[str, Any]


def read_payouts(
    connection: Connection, insurer: str | None, hospital: str | None, states: list[str], limit: int
) -> list[Row]:
    """Of these states, those that are not over first, the longest waiting first."""
    query = _LISTED
    if insurer is not None:
        # Said like this it opens an index.
        query = query.replace(_OF_INSURER, "p.debtor_organisation_id = %(insurer)s")
    values = {"insurer": insurer, "hospital": hospital, "states": states, "limit": limit}
    return connection.execute(query, values).mappings()


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
