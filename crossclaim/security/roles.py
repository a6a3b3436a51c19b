"""Who may do what: one table, from which endpoints, documentation and tests are made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from crossclaim.domain.errors import NotAllowed
from crossclaim.security.principal import (
    HOSPITAL_ROLES,
    INSURER_ROLES,
    PLATFORM_ROLES,
    WATCHER_ROLES,
    Licence,
    Principal,
    Role,
)

__all__ = [
    "HOSPITAL_ROLES",
    "INSURER_ROLES",
    "KINDS",
    "PLATFORM_ROLES",
    "POLICY",
    "WATCHER_ROLES",
    "Licence",
    "Operation",
    "Principal",
    "Role",
    "belongs",
    "may",
    "reads",
    "require",
]


class Operation(StrEnum):
    """Everything the API lets somebody do; submissions by the name of their workflow update."""

    SUBMIT_EPISODE = "submit_episode"
    RECORD_ADMISSION = "record_admission"
    SUBMIT_BILL = "submit_bill"
    RECORD_DISCHARGE = "record_discharge"
    RECORD_TENDER = "record_tender"
    VOID_BILL = "void_bill"
    RECORD_CONSENT = "record_consent"
    REQUEST_REIMBURSEMENT = "request_reimbursement"
    SUBMIT_CLAIM = "submit_claim"
    PROPOSE_PAYEE_ACCOUNT = "propose_payee_account"
    DECIDE_PAYEE_ACCOUNT = "decide_payee_account"
    ASK_GUARANTEE = "ask_guarantee"
    DECIDE_GUARANTEE = "decide_guarantee"
    WITHDRAW_GUARANTEE = "withdraw_guarantee"
    READ_EXPOSURES = "read_exposures"
    APPROVE_PAYOUT = "approve_payout"
    RECALL_PAYOUT = "recall_payout"
    PROPOSE_PAYOUT_FINDING = "propose_payout_finding"
    DECIDE_PAYOUT_FINDING = "decide_payout_finding"
    DECIDE_CLAIM_LINES = "decide_claim_lines"
    CONFIRM_CLAIM_DECISION = "confirm_claim_decision"
    READ_CLAIM_REVIEW = "read_claim_review"
    REVIEW_CLAIM_SAMPLE = "review_claim_sample"
    READ_CLAIM_SAMPLES = "read_claim_samples"
    UPLOAD_DOCUMENT = "upload_document"
    READ_EPISODE = "read_episode"
    LIST_EPISODES = "list_episodes"
    READ_STORY = "read_story"
    WRITE_STAFF_NOTE = "write_staff_note"
    TRY_AGAIN_NOW = "try_again_now"
    HOLD_EPISODE = "hold_episode"
    RELEASE_EPISODE = "release_episode"
    CANCEL_EPISODE = "cancel_episode"
    PROPOSE_SKIP = "propose_skip"
    DECIDE_SKIP = "decide_skip"
    RESET_EPISODE = "reset_episode"
    READ_REPAIRS = "read_repairs"
    KEEP_VIEW = "keep_view"
    KEEP_WORKLIST = "keep_worklist"
    READ_PARTY_MESSAGE = "read_party_message"
    SHOW_IN_CLEAR = "show_in_clear"
    READ_PAPER = "read_paper"
    RECORD_DECISION = "record_decision"
    CONFIRM_PAY_LATER = "confirm_pay_later"
    CONFIRM_REFUND = "confirm_refund"
    SIGN_UP_CREDIT = "sign_up_credit"
    BIND_CREDIT_CARD = "bind_credit_card"
    CONFIRM_CREDIT_CARD = "confirm_credit_card"
    APPLY_FOR_CREDIT = "apply_for_credit"
    CHOOSE_INSTALMENTS = "choose_instalments"
    REPAY_CREDIT = "repay_credit"
    CLOSE_CREDIT_ACCOUNT = "close_credit_account"
    READ_CREDIT_ACCOUNT = "read_credit_account"
    REQUEST_RECORDS = "request_records"
    READ_RECORD = "read_record"
    READ_RECORD_ACCESSES = "read_record_accesses"
    DEPOSIT_RECORDS = "deposit_records"
    APPLY_FAMILY_BINDING = "apply_family_binding"
    UNBIND_FAMILY_BINDING = "unbind_family_binding"
    READ_FAMILY_BINDING = "read_family_binding"
    LIST_FAMILY_BINDINGS = "list_family_bindings"
    LINK_FAMILY_CODE = "link_family_code"
    END_FAMILY_CODE = "end_family_code"
    READ_FAMILY_CODE = "read_family_code"
    NAME_SPOUSE = "name_spouse"
    RECORD_IDENTITY_CHECK = "record_identity_check"
    CONFIRM_VOUCHER = "confirm_voucher"
    RECORD_APPOINTMENT = "record_appointment"
    READ_USE_RECORD = "read_use_record"
    READ_BANK = "read_bank"
    MATCH_BANK = "match_bank"
    SUBMIT_REMITTANCE = "submit_remittance"
    READ_SETTLEMENT = "read_settlement"
    READ_BILL = "read_bill"
    PREVIEW_CANCELLATION = "preview_cancellation"
    CANCEL_SETTLEMENT = "cancel_bill_settlement"
    REOPEN_BILL = "reopen_bill"
    CONFIRM_CLAW_BACK = "confirm_claw_back"
    PROPOSE_WRITE_OFF = "propose_claw_back_write_off"
    DECIDE_WRITE_OFF = "decide_claw_back_write_off"
    PROPOSE_CLAW_BACK_FINDING = "propose_claw_back_finding"
    DECIDE_CLAW_BACK_FINDING = "decide_claw_back_finding"
    ADD_COVERAGE = "add_coverage"
    RECORD_HAND_OVER = "record_hand_over"
    READ_HAND_OVER = "read_hand_over"
    APPEAL_CLAIM = "appeal_claim"
    DECIDE_APPEAL = "decide_appeal"
    CHANGE_DECISION = "change_decision"
    READ_LETTER = "read_letter"
    REQUEST_INFORMATION = "request_information"
    CHANGE_INFORMATION_REQUEST = "change_information_request"
    ANSWER_INFORMATION = "answer_information"
    READ_INFORMATION_REQUESTS = "read_information_requests"
    READ_INFORMATION_DOCUMENT = "read_information_document"
    MAKE_UPLOAD_LINK = "make_upload_link"
    MAKE_PATIENT_LINK = "make_patient_link"
    READ_ACCESSES = "read_accesses"
    ASK_SUBJECT_REQUEST = "ask_subject_request"
    CONFIRM_SUBJECT_REQUEST = "confirm_subject_request"
    READ_SUBJECT_REQUEST = "read_subject_request"
    FETCH_SUBJECT_EXPORT = "fetch_subject_export"
    DECODE_PAYLOADS = "decode_payloads"
    READ_MYSELF = "read_myself"
    CHANGE_ROLE = "change_role"
    READ_SUBMISSION = "read_submission"
    READ_WEBHOOKS = "read_webhooks"
    MANAGE_WEBHOOKS = "manage_webhooks"
    CHECK_FHIR = "check_fhir"
    READ_IMPORT_TEMPLATE = "read_import_template"
    HOLD_DOCUMENT = "hold_document"
    READ_RULES = "read_rules"
    PROPOSE_PLAN = "propose_plan"
    DECIDE_PLAN = "decide_plan"
    READ_OPERATIONS = "read_operations"
    MANAGE_SCHEDULES = "manage_schedules"
    TRY_PARTY_AGAIN = "try_party_again"


_HOSPITAL = frozenset({Role.HOSPITAL_BILLING})
_PROVIDER = frozenset({Role.HOSPITAL_PROVIDER})
_HOSPITAL_FINANCE = frozenset({Role.HOSPITAL_FINANCE})
_INSURER = frozenset({Role.INSURER_SYSTEM, Role.INSURER_EXAMINER})
_SUPERVISOR = frozenset({Role.INSURER_SUPERVISOR})
_EXAMINERS = _SUPERVISOR | {Role.INSURER_EXAMINER}
_PAYER = frozenset({Role.FINANCE})
_FINANCE = _HOSPITAL_FINANCE | _PAYER
_PARTIES = _HOSPITAL | _INSURER
_READERS = _PARTIES | _PROVIDER | _FINANCE | _SUPERVISOR
_WATCHERS = WATCHER_ROLES
_STAFF = frozenset({Role.SUPPORT, Role.SUPPORT_SUPERVISOR})

POLICY: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        Operation.SUBMIT_EPISODE: _HOSPITAL,
        Operation.RECORD_ADMISSION: _HOSPITAL,
        Operation.SUBMIT_BILL: _HOSPITAL,
        Operation.RECORD_DISCHARGE: _HOSPITAL,
        Operation.RECORD_TENDER: _HOSPITAL,
        Operation.VOID_BILL: _HOSPITAL,
        Operation.RECORD_CONSENT: _HOSPITAL,
        Operation.REQUEST_REIMBURSEMENT: _PARTIES,
        Operation.SUBMIT_CLAIM: _INSURER,
        Operation.PROPOSE_PAYEE_ACCOUNT: _PARTIES | _FINANCE,
        # Whose money it is decides where it goes.
        Operation.DECIDE_PAYEE_ACCOUNT: _INSURER | _SUPERVISOR | _PAYER,
        Operation.ASK_GUARANTEE: _HOSPITAL,
        Operation.DECIDE_GUARANTEE: _INSURER,
        Operation.WITHDRAW_GUARANTEE: _PARTIES | _SUPERVISOR,
        Operation.READ_EXPOSURES: _PARTIES | _FINANCE | _SUPERVISOR,
        Operation.APPROVE_PAYOUT: _INSURER | _SUPERVISOR | _PAYER,
        Operation.RECALL_PAYOUT: _INSURER | _SUPERVISOR | _PAYER,
        Operation.PROPOSE_PAYOUT_FINDING: _INSURER | _PAYER,
        Operation.DECIDE_PAYOUT_FINDING: _INSURER | _SUPERVISOR | _PAYER,
        # What a check found may be about other episodes of the person: its insurer's alone.
        Operation.DECIDE_CLAIM_LINES: _INSURER,
        Operation.CONFIRM_CLAIM_DECISION: _INSURER | _SUPERVISOR,
        Operation.READ_CLAIM_REVIEW: _INSURER | _SUPERVISOR,
        Operation.REVIEW_CLAIM_SAMPLE: _INSURER | _SUPERVISOR,
        Operation.READ_CLAIM_SAMPLES: _INSURER | _SUPERVISOR,
        Operation.UPLOAD_DOCUMENT: _PARTIES,
        Operation.READ_EPISODE: _READERS | _WATCHERS,
        Operation.LIST_EPISODES: _READERS | _WATCHERS | {Role.OPERATOR},
        Operation.READ_STORY: _READERS | _WATCHERS | {Role.OPERATOR},
        Operation.WRITE_STAFF_NOTE: _STAFF,
        Operation.TRY_AGAIN_NOW: _STAFF,
        # A hospital stops and cancels what is its own; staff of the platform, any episode.
        Operation.HOLD_EPISODE: _STAFF | _HOSPITAL,
        Operation.RELEASE_EPISODE: _STAFF | _HOSPITAL,
        Operation.CANCEL_EPISODE: _HOSPITAL | {Role.SUPPORT_SUPERVISOR},
        Operation.PROPOSE_SKIP: _STAFF,
        Operation.DECIDE_SKIP: _STAFF,
        Operation.RESET_EPISODE: frozenset({Role.SUPPORT_SUPERVISOR}),
        Operation.READ_REPAIRS: _STAFF | _HOSPITAL,
        Operation.KEEP_VIEW: _READERS | _WATCHERS | {Role.OPERATOR},
        # Who looks after an exception is each organisation's own matter.
        Operation.KEEP_WORKLIST: _READERS | _STAFF,
        # Masked by what each role's work needs; whoever runs the machines reads none.
        Operation.READ_PARTY_MESSAGE: _HOSPITAL | _PROVIDER | _INSURER | _SUPERVISOR | _WATCHERS,
        Operation.SHOW_IN_CLEAR: _STAFF,
        # Of the hospital's own patient, or what an insurer sent or asked for; staff say why.
        Operation.READ_PAPER: _HOSPITAL | _PROVIDER | _INSURER | _SUPERVISOR | _STAFF,
        Operation.RECORD_DECISION: _INSURER,
        Operation.CONFIRM_PAY_LATER: _HOSPITAL,
        Operation.CONFIRM_REFUND: _HOSPITAL | _HOSPITAL_FINANCE,
        Operation.SIGN_UP_CREDIT: _HOSPITAL,
        Operation.BIND_CREDIT_CARD: _HOSPITAL,
        Operation.CONFIRM_CREDIT_CARD: _HOSPITAL,
        Operation.APPLY_FOR_CREDIT: _HOSPITAL,
        Operation.CHOOSE_INSTALMENTS: _HOSPITAL,
        Operation.REPAY_CREDIT: _HOSPITAL,
        Operation.CLOSE_CREDIT_ACCOUNT: _HOSPITAL,
        Operation.READ_CREDIT_ACCOUNT: _HOSPITAL | _WATCHERS,
        Operation.READ_ACCESSES: _HOSPITAL | _WATCHERS,
        # Across all organisations, so the platform's own people alone; an erasure takes two.
        Operation.ASK_SUBJECT_REQUEST: frozenset({Role.SUPPORT}),
        Operation.CONFIRM_SUBJECT_REQUEST: frozenset({Role.SUPPORT}),
        Operation.READ_SUBJECT_REQUEST: _WATCHERS,
        Operation.FETCH_SUBJECT_EXPORT: frozenset({Role.SUPPORT}),
        Operation.DECODE_PAYLOADS: frozenset({Role.SUPPORT, Role.OPERATOR}),
        Operation.REQUEST_RECORDS: _HOSPITAL,
        Operation.READ_RECORD: _HOSPITAL,
        Operation.READ_RECORD_ACCESSES: _HOSPITAL | _WATCHERS,
        Operation.DEPOSIT_RECORDS: _HOSPITAL,
        # Whose account may be spent is no business of an insurer.
        Operation.APPLY_FAMILY_BINDING: _HOSPITAL,
        Operation.UNBIND_FAMILY_BINDING: _HOSPITAL,
        Operation.READ_FAMILY_BINDING: _HOSPITAL | _WATCHERS,
        Operation.LIST_FAMILY_BINDINGS: _HOSPITAL | _WATCHERS,
        Operation.LINK_FAMILY_CODE: _HOSPITAL,
        Operation.END_FAMILY_CODE: _HOSPITAL,
        Operation.READ_FAMILY_CODE: _HOSPITAL | _WATCHERS,
        Operation.NAME_SPOUSE: _HOSPITAL,
        Operation.RECORD_IDENTITY_CHECK: _HOSPITAL,
        Operation.CONFIRM_VOUCHER: _PROVIDER,
        Operation.RECORD_APPOINTMENT: _HOSPITAL,
        Operation.READ_USE_RECORD: _HOSPITAL | _PROVIDER,
        # Whose account it is reconciles it; a system of a party does it with its one key.
        Operation.READ_BANK: _PARTIES | _FINANCE | _WATCHERS,
        Operation.MATCH_BANK: _PARTIES | _FINANCE,
        Operation.SUBMIT_REMITTANCE: _INSURER | _PAYER,
        # Who is paid and who pays, and nobody between them.
        Operation.READ_SETTLEMENT: _PARTIES | _FINANCE,
        Operation.READ_BILL: _READERS | _WATCHERS,
        Operation.PREVIEW_CANCELLATION: _HOSPITAL | _HOSPITAL_FINANCE | _WATCHERS,
        Operation.CANCEL_SETTLEMENT: _HOSPITAL,
        Operation.REOPEN_BILL: _HOSPITAL,
        # Whose money it is says that it is back.
        Operation.CONFIRM_CLAW_BACK: _INSURER | _PAYER,
        # Whose loss it is lets it go.
        Operation.PROPOSE_WRITE_OFF: _INSURER | _PAYER,
        Operation.DECIDE_WRITE_OFF: _INSURER | _SUPERVISOR | _PAYER,
        Operation.PROPOSE_CLAW_BACK_FINDING: _INSURER | _PAYER,
        Operation.DECIDE_CLAW_BACK_FINDING: _INSURER | _SUPERVISOR | _PAYER,
        Operation.ADD_COVERAGE: _HOSPITAL,
        Operation.RECORD_HAND_OVER: _HOSPITAL,
        Operation.READ_HAND_OVER: _HOSPITAL,
        # A patient's own claim is appealed through his insurer; a person of it decides.
        Operation.APPEAL_CLAIM: _PARTIES,
        Operation.DECIDE_APPEAL: _SUPERVISOR | {Role.INSURER_EXAMINER},
        Operation.CHANGE_DECISION: _INSURER,
        Operation.READ_LETTER: _PARTIES | _SUPERVISOR,
        Operation.REQUEST_INFORMATION: _INSURER,
        Operation.CHANGE_INFORMATION_REQUEST: _INSURER,
        Operation.ANSWER_INFORMATION: _PARTIES,
        Operation.READ_INFORMATION_REQUESTS: _PARTIES | _SUPERVISOR,
        # Whoever asked for it reads it; the hospital has its own.
        Operation.READ_INFORMATION_DOCUMENT: _INSURER | _SUPERVISOR,
        Operation.MAKE_UPLOAD_LINK: _PARTIES,
        # To a patient's own pages, which show no more of him than its maker may read.
        Operation.MAKE_PATIENT_LINK: _PARTIES,
        Operation.READ_MYSELF: frozenset(Role),
        # To another of one's own roles.
        Operation.CHANGE_ROLE: frozenset(Role),
        Operation.READ_SUBMISSION: _PARTIES | _PROVIDER,
        # An organisation's own; the log holds what its own receiver answered.
        # Staff of the platform see at the console which ones no longer answer.
        Operation.READ_WEBHOOKS: _PARTIES | _WATCHERS | {Role.OPERATOR},
        Operation.MANAGE_WEBHOOKS: _PARTIES,
        # Nothing is kept and nothing is told but what was sent.
        Operation.CHECK_FHIR: _PARTIES | _PROVIDER | _WATCHERS | {Role.OPERATOR},
        # Both ways: to hold, and to release as one of two.
        Operation.HOLD_DOCUMENT: _STAFF,
        # The columns of a file, of nobody's data.
        Operation.READ_IMPORT_TEMPLATE: _PARTIES,
        # An insurer's people their own plans; which those are, the desk decides.
        Operation.READ_RULES: _EXAMINERS | _WATCHERS | {Role.OPERATOR},
        Operation.PROPOSE_PLAN: _EXAMINERS | _STAFF | {Role.OPERATOR},
        # The second person is the platform's, and never the proposer.
        Operation.DECIDE_PLAN: frozenset({Role.SUPPORT_SUPERVISOR, Role.OPERATOR}),
        # Of the platform itself alone; nothing on the page is about a person.
        Operation.READ_OPERATIONS: _WATCHERS | {Role.OPERATOR},
        Operation.MANAGE_SCHEDULES: frozenset({Role.SUPPORT_SUPERVISOR, Role.OPERATOR}),
        Operation.TRY_PARTY_AGAIN: _STAFF | {Role.OPERATOR},
    }
)

KINDS: Mapping[str, frozenset[Role]] = MappingProxyType(
    {"hospital": HOSPITAL_ROLES, "insurer": INSURER_ROLES, "operator": PLATFORM_ROLES}
)
"""The roles of each kind of organisation: who watches everybody's episodes is a party to none."""

READ = "read"
"""The scope of everything that only reads."""
_READING = ("read_", "list_", "preview_")


def belongs(role: str, kind: str) -> bool:
    """Whether such an organisation has people or systems in this role."""
    return role in KINDS.get(kind, frozenset())


def reads(operation: str) -> bool:
    """Whether the operation changes nothing."""
    return operation.startswith(_READING)


def may(principal: Principal, operation: str) -> bool:
    """Whether role and scopes suffice; an operation without a row is nobody's."""
    return principal.role in POLICY.get(operation, frozenset()) and _in_scope(principal, operation)


def _in_scope(principal: Principal, operation: str) -> bool:
    scopes = principal.scopes
    return scopes is None or operation in scopes or (READ in scopes and reads(operation))


def require(principal: Principal, operation: str) -> None:
    """Raises ``NotAllowed``. Whose episode it is, row-level security decides, not this table."""
    if not may(principal, operation):
        raise NotAllowed(f"the role {principal.role} may not {operation.replace('_', ' ')}")
