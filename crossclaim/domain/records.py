"""The rows of one episode as our database holds them: what every decision about it may look at."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from crossclaim.domain.allocation import AllocationResult, Frozen
from crossclaim.domain.appeal import AppealRow, RevisionRow
from crossclaim.domain.appointment import AppointmentRow
from crossclaim.domain.bill_rows import BillRow as BillRow
from crossclaim.domain.bill_rows import ClawBackRow, line_of
from crossclaim.domain.bureau_rows import BureauStayRow, FunderAccountRow, QuoteRow
from crossclaim.domain.guarantee_rows import GuaranteeRequestRow
from crossclaim.domain.guarantee_rows import GuaranteeRow as GuaranteeRow
from crossclaim.domain.information_rows import InformationItemRow, InformationRequestRow
from crossclaim.domain.money import ConversionRate, Currency, Money, counted
from crossclaim.domain.payout_rows import AccountCheckRow
from crossclaim.domain.record_rows import RecordDeliveryRow, RecordRequestRow
from crossclaim.domain.repair_rows import RepairRows
from crossclaim.domain.submission import (
    BankAccount,
    ConsentType,
    EncounterClass,
    FunderKind,
    SubmissionKind,
)
from crossclaim.domain.tender_rows import PaymentRow, RefundRow
from crossclaim.domain.transfer_rows import HandOverRow
from crossclaim.domain.voucher_rows import (
    ConfirmationRow,
    IdentityCheckRow,
    SpouseRow,
    StageRow,
    UseRecordRow,
)
from crossclaim.domain.withdrawal_rows import ENDED, WithdrawalRow

CLOSED_CONSENT_WITHDRAWN = "CLOSED_CONSENT_WITHDRAWN"
CLOSED_STATUSES = frozenset({"closed", CLOSED_CONSENT_WITHDRAWN})


class EpisodeRow(Frozen):
    id: str
    hospital_id: str
    encounter_class: EncounterClass
    status: str
    revision: int
    opened_at: datetime
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    closed_at: datetime | None = None


class CoverageRow(Frozen):
    ordinal: int
    funder: FunderKind
    organisation_id: str | None = None
    plan: str | None = None
    decides: str | None = None
    eligible: bool | None = None
    disposition: str = ""
    added_at: datetime | None = None
    """When it was stated, if not with the episode."""


class ConsentRow(Frozen):
    id: int
    type: ConsentType
    recipient: str = ""
    text_version: str
    signed_at: datetime
    withdrawn_at: datetime | None = None
    transaction_number: str | None = None
    given_by: str = "patient"

    @property
    def in_force(self) -> bool:
        return self.withdrawn_at is None


class VoucherRow(Frozen):
    """``cny_per_hkd`` is None when the patient turned out to have no account."""

    balance_minor: int
    cny_per_hkd: Decimal | None = None
    rate_id: str = ""
    rate_as_of: datetime | None = None
    looked_up_at: datetime
    status: str = "validated"
    """``temporary`` until the Department has validated it; ``none``: there is no account;
    ``refused``: none could be opened."""
    ehealth_joined: bool = True

    @property
    def rate(self) -> ConversionRate | None:
        if self.cny_per_hkd is None or self.rate_as_of is None:
            return None
        return ConversionRate(
            cny_per_hkd=self.cny_per_hkd,
            source="voucher system",
            as_of=self.rate_as_of,
            rate_id=self.rate_id,
        )


class PayLaterRow(Frozen):
    """Who pays after care, as the platform last told. With a ``code`` nobody does."""

    account_id: str | None = None
    code: str = ""
    insured_status: str = ""
    balance_minor: int | None = None
    credit_minor: int | None = None
    bank_card: bool = False
    looked_up_at: datetime


class CoverKey(Frozen):
    """Whose counters: one policy under one plan."""

    organisation: str
    policy_number: str
    plan: str


class AllocationRow(Frozen):
    """The newest split of a bill."""

    bill_id: str
    version: int
    result: AllocationResult


class TenderRow(Frozen):
    id: int = 0
    bill_id: str
    method: str
    amount_minor: int
    reference: str
    """The window's, or that of a payment through the acquirer."""
    reversed: bool = False
    tendered_at: datetime | None = None


