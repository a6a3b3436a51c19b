"""Every fault of a submission at once: of shape and of meaning, whatever else is wrong with it.

Meaning is judged on what can be read of the raw submission, so a missing member in one place never
hides a wrong check digit, a negative amount or an unknown department in another. Pure: what is
known of the world comes in as ``Reference``, what is known of the episode as ``Context``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from crossclaim.domain.allocation import Fault
from crossclaim.domain.appeal import (
    AppealDecisionSubmission,
    AppealSubmission,
    ChangedDecisionSubmission,
)
from crossclaim.domain.appointment import AppointmentSubmission
from crossclaim.domain.bill_orders import (
    CancellationSubmission,
    ClawBackReceived,
    CoverageSubmission,
    ReopeningSubmission,
)
from crossclaim.domain.claw_back_finding import ClawBackFinding, ClawBackFindingDecision
from crossclaim.domain.claw_back_write_off import ClawBackWriteOff, ClawBackWriteOffDecision
from crossclaim.domain.credit_submission import (
    CreditApplicationSubmission,
    CreditCardCodeSubmission,
    CreditCardSubmission,
    CreditClosingSubmission,
    CreditInstalmentsSubmission,
    CreditRepaymentSubmission,
    CreditSignUpSubmission,
)
from crossclaim.domain.errors import Refused
from crossclaim.domain.examination import (
    ClaimConfirmationSubmission,
    ClaimDecisionSubmission,
    SampleReviewSubmission,
)
from crossclaim.domain.family_submission import (
    FamilyBindingSubmission,
    FamilyCodeEndSubmission,
    FamilyCodeLinkSubmission,
    FamilyUnbindSubmission,
)
from crossclaim.domain.fault_appeal import (
    appeal_decision_faults,
    appeal_faults,
    changed_decision_faults,
)
from crossclaim.domain.fault_appointment import appointment_faults
from crossclaim.domain.fault_bill import bill_faults
from crossclaim.domain.fault_consent import consent_faults
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_coverage import coverage_faults
from crossclaim.domain.fault_credit import (
    application_shape_faults,
    card_faults,
    no_more_faults,
    repayment_faults,
    sign_up_faults,
)
from crossclaim.domain.fault_episode import episode_faults
from crossclaim.domain.fault_family import (
    binding_faults,
    code_end_faults,
    code_link_faults,
    unbind_faults,
)
from crossclaim.domain.fault_guarantee import (
    guarantee_decision_faults,
    guarantee_request_faults,
    guarantee_withdrawal_faults,
)
from crossclaim.domain.fault_information import (
    information_answer_faults,
    information_change_faults,
    information_request_faults,
)
from crossclaim.domain.fault_paper_claim import (
    paper_claim_faults,
    payee_account_faults,
    payee_decision_faults,
)
from crossclaim.domain.fault_payment import reimbursement_faults, tender_faults, void_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_record import deposit_faults, request_faults
from crossclaim.domain.fault_shape import read_shape
from crossclaim.domain.fault_stay import admission_faults, discharge_faults
from crossclaim.domain.fault_transfer import hand_over_faults
from crossclaim.domain.fault_voucher import (
    confirmation_faults,
    identity_check_faults,
    spouse_faults,
)
from crossclaim.domain.guarantee_submission import (
    GuaranteeDecisionSubmission,
    GuaranteeRequestSubmission,
    GuaranteeWithdrawalSubmission,
)
from crossclaim.domain.information_submission import (
    InformationAnswerSubmission,
    InformationChangeSubmission,
    InformationRequestSubmission,
)
from crossclaim.domain.paper_claim import PaperClaimSubmission
from crossclaim.domain.pay_later_confirmation import PayLaterConfirmation
from crossclaim.domain.payee_account import PayeeAccountSubmission, PayeeDecisionSubmission
from crossclaim.domain.payout_word import (
    PayoutApprovalSubmission,
    PayoutFindingDecision,
    PayoutFindingSubmission,
    PayoutRecallSubmission,
)
from crossclaim.domain.record_submission import RecordDepositSubmission, RecordRequestSubmission
from crossclaim.domain.reference import Reference
from crossclaim.domain.repair_submission import (
    EpisodeCancellation,
    HoldSubmission,
    ReleaseSubmission,
    SkipDecision,
    SkipSubmission,
)
from crossclaim.domain.submission import (
    AdmissionSubmission,
    BillSubmission,
    ConsentSubmission,
    DischargeSubmission,
    EpisodeSubmission,
    ReimbursementSubmission,
    SubmissionKind,
    TenderSubmission,
    VoidSubmission,
    Wire,
)
from crossclaim.domain.tender_submission import RefundConfirmation
from crossclaim.domain.transfer_submission import HandOverSubmission
from crossclaim.domain.voucher_submission import (
    IdentityCheckSubmission,
    SpouseSubmission,
    VoucherConfirmationSubmission,
)

_Judge = Callable[[Piece, Reference, Context], Iterable[Fault]]

SHAPES: dict[SubmissionKind, type[Wire]] = {
    SubmissionKind.EPISODE: EpisodeSubmission,
    SubmissionKind.ADMISSION: AdmissionSubmission,
    SubmissionKind.DISCHARGE: DischargeSubmission,
    SubmissionKind.BILL: BillSubmission,
    SubmissionKind.TENDER: TenderSubmission,
    SubmissionKind.VOID: VoidSubmission,
    SubmissionKind.CONSENT: ConsentSubmission,
    SubmissionKind.REIMBURSEMENT: ReimbursementSubmission,
    SubmissionKind.PAY_LATER_CONFIRMATION: PayLaterConfirmation,
    SubmissionKind.REFUND_CONFIRMATION: RefundConfirmation,
    SubmissionKind.CREDIT_SIGN_UP: CreditSignUpSubmission,
    SubmissionKind.CREDIT_CARD: CreditCardSubmission,
    SubmissionKind.CREDIT_CARD_CODE: CreditCardCodeSubmission,
    SubmissionKind.CREDIT_APPLICATION: CreditApplicationSubmission,
    SubmissionKind.CREDIT_INSTALMENTS: CreditInstalmentsSubmission,
    SubmissionKind.CREDIT_REPAYMENT: CreditRepaymentSubmission,
    SubmissionKind.CREDIT_CLOSING: CreditClosingSubmission,
    SubmissionKind.RECORD_REQUEST: RecordRequestSubmission,
    SubmissionKind.RECORD_DEPOSIT: RecordDepositSubmission,
    SubmissionKind.FAMILY_BINDING: FamilyBindingSubmission,
    SubmissionKind.FAMILY_UNBIND: FamilyUnbindSubmission,
    SubmissionKind.FAMILY_CODE_LINK: FamilyCodeLinkSubmission,
    SubmissionKind.FAMILY_CODE_END: FamilyCodeEndSubmission,
    SubmissionKind.SPOUSE: SpouseSubmission,
    SubmissionKind.IDENTITY_CHECK: IdentityCheckSubmission,
    SubmissionKind.VOUCHER_CONFIRMATION: VoucherConfirmationSubmission,
    SubmissionKind.HAND_OVER: HandOverSubmission,
    SubmissionKind.APPOINTMENT: AppointmentSubmission,
    SubmissionKind.PAPER_CLAIM: PaperClaimSubmission,
    SubmissionKind.PAYEE_ACCOUNT: PayeeAccountSubmission,
    SubmissionKind.PAYEE_DECISION: PayeeDecisionSubmission,
    SubmissionKind.GUARANTEE_REQUEST: GuaranteeRequestSubmission,
    SubmissionKind.GUARANTEE_DECISION: GuaranteeDecisionSubmission,
    SubmissionKind.GUARANTEE_WITHDRAWAL: GuaranteeWithdrawalSubmission,
    SubmissionKind.REOPENING: ReopeningSubmission,
    SubmissionKind.CANCELLATION: CancellationSubmission,
    SubmissionKind.CLAW_BACK: ClawBackReceived,
    SubmissionKind.WRITE_OFF: ClawBackWriteOff,
    SubmissionKind.WRITE_OFF_DECISION: ClawBackWriteOffDecision,
    SubmissionKind.CLAW_BACK_FINDING: ClawBackFinding,
    SubmissionKind.CLAW_BACK_FINDING_DECISION: ClawBackFindingDecision,
    SubmissionKind.COVERAGE: CoverageSubmission,
    SubmissionKind.PAYOUT_APPROVAL: PayoutApprovalSubmission,
    SubmissionKind.PAYOUT_RECALL: PayoutRecallSubmission,
    SubmissionKind.PAYOUT_FINDING: PayoutFindingSubmission,
    SubmissionKind.PAYOUT_FINDING_DECISION: PayoutFindingDecision,
    SubmissionKind.APPEAL: AppealSubmission,
    SubmissionKind.APPEAL_DECISION: AppealDecisionSubmission,
    SubmissionKind.CHANGED_DECISION: ChangedDecisionSubmission,
    SubmissionKind.CLAIM_DECISION: ClaimDecisionSubmission,
    SubmissionKind.CLAIM_CONFIRMATION: ClaimConfirmationSubmission,
    SubmissionKind.SAMPLE_REVIEW: SampleReviewSubmission,
    SubmissionKind.INFORMATION_REQUEST: InformationRequestSubmission,
    SubmissionKind.INFORMATION_CHANGE: InformationChangeSubmission,
    SubmissionKind.INFORMATION_ANSWER: InformationAnswerSubmission,
    SubmissionKind.HOLD: HoldSubmission,
    SubmissionKind.RELEASE: ReleaseSubmission,
    SubmissionKind.EPISODE_CANCELLATION: EpisodeCancellation,
    SubmissionKind.SKIP: SkipSubmission,
    SubmissionKind.SKIP_DECISION: SkipDecision,
}
"""The kinds that come by our own wire; an insurer's answers and decisions come another way."""

