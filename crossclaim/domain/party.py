"""What we say to outside parties and what they answer, free of any wire format."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import ConversionRate, Money
from crossclaim.domain.submission import BankAccount, ChargeCategory, IdentityDocument, PersonName

# --- voucher system -------------------------------------------------------------------------


class VoucherAccount(Frozen):
    """A voucher account as the system gave it, with the conversion rate of that moment."""

    account_id: str
    balance: Money
    """HKD, whole dollars."""
    ehealth_joined: bool
    rate: ConversionRate
    as_of: datetime
    validated: bool = True
    """False for a temporary account, which the Department validates later."""


class SpouseAccount(Frozen):
    """The paired spouse's account as the system gave it; the system vouches for the pairing."""

    account_id: str
    balance: Money
    """HKD, whole dollars."""
    paired_on: date
    ended_on: date | None = None
    deceased_on: date | None = None


class NewVoucherAccount(Frozen):
    """The first use: a temporary account, with the patient's consent, after he was seen."""

    reference: str
    document: IdentityDocument
    name: PersonName
    birth_date: date
    institution: str
    consent_signed_at: datetime
    ehealth_consent_signed_at: datetime
    checked_by: str
    checked_at: datetime


class VoucherClaimOrder(Frozen):
    """One use of vouchers. ``reference`` is ours, for ever the same for the same use."""

    reference: str
    account_id: str
    institution: str
    department: str
    service_completed_at: datetime
    claimed_at: datetime
    amount: Money
    """HKD, whole dollars."""
    net_fee: Money
    """CNY, the whole bill."""
    rate_id: str
    reason_for_visit: str
    consent_signed_at: datetime
    entered_by: Literal["provider", "clerk"] = "provider"
    """A clerk's entry is not reimbursed before the provider has confirmed it."""
    ehealth_consent_signed_at: datetime | None = None
    """For a patient who has not joined eHealth yet: the claim joins him."""
    paired_with: str = ""
    """Account of the spouse in whose bill this account's vouchers are used."""


class VoucherClaimReceipt(Frozen):
    reference: str
    transaction_number: str
    balance_after: Money
    voided: bool = False
    confirmed: bool = True
    validated: bool = True
    lapsed: bool = False
    told_by_message: tuple[str, ...] = ()
    """Who was told of a use of a spouse's vouchers: ``own`` and ``spouse``."""

    @property
    def complete(self) -> bool:
        return self.confirmed and self.validated


class ReimbursedClaim(Frozen):
    """One line of a month's statement. Only ``paid`` lines were paid."""

    reference: str
    transaction_number: str
    amount: Money
    """HKD, whole dollars."""
    state: Literal["paid", "unconfirmed", "unvalidated"]


class ReimbursementStatement(Frozen):
    """What the Department of Health reimbursed to one institution for one month."""

    number: str
    institution: str
    month: str
    paid_on: date
    total: Money
    """HKD; of the paid lines."""
    claims: list[ReimbursedClaim]


# --- insurer --------------------------------------------------------------------------------


class Insured(Frozen):
    """Who is covered and by what, as an insurer must be told."""

    episode_id: str
    insurer: str
    policy_number: str
    plan: str
    name: PersonName
    birth_date: date
    document: IdentityDocument
    hospital: str
    hospital_name: str


class EligibilityAnswer(Frozen):
    in_force: bool
    direct_billing: bool
    disposition: str = ""
    reference: str = ""


class GuaranteeOrder(Frozen):
    reference: str
    insured: Insured
    estimate: Money
    diagnoses: list[str]
    planned_admission: datetime
    planned_nights: int
    created_at: datetime
    replaces: str = ""
    """Reference of the request that this one asks more of."""
    guarantee_number: str = ""
    """Of the letter that it asks to change."""
    wanted_until: date | None = None
    documents: list[ClaimDocument] = []


class AnswerState(StrEnum):
    """Where an insurer's answer stands."""

    QUEUED = "queued"
    APPROVED = "approved"
    PARTIAL = "partial"
    DENIED = "denied"
    NOT_FOUND = "not_found"
    WITHDRAWN = "withdrawn"
    """A letter of guarantee that the insurer takes back."""


class GuaranteeAnswer(Frozen):
    """A letter of guarantee, or the promise of an answer (``queued``), or a refusal."""

    reference: str
    state: AnswerState
    guarantee_number: str = ""
    limit: Money | None = None
    """HKD."""
    valid_from: date | None = None
    valid_until: date | None = None
    disposition: str = ""
    conditions: list[str] = []
    exclusions: list[ChargeCategory] = []


class ClaimedLine(Frozen):
    number: int
    category: ChargeCategory
    code: str
    description: str
    service_date: date
    quantity: int
    unit_price: Money
    amount: Money


