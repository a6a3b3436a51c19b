"""What taking a statement in asks for and comes to."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen


class AccountOwner(Frozen):
    """Whose account a digest is, and where it is kept; ``bank`` empty: any profile."""

    organisation: str
    bank: str = ""


class Stored(Frozen):
    """``told``: (episode, reference) of payouts with news. ``accounts``: (account, source) with
    entries that the matching has not seen."""

    told: list[tuple[str, str]] = []
    accounts: list[tuple[str, str]] = []