_JUDGES: dict[SubmissionKind, _Judge] = {
    SubmissionKind.EPISODE: episode_faults,
    SubmissionKind.ADMISSION: admission_faults,
    SubmissionKind.DISCHARGE: discharge_faults,
    SubmissionKind.BILL: bill_faults,
    SubmissionKind.TENDER: tender_faults,
    SubmissionKind.VOID: void_faults,
    SubmissionKind.CONSENT: consent_faults,
    SubmissionKind.REIMBURSEMENT: reimbursement_faults,
    SubmissionKind.PAY_LATER_CONFIRMATION: void_faults,
    SubmissionKind.REFUND_CONFIRMATION: no_more_faults,
    SubmissionKind.CREDIT_SIGN_UP: sign_up_faults,
    SubmissionKind.CREDIT_CARD: card_faults,
    SubmissionKind.CREDIT_CARD_CODE: no_more_faults,
    SubmissionKind.CREDIT_APPLICATION: application_shape_faults,
    SubmissionKind.CREDIT_INSTALMENTS: no_more_faults,
    SubmissionKind.CREDIT_REPAYMENT: repayment_faults,
    SubmissionKind.CREDIT_CLOSING: no_more_faults,
    SubmissionKind.RECORD_REQUEST: request_faults,
    SubmissionKind.RECORD_DEPOSIT: deposit_faults,
    SubmissionKind.FAMILY_BINDING: binding_faults,
    SubmissionKind.FAMILY_UNBIND: unbind_faults,
    SubmissionKind.FAMILY_CODE_LINK: code_link_faults,
    SubmissionKind.FAMILY_CODE_END: code_end_faults,
    SubmissionKind.SPOUSE: spouse_faults,
    SubmissionKind.IDENTITY_CHECK: identity_check_faults,
    SubmissionKind.VOUCHER_CONFIRMATION: confirmation_faults,
    SubmissionKind.HAND_OVER: hand_over_faults,
    SubmissionKind.APPOINTMENT: appointment_faults,
    SubmissionKind.PAPER_CLAIM: paper_claim_faults,
    SubmissionKind.PAYEE_ACCOUNT: payee_account_faults,
    SubmissionKind.PAYEE_DECISION: payee_decision_faults,
    SubmissionKind.GUARANTEE_REQUEST: guarantee_request_faults,
    SubmissionKind.GUARANTEE_DECISION: guarantee_decision_faults,
    SubmissionKind.GUARANTEE_WITHDRAWAL: guarantee_withdrawal_faults,
    SubmissionKind.REOPENING: void_faults,
    SubmissionKind.CANCELLATION: void_faults,
    SubmissionKind.CLAW_BACK: no_more_faults,
    SubmissionKind.WRITE_OFF: no_more_faults,
    SubmissionKind.WRITE_OFF_DECISION: no_more_faults,
    SubmissionKind.CLAW_BACK_FINDING: no_more_faults,
    SubmissionKind.CLAW_BACK_FINDING_DECISION: no_more_faults,
    SubmissionKind.COVERAGE: coverage_faults,
    SubmissionKind.PAYOUT_APPROVAL: no_more_faults,
    SubmissionKind.PAYOUT_RECALL: no_more_faults,
    SubmissionKind.PAYOUT_FINDING: no_more_faults,
    SubmissionKind.PAYOUT_FINDING_DECISION: no_more_faults,
    SubmissionKind.APPEAL: appeal_faults,
    SubmissionKind.APPEAL_DECISION: appeal_decision_faults,
    SubmissionKind.CHANGED_DECISION: changed_decision_faults,
    SubmissionKind.CLAIM_DECISION: no_more_faults,
    SubmissionKind.CLAIM_CONFIRMATION: no_more_faults,
    SubmissionKind.SAMPLE_REVIEW: no_more_faults,
    SubmissionKind.INFORMATION_REQUEST: information_request_faults,
    SubmissionKind.INFORMATION_CHANGE: information_change_faults,
    SubmissionKind.INFORMATION_ANSWER: information_answer_faults,
    SubmissionKind.HOLD: no_more_faults,
    SubmissionKind.RELEASE: no_more_faults,
    SubmissionKind.EPISODE_CANCELLATION: no_more_faults,
    SubmissionKind.SKIP: no_more_faults,
    SubmissionKind.SKIP_DECISION: no_more_faults,
}


