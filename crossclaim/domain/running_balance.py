"""Ledger entries in their order with what each leaves on its accounts. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import Currency, Money, counted


class LedgerPosting(Frozen):
    """One row of a ledger: positive is a debit."""

    entry: int
    kind: str
    account: str
    account_kind: str
    amount_minor: int
    currency: Currency
    occurred_at: datetime
    recorded_at: datetime
    reverses: int | None = None


class RunningPosting(Frozen):
    posting: LedgerPosting
    amount: Money
    balance: Money
    """Of the account, over this episode's own entries up to this one."""
    first: bool
    """The first posting of its entry."""


def running(postings: Iterable[LedgerPosting]) -> list[RunningPosting]:
    """In the order given, each account counted by itself and per currency."""
    balances: dict[tuple[str, Currency], int] = defaultdict(int)
    found: list[RunningPosting] = []
    before: int | None = None
    for posting in postings:
        key = (posting.account, posting.currency)
        balances[key] += posting.amount_minor
        found.append(
            RunningPosting(
                posting=posting,
                amount=counted(posting.amount_minor, posting.currency),
                balance=counted(balances[key], posting.currency),
                first=posting.entry != before,
            )
        )
        before = posting.entry
    return found


def balances_at(postings: Iterable[LedgerPosting], moment: datetime) -> list[RunningPosting]:
    """The last posting of every account by ``moment`` that is not even, with its balance."""
    newest: dict[tuple[str, Currency], RunningPosting] = {}
    for one in running(p for p in postings if p.recorded_at <= moment):
        newest[one.posting.account, one.posting.currency] = one
    return [one for one in newest.values() if one.balance.amount_minor]
