"""What one run of the matching came to."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.bank_days import DayChange


class Tally(Frozen):
    account: AccountKey
    entries: int
    """Entries of the bank that the run looked at."""
    statuses: dict[str, int]
    """Status → items of either side that have it now."""
    days: list[DayChange] = []