class Reading(NamedTuple):
    """``model`` is there when the shape is right, even if ``faults`` say that it means nonsense."""

    model: Wire | None
    faults: list[Fault]


def faults_of(
    kind: SubmissionKind,
    submission: Wire | Mapping[str, Any],
    reference: Reference,
    context: Context,
) -> list[Fault]:
    """The faults of meaning of a submission, raw or parsed, in the order of its members."""
    raw = submission.model_dump(mode="json") if isinstance(submission, Wire) else dict(submission)
    return list(_JUDGES[kind](Piece(raw), reference, context))


def read_submission(
    kind: SubmissionKind, raw: Mapping[str, Any], reference: Reference, context: Context
) -> Reading:
    """The submission as far as it can be read, with every fault of shape and of meaning."""
    model, shape_faults = read_shape(SHAPES[kind], dict(raw))
    faults: dict[tuple[str, str], Fault] = {}
    for fault in [*shape_faults, *faults_of(kind, raw, reference, context)]:
        faults.setdefault((fault.pointer, fault.code), fault)
    return Reading(model, list(faults.values()))


def parse_submission(
    kind: SubmissionKind, raw: Mapping[str, Any], reference: Reference, context: Context
) -> Wire:
    """The model of a faultless submission. Raises ``Refused`` with all faults otherwise."""
    model, faults = read_submission(kind, raw, reference, context)
    if model is None or faults:
        raise Refused(refusal_text(len(faults)), faults)
    return model


def refusal_text(count: int) -> str:
    """One sentence for the whole refusal; the faults say the rest."""
    return f"The submission has {count} {'fault' if count == 1 else 'faults'}; nothing was stored."
