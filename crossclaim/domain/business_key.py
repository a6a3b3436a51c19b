"""The business key of a submission: what it is about, the same for ever, whoever sends it again.

With the organisation it is unique in the submission table. It is built of ids and the
hospital's own numbers only. ``/`` never occurs inside a part, so different parts never give the
same key.
"""

from __future__ import annotations

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
from crossclaim.domain.claw_back_finding import (
    ClawBackFinding,
    ClawBackFindingDecision,
    claw_back_finding_key,
)
from crossclaim.domain.claw_back_write_off import (
    ClawBackWriteOff,
    ClawBackWriteOffDecision,
    write_off_key,
)
from crossclaim.domain.examination import (
    ClaimConfirmationSubmission,
    ClaimDecisionSubmission,
    SampleReviewSubmission,
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
    answer_key,
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
from crossclaim.domain.repair_submission import AboutRepair, repair_key
from crossclaim.domain.submission import (
    AdmissionSubmission,
    BillSubmission,
    ConsentSubmission,
    DischargeSubmission,
    EpisodeSubmission,
    ReimbursementSubmission,
    TenderSubmission,
    VoidSubmission,
)
from crossclaim.domain.tender_submission import RefundConfirmation
from crossclaim.domain.transfer_submission import HandOverSubmission
from crossclaim.domain.voucher_submission import (
    IdentityCheckSubmission,
    SpouseSubmission,
    VoucherConfirmationSubmission,
)

AboutPayout = (
    PayeeAccountSubmission
    | PayeeDecisionSubmission
    | PayoutApprovalSubmission
    | PayoutRecallSubmission
    | PayoutFindingSubmission
    | PayoutFindingDecision
    | ClawBackWriteOff
    | ClawBackWriteOffDecision
    | ClawBackFinding
    | ClawBackFindingDecision
)
"""What people say of a payout and of its payee's account."""
AboutDesk = (
    GuaranteeRequestSubmission
    | GuaranteeDecisionSubmission
    | GuaranteeWithdrawalSubmission
    | AppealSubmission
    | AppealDecisionSubmission
    | ChangedDecisionSubmission
    | ClaimDecisionSubmission
    | ClaimConfirmationSubmission
    | SampleReviewSubmission
    | InformationRequestSubmission
    | InformationChangeSubmission
    | InformationAnswerSubmission
)
"""What an insurer and those who ask it something say of guarantees and claims."""
AboutEpisode = (
    AdmissionSubmission
    | DischargeSubmission
    | BillSubmission
    | TenderSubmission
    | VoidSubmission
    | ReopeningSubmission
    | CancellationSubmission
    | ClawBackReceived
    | CoverageSubmission
    | ConsentSubmission
    | ReimbursementSubmission
    | PayLaterConfirmation
    | RefundConfirmation
    | RecordRequestSubmission
    | RecordDepositSubmission
    | SpouseSubmission
    | IdentityCheckSubmission
    | VoucherConfirmationSubmission
    | HandOverSubmission
    | AppointmentSubmission
    | AboutPayout
    | AboutDesk
    | AboutRepair
)
"""Submissions that belong to an episode that exists."""


def episode_key(submission: EpisodeSubmission) -> str:
    """``{hospital}/{visit}``: a visit is one episode, whatever else changes."""
    return f"{submission.hospital}/{submission.visit.number}"


def claim_key(submission: PaperClaimSubmission) -> str:
    """``claim/{number}``: an insurer's number names one claim of it, for ever."""
    return f"claim/{submission.number}"


def bill_key(episode_id: str, number: str, version: int) -> str:
    """``{episode}/bill/{number}/{version}``: a correction is a new version, so a new key."""
    return f"{episode_id}/bill/{number}/{version}"


def key_within(episode_id: str, submission: AboutEpisode) -> str:
    """The key of a submission about the episode ``episode_id``."""
    if isinstance(submission, AboutPayout):
        return _payout_key(episode_id, submission)
    if isinstance(submission, AboutDesk):
        return _desk_key(episode_id, submission)
    if isinstance(submission, AboutRepair):
        return repair_key(episode_id, submission)
    match submission:
        case AdmissionSubmission():
            return f"{episode_id}/admission"
        case DischargeSubmission():
            return f"{episode_id}/discharge"
        case BillSubmission():
            return bill_key(episode_id, submission.number, submission.version)
        case ConsentSubmission():
            return f"{episode_id}/consent/{submission.number}"
        case RecordRequestSubmission():
            return f"{episode_id}/record-request/{submission.number}"
        case RecordDepositSubmission():
            return f"{episode_id}/record-deposit/{submission.number}"
        case TenderSubmission():
            first = submission.legs[0].reference if submission.legs else "-"
            return f"{_bill_named(episode_id, submission)}/tender/{first}"
        case VoidSubmission():
            return f"{_bill_named(episode_id, submission)}/void"
        case ReopeningSubmission() | CancellationSubmission():
            order = "reopening" if isinstance(submission, ReopeningSubmission) else "cancellation"
            return f"{_bill_named(episode_id, submission)}/{order}"
        case ClawBackReceived() | CoverageSubmission():
            return _late_key(episode_id, submission)
        case SpouseSubmission():
            return f"{episode_id}/spouse"
        case IdentityCheckSubmission():
            return f"{episode_id}/identity-check/{submission.number}"
        case HandOverSubmission():
            return f"{episode_id}/hand-over/{submission.number}"
        case AppointmentSubmission():
            return f"{episode_id}/appointment/{submission.number}/{submission.version}"
        case VoucherConfirmationSubmission():
            return f"{_bill_named(episode_id, submission)}/voucher-confirmation"
        case ReimbursementSubmission():
            return f"{_bill_named(episode_id, submission)}/reimbursement"
        case RefundConfirmation():
            return f"{episode_id}/refund/{submission.refund}"
        case PayLaterConfirmation():
            return f"{_bill_named(episode_id, submission)}/confirmation"


def _payout_key(episode_id: str, submission: AboutPayout) -> str:
    match submission:
        case PayeeAccountSubmission():
            return _proposal(episode_id, submission)
        case PayeeDecisionSubmission():
            return f"{_proposal(episode_id, submission)}/decision"
        case PayoutApprovalSubmission():
            return f"{episode_id}/payout/{submission.payout_reference}/approval"
        case PayoutRecallSubmission():
            return f"{episode_id}/payout/{submission.payout_reference}/recall"
        case PayoutFindingSubmission():
            return _finding(episode_id, submission)
        case PayoutFindingDecision():
            return f"{_finding(episode_id, submission)}/decision"
        case ClawBackWriteOff() | ClawBackWriteOffDecision():
            return write_off_key(episode_id, submission)
        case ClawBackFinding() | ClawBackFindingDecision():
            return claw_back_finding_key(episode_id, submission)


def _desk_key(episode_id: str, submission: AboutDesk) -> str:
    match submission:
        case GuaranteeRequestSubmission():
            return f"{episode_id}/guarantee-request/{submission.number}"
        case GuaranteeDecisionSubmission():
            word = "/word" if submission.confirms else ""
            return f"{episode_id}/guarantee-decision/{submission.request}{word}"
        case GuaranteeWithdrawalSubmission():
            return f"{episode_id}/guarantee-withdrawal/{submission.guarantee}"
        case AppealSubmission():
            return f"{episode_id}/appeal/{submission.claim_id}/{submission.number}"
        case AppealDecisionSubmission():
            return f"{episode_id}/appeal-decision/{submission.claim_id}/{submission.level}"
        case ChangedDecisionSubmission():
            return f"{episode_id}/changed-decision/{submission.claim_id}/{submission.number}"
        case ClaimDecisionSubmission():
            return f"{episode_id}/examination/{submission.claim}/{submission.number}"
        case ClaimConfirmationSubmission():
            return f"{episode_id}/examination/{submission.claim}/{submission.number}/word"
        case SampleReviewSubmission():
            return f"{episode_id}/sample/{submission.claim}"
        case InformationRequestSubmission():
            return f"{episode_id}/information-request/{submission.number}"
        case InformationChangeSubmission():
            return f"{episode_id}/information-change/{submission.number}"
        case InformationAnswerSubmission():
            return answer_key(episode_id, submission)


def _finding(episode_id: str, submission: PayoutFindingSubmission | PayoutFindingDecision) -> str:
    return f"{episode_id}/payout/{submission.payout_reference}/finding/{submission.number}"


def _late_key(episode_id: str, submission: ClawBackReceived | CoverageSubmission) -> str:
    if isinstance(submission, ClawBackReceived):
        return f"{episode_id}/claw-back/{submission.claw_back}"
    return f"{episode_id}/coverage/{submission.number}"


def _proposal(episode_id: str, submission: PayeeAccountSubmission | PayeeDecisionSubmission) -> str:
    return f"{episode_id}/payee/{submission.payout_reference}/{submission.number}"


def _bill_named(
    episode_id: str,
    submission: TenderSubmission
    | VoidSubmission
    | ReopeningSubmission
    | CancellationSubmission
    | ReimbursementSubmission
    | VoucherConfirmationSubmission
    | PayLaterConfirmation,
) -> str:
    return bill_key(episode_id, submission.bill_number, submission.bill_version)