class ClaimDocument(Frozen):
    kind: str
    name: str
    sha256: str
    content_type: str
    content: bytes


class OtherStatement(Frozen):
    """What an insurer that pays before says of the same bill; nothing else of it is ever told."""

    organisation: str
    claim_number: str = ""
    state: AnswerState
    benefit: Money
    """HKD, now and later together."""
    paid: Money
    """CNY of it."""
    decided_at: datetime | None = None


class ClaimOrder(Frozen):
    """``payee``: ``hospital`` (direct billing) or ``patient`` (reimbursement)."""

    reference: str
    insured: Insured
    guarantee_number: str
    bill_number: str
    bill_version: int
    payee: str
    diagnoses: list[str]
    admitted_on: date | None
    discharged_on: date | None
    lines: list[ClaimedLine]
    total: Money
    """CNY, the whole bill."""
    expected: Money | None = None
    """HKD, what our adjudication forecasts."""
    statements: list[OtherStatement] = []
    """Of the insurers that pay before this one, in their order."""
    patient_paid: Money | None = None
    documents: list[ClaimDocument] = []
    created_at: datetime
    replaces: str = ""
    """Reference of the claim that this corrected version takes the place of."""


class LineDecision(Frozen):
    line: int
    benefit: Money
    """HKD."""
    reasons: list[str] = []


class ClaimAnswer(Frozen):
    """A decision by line, or ``queued``. ``benefit``: after deductible and co-insurance."""

    reference: str
    state: AnswerState
    claim_number: str = ""
    benefit: Money | None = None
    """HKD."""
    lines: list[LineDecision] = []
    disposition: str = ""
    decided_at: datetime | None = None


# --- bank -----------------------------------------------------------------------------------


class DebtorAccount(Frozen):
    """An account that we may order payments from; it belongs to the funder that owes them."""

    organisation: str
    holder: str
    number: str
    bank: str
    """Id of the bank profile."""
    agent_code: str
    """CNAPS code of the account's bank."""


class PaymentOrder(Frozen):
    """One movement of money to one payee. ``reference`` is the end-to-end id, for ever."""

    reference: str
    attempt: int
    amount: Money
    debtor: DebtorAccount
    creditor: BankAccount
    purpose: str
    """The rail's purpose code, from settings."""
    remittance: str
    """Opaque: bill and claim numbers only."""
    rail: str = ""
    execute_on: date
    created_at: datetime


class PaymentState(StrEnum):
    """What a bank's message says about one payment."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    SETTLED = "settled"
    """ACSC: the bank has settled; the payee's credit is not proved by it."""
    CREDITED = "credited"
    """ACCC, or a credit advice that names the payee's account."""
    REJECTED = "rejected"
    RETURNED = "returned"
    DUPLICATE = "duplicate"
    """AM05: says nothing about payment; inquire."""
    UNKNOWN_TO_BANK = "unknown_to_bank"
    """The answer to an inquiry: the bank has no such payment (yet)."""
    RECALLED = "recalled"
    """Our wish to cancel it was granted: it is not executed."""
    RECALL_REFUSED = "recall_refused"
    RECALL_PENDING = "recall_pending"
    ACCOUNT_MATCHED = "account_matched"
    """The account is the named holder's; nothing was sent yet."""
    ACCOUNT_CLOSE = "account_close"
    """Its holder has nearly that name."""
    ACCOUNT_NOT_MATCHED = "account_not_matched"
    ACCOUNT_UNCHECKED = "account_unchecked"
    """The bank could not find out."""
    BOOKED = "booked"
    """A debit entry on the debtor's statement."""


class PaymentReport(Frozen):
    """One statement about one payment, out of one bank file."""

    reference: str
    state: PaymentState
    reason: str = ""
    amount: Money | None = None
    creditor_account_hash: str = ""
    """SHA-256 of the account number the message names, empty when it names none."""
    happened_at: datetime
    message_id: str
    message_type: str
    """For instance ``pain.002.001.12``."""
    entry: int
    """Position inside the file, so that (message_id, entry) is unique."""
    attempt: int = 0
    """The attempt that the message names; 0 when it names only the reference."""


class StatementPeriod(Frozen):
    """A camt.053 covers an account from/to; every debit it lists is in ``references``."""

    account: str
    covers_from: datetime
    covers_to: datetime
    references: list[str]
    opening: Money
    closing: Money
    complete: bool = True
    """False for one page of several: then the absence of a reference proves nothing."""
    unidentified_debits: list[Money] = []
    """Debits without any end-to-end id: one of a payment's amount may be that payment."""


class BankMessage(Frozen):
    """Everything we understood of one file from the bank."""

    message_type: str
    message_id: str
    created_at: datetime
    reports: list[PaymentReport] = []
    statements: list[StatementPeriod] = []