class ClaimRow(Frozen):
    id: str
    bill_id: str
    organisation_id: str | None = None
    kind: str
    sequence: int
    reference: str
    state: str
    decides: str | None = None
    number: str = ""
    forecast_minor: int | None = None
    benefit_minor: int | None = None
    benefit_currency: Currency = Currency.HKD
    """What the funder counts in: of the forecast and of the benefit."""
    pay_fen: int | None = None
    lowered_fen: int = 0
    """What later decisions took off it before a bank was told of it."""
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str = ""
    """``rules`` or ``examiner``, of a claim that is decided here."""
    supplements: str | None = None
    """The claim of whose later decision this is the difference, paid by itself."""

    @property
    def to_pay(self) -> int:
        """Fen that its payee is to have by payouts, whoever gives back of it afterwards."""
        return (self.pay_fen or 0) - self.lowered_fen

    def counted(self, amount_minor: int | None) -> Money:
        """An amount of the claim's, in what its funder counts in."""
        return counted(amount_minor or 0, self.benefit_currency)


class PayoutRow(AccountCheckRow):
    reference: str
    claim_id: str
    sequence: int
    payee: str
    payee_account_sha256: str
    debtor_organisation_id: str
    debtor_account_sha256: str = ""
    bank: str
    amount_minor: int
    state: str
    reason: str = ""
    reserved_at: datetime
    sent_at: datetime | None = None
    fence_at: datetime | None = None
    settled_at: datetime | None = None
    credited_at: datetime | None = None
    closed_at: datetime | None = None
    orders: int = 0
    """Order files released or staged."""
    inquiries: int = 0
    last_inquiry_at: datetime | None = None
    absent_at: datetime | None = None
    """When the bank last proved that it has no such payment."""
    unapplied_reports: int = 0
    rail: str | None = None
    recall: str | None = None
    """Where its payer's wish to have it back stands, if there is one."""
    recall_sent_at: datetime | None = None
    recall_messages: int | None = None
    paid_twice: bool = False
    """Found as paid beside the payout that took its place: owed on an account of its own."""
    less_minor: int = 0
    """Of what came back: fen that nothing owes any more, so that they do not go out again."""


class ExceptionRow(Frozen):
    code: str
    reference: str = ""
    opened_at: datetime
    resolved_at: datetime | None = None


