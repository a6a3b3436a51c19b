"""Who may do what: one table, from which endpoints, documentation and tests are made."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.errors import NotAllowed


class Role(StrEnum):
    """What a credential is for; one role each."""

    HOSPITAL_BILLING = "hospital_billing"
    """A hospital's cashier window or its system."""
    INSURER_SYSTEM = "insurer_system"
    """An insurer's claims system."""
    INSURER_EXAMINER = "insurer_examiner"
    """An insurer's examiner."""
    SUPPORT = "support"
    """Support staff: reads every episode, decides nothing."""
    OPERATOR = "operator"
    """Runs the platform: sees that and why an episode waits, not the person."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""


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
    UPLOAD_DOCUMENT = "upload_document"
    READ_EPISODE = "read_episode"
    LIST_EPISODES = "list_episodes"
    READ_STORY = "read_story"
    RECORD_DECISION = "record_decision"
    REQUEST_RECORDS = "request_records"
    READ_RECORD = "read_record"
    READ_RECORD_ACCESSES = "read_record_accesses"
    DEPOSIT_RECORDS = "deposit_records"


class Principal(BaseModel):
    """Who is asking: an organisation, in a role, by one key."""

    model_config = ConfigDict(frozen=True)

    organisation: str
    role: Role
    key_id: str


_HOSPITAL = frozenset({Role.HOSPITAL_BILLING})
_INSURER = frozenset({Role.INSURER_SYSTEM, Role.INSURER_EXAMINER})
_PARTIES = _HOSPITAL | _INSURER
_WATCHERS = frozenset({Role.SUPPORT, Role.AUDITOR})

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
        Operation.PROPOSE_PAYEE_ACCOUNT: _PARTIES,
        Operation.DECIDE_PAYEE_ACCOUNT: _PARTIES,
        Operation.UPLOAD_DOCUMENT: _PARTIES,
        Operation.READ_EPISODE: _PARTIES | _WATCHERS,
        Operation.LIST_EPISODES: _PARTIES | _WATCHERS | {Role.OPERATOR},
        Operation.READ_STORY: _PARTIES | _WATCHERS | {Role.OPERATOR},
        Operation.RECORD_DECISION: _INSURER,
        Operation.REQUEST_RECORDS: _HOSPITAL,
        Operation.READ_RECORD: _HOSPITAL,
        Operation.READ_RECORD_ACCESSES: _HOSPITAL | _WATCHERS,
        Operation.DEPOSIT_RECORDS: _HOSPITAL,
    }
)


def may(principal: Principal, operation: str) -> bool:
    """Whether the role suffices; an operation without a row is nobody's."""
    return principal.role in POLICY.get(operation, frozenset())


def require(principal: Principal, operation: str) -> None:
    """Raises ``NotAllowed``. Whose episode it is, row-level security decides, not this table."""
    if not may(principal, operation):
        raise NotAllowed(f"the role {principal.role} may not {operation.replace('_', ' ')}")
