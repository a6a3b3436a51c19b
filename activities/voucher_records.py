"""What one transaction about an episode reads and writes of vouchers alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from crossclaim.domain.party import SpouseAccount
from crossclaim.domain.voucher_submission import IdentityCheckSubmission, SpouseSubmission


class VoucherTransaction(Protocol):
    """Part of ``EpisodeTransaction``."""

    def put_spouse(self, episode_id: str, spouse: SpouseSubmission, at: datetime) -> None: ...
    def spouse_content(self, episode_id: str) -> SpouseSubmission: ...
    def put_spouse_account(
        self, episode_id: str, account: SpouseAccount | None, at: datetime
    ) -> None:
        """What the voucher system says of the pairing; None: there is none."""
        ...

    def spouse_account_id(self, episode_id: str) -> str: ...
    def change_spouse(self, episode_id: str, **fields: object) -> None: ...

    def change_voucher_account(self, episode_id: str, **fields: object) -> None: ...

    def add_identity_check(self, episode_id: str, check: IdentityCheckSubmission) -> None: ...
    def add_voucher_confirmation(
        self, episode_id: str, bill_id: str, confirmed_by: str, confirmed_at: datetime
    ) -> None: ...

    def add_stage(self, episode_id: str, claim_id: str, **fields: object) -> None:
        """Notes that a claim was entered; nothing when it is noted already."""
        ...

    def change_stage(self, claim_id: str, **fields: object) -> None: ...

    def claim_receipt(self, claim_id: str) -> dict[str, Any]:
        """What the voucher system said when it took the claim; empty for one of an older day."""
        ...

    def add_use_record(
        self, episode_id: str, claim_id: str, language: str, sha256: str, key: str, size: int
    ) -> None: ...
