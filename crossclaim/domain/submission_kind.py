"""Every kind of message that is sent to us, and what each of them begins."""

from __future__ import annotations

from enum import StrEnum


class SubmissionKind(StrEnum):
    """Every kind of message that changes an episode; also the name of its workflow update."""

    EPISODE = "submit_episode"
    ADMISSION = "record_admission"
    BILL = "submit_bill"
    DISCHARGE = "record_discharge"
    TENDER = "record_tender"
    VOID = "void_bill"
    CONSENT = "record_consent"
    REIMBURSEMENT = "request_reimbursement"
    INSURER_ANSWER = "record_insurer_answer"
    PAY_LATER_CONFIRMATION = "confirm_pay_later"
    REFUND_CONFIRMATION = "confirm_refund"
    RECORD_REQUEST = "request_records"
    RECORD_DEPOSIT = "deposit_records"
    DECISION = "record_decision"
    FAMILY_BINDING = "apply_family_binding"
    FAMILY_UNBIND = "unbind_family_binding"
    FAMILY_CODE_LINK = "link_family_code"
    FAMILY_CODE_END = "end_family_code"
    OFFICE_ANSWER = "record_office_answer"
    SPOUSE = "name_spouse"
    IDENTITY_CHECK = "record_identity_check"
    VOUCHER_CONFIRMATION = "confirm_voucher"
    HAND_OVER = "record_hand_over"
    APPOINTMENT = "record_appointment"
    CREDIT_SIGN_UP = "sign_up_credit"
    CREDIT_CARD = "bind_credit_card"
    CREDIT_CARD_CODE = "confirm_credit_card"
    CREDIT_APPLICATION = "apply_for_credit"
    CREDIT_INSTALMENTS = "choose_instalments"
    CREDIT_REPAYMENT = "repay_credit"
    CREDIT_CLOSING = "close_credit_account"

    PAPER_CLAIM = "submit_claim"
    PAYEE_ACCOUNT = "propose_payee_account"
    PAYEE_DECISION = "decide_payee_account"
    GUARANTEE_REQUEST = "ask_guarantee"
    GUARANTEE_DECISION = "decide_guarantee"
    GUARANTEE_WITHDRAWAL = "withdraw_guarantee"
    REOPENING = "reopen_bill"
    CANCELLATION = "cancel_bill_settlement"
    CLAW_BACK = "confirm_claw_back"
    WRITE_OFF = "propose_claw_back_write_off"
    WRITE_OFF_DECISION = "decide_claw_back_write_off"
    CLAW_BACK_FINDING = "propose_claw_back_finding"
    CLAW_BACK_FINDING_DECISION = "decide_claw_back_finding"
    COVERAGE = "add_coverage"
    PAYOUT_APPROVAL = "approve_payout"
    PAYOUT_RECALL = "recall_payout"
    PAYOUT_FINDING = "propose_payout_finding"
    PAYOUT_FINDING_DECISION = "decide_payout_finding"
    APPEAL = "appeal_claim"
    APPEAL_DECISION = "decide_appeal"
    CHANGED_DECISION = "change_decision"
    CLAIM_DECISION = "decide_claim_lines"
    CLAIM_CONFIRMATION = "confirm_claim_decision"
    SAMPLE_REVIEW = "review_claim_sample"
    INFORMATION_REQUEST = "request_information"
    INFORMATION_CHANGE = "change_information_request"
    INFORMATION_ANSWER = "answer_information"
    HOLD = "hold_episode"
    RELEASE = "release_episode"
    EPISODE_CANCELLATION = "cancel_episode"
    SKIP = "propose_skip"
    SKIP_DECISION = "decide_skip"


OPENS: dict[SubmissionKind, str] = {
    SubmissionKind.EPISODE: "ep",
    SubmissionKind.PAPER_CLAIM: "ep",
    SubmissionKind.FAMILY_BINDING: "fb",
    SubmissionKind.FAMILY_CODE_LINK: "fc",
    SubmissionKind.CREDIT_SIGN_UP: "ca",
}
"""Kinds that begin something of their own, and how its id begins."""

OPENING = frozenset(OPENS)
"""Kinds that begin something; all others are about what is there."""
