"""What finance looks at over all episodes that a role sees; each total is a ledger query."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.exposure import Exposure
from crossclaim.store.connection import Connection
from crossclaim.store.exposures import read_exposures

_PAYOUTS = """
select debtor_organisation_id as organisation, state, count(*)::integer as payouts,
       sum(amount_minor)::bigint as amount_minor, min(reserved_at) as oldest
from payout_intent
where %(insurer)s::text is null or debtor_organisation_id = %(insurer)s
group by 1, 2 order by 1, 2
"""
_ACCOUNTS = """
select a.id as account, a.kind, a.organisation_id as organisation, b.currency, b.balance_minor
from account_balance b join account a on a.id = b.account_id
where b.balance_minor <> 0
  and (%(insurer)s::text is null or a.organisation_id = %(insurer)s)
order by a.kind, a.id, b.currency
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
