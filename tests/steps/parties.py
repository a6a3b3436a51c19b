"""Outside parties with one answer each, as the ports describe them."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.errors import Final
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import (
    AnswerState,
    ClaimAnswer,
    ClaimOrder,
    EligibilityAnswer,
    GuaranteeAnswer,
    GuaranteeOrder,
    Insured,
    NewVoucherAccount,
    ReimbursementStatement,
    SpouseAccount,
    VoucherAccount,
    VoucherClaimOrder,
    VoucherClaimReceipt,
)
from crossclaim.domain.submission import IdentityDocument
from crossclaim.domain.voucher_submission import SpouseSubmission


class OwnAccountsOnly:
    """A voucher system that knows nothing beyond one own account."""

    def find_pairing(
        self, account_id: str, spouse: SpouseSubmission, institution: str
    ) -> SpouseAccount | None:
        return None

    def open_account(self, order: NewVoucherAccount, at: datetime) -> VoucherAccount:
        raise Final("nobody is in the register", code="PERSON_NOT_ELIGIBLE")

    def confirm(
        self, transaction_number: str, reference: str, confirmed_by: str, confirmed_at: datetime
    ) -> VoucherClaimReceipt:
        raise Final("nothing was ever entered", code="CLAIM_NOT_FOUND")

    def reimbursements(self, institution: str, month: str) -> ReimbursementStatement | None:
        return None


class SmallerBalance(OwnAccountsOnly):
    """The voucher system when the patient has used vouchers elsewhere: HKD 100 are left."""

    def look_up(
        self, document: IdentityDocument, birth_date: date, institution: str, at: datetime
    ) -> VoucherAccount | None:
        return None

    def claim(self, order: VoucherClaimOrder) -> VoucherClaimReceipt:
        answer = {"balance": "100.00"}
        raise Final("the balance is too small", code="BALANCE_INSUFFICIENT", answer=answer)

    def find(self, reference: str) -> VoucherClaimReceipt | None:
        return None

    def void(self, transaction_number: str, reference: str, reason: str) -> VoucherClaimReceipt:
        raise Final("nothing was ever claimed", code="NOT_FOUND")


class SlowInsurer:
    """An insurer that guarantees HKD 40,000 at once and decides claims on a later day."""

    def check_eligibility(self, insured: Insured, at: datetime) -> EligibilityAnswer:
        return EligibilityAnswer(in_force=True, direct_billing=True)

    def request_guarantee(self, order: GuaranteeOrder) -> GuaranteeAnswer:
        return GuaranteeAnswer(
            reference=order.reference,
            state=AnswerState.APPROVED,
            guarantee_number="LG-1",
            limit=hk_cents(4_000_000),
        )

    def find_guarantee(self, reference: str) -> GuaranteeAnswer:
        return GuaranteeAnswer(reference=reference, state=AnswerState.NOT_FOUND)

    def release_guarantee(self, guarantee_number: str, reference: str, at: datetime) -> None:
        return None

    def stop(self, word: str, about: str, reference: str, at: datetime) -> None:
        return None

    def submit_claim(self, order: ClaimOrder) -> ClaimAnswer:
        return ClaimAnswer(reference=order.reference, state=AnswerState.QUEUED)

    def find_claim(self, reference: str) -> ClaimAnswer:
        return ClaimAnswer(reference=reference, state=AnswerState.NOT_FOUND)

    def read_callback(self, text: str) -> GuaranteeAnswer | ClaimAnswer:
        raise Final("this insurer never calls back", code="UNREADABLE")
