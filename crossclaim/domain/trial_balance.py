"""The trial balance of a ledger: what every account holds once all entries are counted."""

from __future__ import annotations

from collections.abc import Iterable

from crossclaim.domain.ledger import Entry
from crossclaim.domain.money import Currency


class LedgerBroken(ValueError):
    """An entry does not balance, happens twice, or an account stands in two currencies."""


def trial_balance(entries: Iterable[Entry]) -> dict[str, int]:
    """Account id → minor units of its currency, debits above zero; settled accounts left out.

    Raises LedgerBroken.
    """
    seen: set[str] = set()
    currencies: dict[str, Currency] = {}
    found: dict[str, int] = {}
    for entry in entries:
        if entry.key in seen:
            raise LedgerBroken(f"{entry.key} stands twice")
        seen.add(entry.key)
        sums: dict[Currency, int] = {}
        for posting in entry.postings:
            account, amount = posting.account, posting.amount_minor
            if currencies.setdefault(account.id, account.currency) is not account.currency:
                raise LedgerBroken(f"{account.id} stands in two currencies")
            sums[account.currency] = sums.get(account.currency, 0) + amount
            found[account.id] = found.get(account.id, 0) + amount
        if any(sums.values()):
            raise LedgerBroken(f"{entry.key} does not balance")
    return {account: found[account] for account in sorted(found) if found[account]}
