"""The part of a transaction that is about withdrawn consents."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.withdrawal import Send


class WithdrawalTransaction(Protocol):
    """Reads and writes of what a withdrawal did to an insurer's part."""

    def add_withdrawal(
        self, withdrawal_id: str, episode_id: str, organisation: str, **fields: object
    ) -> None: ...

    def change_withdrawal(self, withdrawal_id: str, **fields: object) -> None: ...

    def sends_on_consent(self, episode_id: str, party: str) -> list[Send]:
        """Every send of personal data to a party, oldest first."""
        ...
