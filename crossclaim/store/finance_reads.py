"""What finance looks at over all episodes that a role sees: the ledger's sums as they are kept,
with what changed since (ADR 60)."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.exposure import Exposure
from crossclaim.store.connection import Connection
from crossclaim.store.exposures import read_exposures

# The month that a sum is of bounds where its oldest payout is looked for.
_PAYOUTS = """
with months as (
  select t.organisation, t.name as state, t.day as month, sum(t.items) as payouts,
         sum(t.amount) as amount_minor
  from console_totals('{payout}') t
  where %(insurer)s::text is null or t.organisation = %(insurer)s
  group by 1, 2, 3 having sum(t.items) <> 0
), states as (
  select organisation, state, sum(payouts)::integer as payouts,
         sum(amount_minor)::bigint as amount_minor, min(month) as month
  from months group by 1, 2
)
select s.organisation, s.state, s.payouts, s.amount_minor, o.reserved_at as oldest
from states s cross join lateral (
  select p.reserved_at from payout_intent p
  where p.debtor_organisation_id = s.organisation and p.state = s.state
    and p.reserved_at >= to_date(s.month, 'YYYY-MM')::timestamp at time zone 'Asia/Shanghai'
  order by p.reserved_at limit 1) o
order by 1, 2
"""
# A bank's charge is of no episode, so of no part.
_ACCOUNTS = """
with sums as (
  select t.name as account, t.currency, t.amount from console_totals('{balance}') t
  where %(insurer)s::text is null or t.organisation = %(insurer)s
  union all
  select p.account_id, p.currency, p.amount_minor
  from entry n join posting p on p.entry_id = n.id join account a on a.id = p.account_id
  where n.episode_id is null
    and (%(insurer)s::text is null or a.organisation_id = %(insurer)s)
)
select a.id as account, a.kind, a.organisation_id as organisation, s.currency,
       sum(s.amount)::bigint as balance_minor
from sums s join account a on a.id = s.account
group by 1, 2, 3, 4 having sum(s.amount) <> 0 order by a.kind, a.id, s.currency
"""
_DAYS = """
select d.day, d.bank, d.organisation_id as organisation, d.state,
       (select count(*)::integer from statement_exception x
        where x.bank = d.bank and x.account_sha256 = d.account_sha256
          and x.blocks and x.resolved_at is null) as unexplained
from bank_day d
where %(insurer)s::text is null or d.organisation_id = %(insurer)s
order by d.day desc, d.bank limit 62
"""


class PayoutsByState(Frozen):
    organisation: str
    state: str
    payouts: int
    amount_minor: int
    """Fen."""
    oldest: datetime


class AccountLeft(Frozen):
    account: str
    kind: str
    organisation: str | None = None
    currency: str
    balance_minor: int
    """Positive is a debit."""


class BankDay(Frozen):
    day: date
    bank: str
    organisation: str
    state: str
    unexplained: int
    """Exceptions of the account's statements that nobody has explained yet."""


class Finance(Frozen):
    payouts: list[PayoutsByState]
    accounts: list[AccountLeft]
    exposures: list[Exposure]
    days: list[BankDay]


def read_finance(connection: Connection, insurer: str | None) -> Finance:
    """``insurer`` is told of itself alone; ``None``: everything that the role sees."""
    whose = {"insurer": insurer}
    payouts = connection.execute(_PAYOUTS, whose)
    accounts = connection.execute(_ACCOUNTS, whose)
    days = connection.execute(_DAYS, whose)
    return Finance(
        payouts=[PayoutsByState.model_validate(row) for row in payouts.mappings()],
        accounts=[AccountLeft.model_validate(row) for row in accounts.mappings()],
        exposures=read_exposures(connection, insurer, None, None),
        days=[BankDay.model_validate(row) for row in days.mappings()],
    )
