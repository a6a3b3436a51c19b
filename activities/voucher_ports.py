"""What the activities need of the voucher system beyond one own account, and of its papers."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.party import (
    NewVoucherAccount,
    ReimbursementStatement,
    SpouseAccount,
    VoucherAccount,
    VoucherClaimReceipt,
)
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.domain.voucher_use import VoucherUseRecord


class VoucherScheme(Protocol):
    """Part of ``VoucherSystem``."""

    def find_pairing(
        self, account_id: str, spouse: SpouseSubmission, institution: str
    ) -> SpouseAccount | None: ...

    def open_account(self, order: NewVoucherAccount, at: datetime) -> VoucherAccount: ...

    def confirm(
        self, transaction_number: str, reference: str, confirmed_by: str, confirmed_at: datetime
    ) -> VoucherClaimReceipt: ...

    def reimbursements(self, institution: str, month: str) -> ReimbursementStatement | None: ...


class UseRecordPrinter(Protocol):
    """Prints the record on use of vouchers."""

    def use_record(self, record: VoucherUseRecord, language: str) -> bytes: ...
