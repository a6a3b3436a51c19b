"""What taking a statement in asks for and comes to."""

from __future__ import annotations

from crossclaim.domain.allocation import Frozen


class AccountOwners(Frozen):
    """Whose accounts are whose: an insurer's at its one bank, a hospital's at whichever tells."""

    at_bank: dict[tuple[str, str], str] = {}
    """(bank, digest of the number) → organisation."""
    anywhere: dict[str, str] = {}

    def of(self, bank: str, account: str) -> str | None:
        return self.at_bank.get((bank, account)) or self.anywhere.get(account)


class Stored(Frozen):
    """``told``: (episode, reference) of payouts with news. ``accounts``: (account, source) with
    entries that the matching has not seen."""

    told: list[tuple[str, str]] = []
    accounts: list[tuple[str, str]] = []
