"""What one transaction about an episode reads and writes of vouchers alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from crossclaim.domain.party import ReimbursementStatement, SpouseAccount
from crossclaim.domain.source_items import SourceItem, SourceScope
from crossclaim.domain.voucher_months import ClaimKnown, MonthLine
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

    def keep_reconciliation(
        self, hospital: str, month: str, statement: str | None, line: MonthLine, at: datetime
    ) -> None:
        """What one claim or line came to; a later look at the same month changes it."""
        ...

    def resolve_exceptions_of(
        self, episode_id: str, codes: list[str], reference: str, at: datetime
    ) -> None:
        """As ``resolve_exceptions``, of one claim alone."""
        ...

    def claim_receipt(self, claim_id: str) -> dict[str, Any]:
        """What the voucher system said when it took the claim; empty for one of an older day."""
        ...

    def add_use_record(
        self,
        episode_id: str,
        claim_id: str,
        language: str,
        sha256: str,
        key: str,
        size: int,
        *,
        void: bool,
    ) -> None: ...


class VoucherMonths(Protocol):
    """What reconciling a month reads, and where its statement is kept."""

    def hospitals_with_claims(self, month: str) -> list[str]:
        """Hospitals with a voucher claim that was made in the month."""
        ...

    def claims_for(self, hospital: str, month: str, references: list[str]) -> list[ClaimKnown]:
        """The hospital's claims of the month, and those that are named, of whatever month."""
        ...

    def keep_statement(self, statement: ReimbursementStatement, at: datetime) -> None:
        """Once by its number: what a number said first stays."""
        ...

    def keep_items(self, scope: SourceScope, items: Sequence[SourceItem], at: datetime) -> None:
        """How each line and each claim stands; what is open keeps the day of the payment open."""
        ...

    def is_settled(self, hospital: str, month: str) -> bool:
        """Every claim of the month was found paid."""
        ...