class EpisodeRows(RepairRows):
    """Everything about one episode but its sealed content."""

    episode: EpisodeRow
    coverages: list[CoverageRow] = []
    consents: list[ConsentRow] = []
    voucher: VoucherRow | None = None
    pay_later: PayLaterRow | None = None
    pay_later_asked: bool = False
    """The coverage wants somebody to confirm each payment (有感支付)."""
    pay_later_confirmed: list[str] = []
    """Ids of bills that somebody confirmed."""
    funder_accounts: list[FunderAccountRow] = []
    quotes: list[QuoteRow] = []
    bureau_stay: BureauStayRow | None = None
    bills: list[BillRow] = []
    claw_backs: list[ClawBackRow] = []
    allocations: list[AllocationRow] = []
    tenders: list[TenderRow] = []
    payments: list[PaymentRow] = []
    refunds: list[RefundRow] = []
    guarantees: list[GuaranteeRow] = []
    guarantee_requests: list[GuaranteeRequestRow] = []
    claims: list[ClaimRow] = []
    payouts: list[PayoutRow] = []
    exceptions: list[ExceptionRow] = []
    record_requests: list[RecordRequestRow] = []
    record_deliveries: list[RecordDeliveryRow] = []
    spouse: SpouseRow | None = None
    identity_checks: list[IdentityCheckRow] = []
    voucher_confirmations: list[ConfirmationRow] = []
    voucher_stages: list[StageRow] = []
    voucher_records: list[UseRecordRow] = []
    withdrawals: list[WithdrawalRow] = []
    hand_overs: list[HandOverRow] = []
    appointments: list[AppointmentRow] = []
    appeals: list[AppealRow] = []
    revisions: list[RevisionRow] = []
    information_requests: list[InformationRequestRow] = []
    information_items: list[InformationItemRow] = []

    def coverage(self, funder: FunderKind) -> CoverageRow | None:
        return next((c for c in self.coverages if c.funder is funder), None)

    def insurers(self) -> list[CoverageRow]:
        """Coverages by insurers, in the episode's order."""
        return [c for c in self.coverages if c.funder is FunderKind.INSURER]

    def insured_with(self, organisation: str | None) -> CoverageRow | None:
        """The coverage by one insurer."""
        return next((c for c in self.insurers() if c.organisation_id == organisation), None)

    def bill(self, bill_id: str) -> BillRow:
        return next(b for b in self.bills if b.id == bill_id)

    def numbered_bill(self, number: str, version: int) -> BillRow | None:
        return next((b for b in self.bills if (b.number, b.version) == (number, version)), None)

    def allocation(self, bill_id: str) -> AllocationRow | None:
        return next((a for a in self.allocations if a.bill_id == bill_id), None)

    def claims_of(self, bill_id: str, kind: str) -> list[ClaimRow]:
        return [c for c in self.claims if c.bill_id == bill_id and c.kind == kind]

    def claim(self, claim_id: str) -> ClaimRow:
        return next(c for c in self.claims if c.id == claim_id)

    def record_request(self, request_id: str) -> RecordRequestRow | None:
        return next((r for r in self.record_requests if r.id == request_id), None)

    def record_delivery(self, delivery_id: str) -> RecordDeliveryRow | None:
        return next((d for d in self.record_deliveries if d.id == delivery_id), None)

    def tendered(self, bill_id: str) -> int:
        """Fen that the patient has paid for a bill, less what goes back to him."""
        paid = (t for t in self.tenders_of(bill_id) if not t.reversed)
        return sum(t.amount_minor - self.given_back(t.id) for t in paid)

    def tenders_of(self, bill_id: str) -> list[TenderRow]:
        """Of a version and of those that it corrects."""
        line = line_of(self.bills, bill_id)
        return [t for t in self.tenders if t.bill_id in line]

    def given_back(self, tender_id: int) -> int:
        """Fen of one tender that are back, or on their way back."""
        return sum(r.amount_minor for r in self.refunds if r.tender_id == tender_id and r.counts)

    def paying(self, bill_id: str) -> int:
        """Fen of a bill that the acquirer was asked to take and has not answered for."""
        return sum(p.amount_minor for p in self.payments if p.bill_id == bill_id and p.open)

    def payment(self, reference: str) -> PaymentRow | None:
        return next((p for p in self.payments if p.reference == reference), None)

    def refund(self, reference: str) -> RefundRow | None:
        return next((r for r in self.refunds if r.reference == reference), None)

    def patient_share(self, bill_id: str) -> int:
        """Fen that the patient owes for a bill by its newest split."""
        allocation = self.allocation(bill_id)
        return 0 if allocation is None else allocation.result.of(FunderKind.PATIENT).amount_minor

    def signed(self, type_: ConsentType, by: str = "patient") -> bool:
        """A consent of that type and person is in force."""
        return any(c.type is type_ and c.given_by == by for c in self.consents_in_force())

    def stage(self, claim_id: str) -> StageRow | None:
        return next((s for s in self.voucher_stages if s.claim_id == claim_id), None)

    def guarantee(self) -> GuaranteeRow | None:
        return self.guarantees[-1] if self.guarantees else None

    def letter(self, guarantee_id: str) -> GuaranteeRow:
        return next(g for g in self.guarantees if g.id == guarantee_id)

    def guarantee_of(self, insurer: str | None) -> GuaranteeRow | None:
        """The newest letter of guarantee of one insurer."""
        return next((g for g in reversed(self.guarantees) if g.insurer_id == insurer), None)

    def direct_claim(self, bill_id: str, organisation: str | None) -> ClaimRow | None:
        """The hospital's claim on one insurer for a bill."""
        claims = (c for c in self.claims_of(bill_id, "direct") if c.supplements is None)
        return next((c for c in claims if c.organisation_id == organisation), None)

    def quote(self, bill_id: str) -> QuoteRow | None:
        """The bureau's quote of a bill, while it holds."""
        found = (q for q in self.quotes if q.bill_id == bill_id and q.state == "quoted")
        return next(found, None)

    def ended_covers(self) -> set[str]:
        """Insurers whose part a withdrawn consent has ended."""
        return {w.organisation_id for w in self.withdrawals if w.state == ENDED}

    def closing_status(self) -> str:
        """What a closed episode is called: by its withdrawal when that left no insurer."""
        insurers, ended = {c.organisation_id for c in self.insurers()}, self.ended_covers()
        return CLOSED_CONSENT_WITHDRAWN if ended and insurers <= ended else "closed"

    def closed(self, at: datetime) -> EpisodeRows:
        """These rows once the episode is closed and nothing else has changed."""
        status, revision = self.closing_status(), self.episode.revision + 1
        episode = self.episode.model_copy(
            update={"closed_at": at, "status": status, "revision": revision}
        )
        return self.model_copy(update={"episode": episode})

    def consents_in_force(self) -> list[ConsentRow]:
        return [c for c in self.consents if c.in_force]


class StoredSubmission(Frozen):
    """What was sent to us, opened."""

    id: str
    organisation_id: str
    kind: SubmissionKind
    episode_id: str
    content: dict[str, Any]
    outcome: dict[str, Any] | None = None
    key_id: str = ""
    """Whose key sent it: two persons are two keys."""


class ProposedAccount(Frozen):
    """Another account for a payout that came back; ``approved`` is None until it is decided."""

    account: BankAccount
    proposed_by: str
    approved: bool | None = None


class StoredAttempt(Frozen):
    """One file to the bank about a payout."""

    attempt: int
    file_name: str
    released: bool
