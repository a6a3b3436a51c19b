"""An account at a bank, named by a digest of its number: the number itself is in no row."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen


class AccountKey(Frozen):
    bank: str
    account: str
    """SHA-256 of the number."""
    organisation: str
