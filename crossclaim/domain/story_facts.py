"""What a story is told from: rows with their times, and what a run's history adds to them. Pure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.story_facts_appeals import AppealFact, RevisionFact
from crossclaim.domain.story_facts_bill import BillFact as BillFact
from crossclaim.domain.story_facts_bill import ClawBackFact
from crossclaim.domain.story_facts_bill import SplitFact as SplitFact
from crossclaim.domain.story_facts_claims import ClaimFact as ClaimFact
from crossclaim.domain.story_facts_guarantee import GuaranteeFact as GuaranteeFact
from crossclaim.domain.story_facts_guarantee import (
    GuaranteeRequestFact as GuaranteeRequestFact,
)
from crossclaim.domain.story_facts_information import (
    InformationEventFact,
    InformationItemFact,
    InformationRequestFact,
)
from crossclaim.domain.story_facts_payout import PayoutWordFacts
from crossclaim.domain.story_facts_repair import RepairFacts
from crossclaim.domain.story_facts_tenders import PaymentFact, RefundFact
from crossclaim.domain.story_facts_transfer import HandOverFact, ReleaseFact
from crossclaim.domain.story_facts_voucher import (
    AppointmentFact,
    ConfirmationFact,
    IdentityCheckFact,
    PairedClaimFact,
    ReimbursedFact,
    SpouseFact,
    StageFact,
    UseRecordFact,
)


class SubmissionFact(Frozen):
    """A message to us. ``status`` is the HTTP status of its answer, None while there is none."""

    id: str
    organisation_id: str
    kind: str
    received_at: datetime
    status: int | None = None
    faults: list[dict[str, Any]] = []
    """Code and sentences of each fault, where it was refused."""


class EpisodeFact(Frozen):
    hospital_id: str
    visit_number: str = ""
    encounter_class: str
    status: str
    opened_at: datetime
    recorded_at: datetime
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    closed_at: datetime | None = None


class CoverageFact(Frozen):
    ordinal: int
    organisation_id: str | None = None
    plan: str | None = None
    eligible: bool | None = None
    eligibility_at: datetime | None = None
    disposition: str = ""


class ConsentFact(Frozen):
    id: int
    type: str
    recipient: str = ""
    text_version: str
    channel: str
    signed_at: datetime
    withdrawn_at: datetime | None = None
    signer_capacity: str = ""
    """Of the substitute who signed; empty: the patient did."""
    signer_paper: str = ""
    recorded_at: datetime
    given_by: str = "patient"


class VoucherFact(Frozen):
    cny_per_hkd: Decimal | None = None
    rate_id: str = ""
    looked_up_at: datetime


class FunderAccountFact(Frozen):
    ordinal: int
    funder: str
    state: str
    code: str = ""
    looked_up_at: datetime


class QuoteFact(Frozen):
    bill_id: str
    state: str
    fund_minor: int
    account_minor: int
    family_minor: int
    recorded_at: datetime


class BureauStayFact(Frozen):
    state: str
    code: str = ""
    admitted_at: datetime
    discharged_at: datetime | None = None
    recorded_at: datetime


class TenderFact(Frozen):
    id: int
    bill_id: str
    method: str
    amount_minor: int
    tendered_at: datetime
    recorded_at: datetime
    reversed: bool = False


class ReviewFact(Frozen):
    """What a check found of a claim; only its insurer's role reads it."""

    claim_id: str
    reasons: list[str]
    occurred_at: datetime


class AttemptFact(Frozen):
    """One send to an outside party; ``outcome`` is None while no answer is kept."""

    id: int
    party: str
    operation: str
    reference: str
    attempt: int
    started_at: datetime
    finished_at: datetime | None = None
    outcome: str | None = None
    code: str = ""


class PayoutFact(Frozen):
    reference: str
    payee: str
    payee_organisation_id: str | None = None
    debtor_organisation_id: str
    bank: str
    amount_minor: int
    replaces: str | None = None
    state: str = ""
    reason: str = ""
    closed_at: datetime | None = None
    less_minor: int = 0
    less_at: datetime | None = None
    recorded_at: datetime


class FileFact(Frozen):
    """One file to a bank about a payout; an inquiry without a name is a wait for a statement."""

    reference: str
    kind: str
    attempt: int
    file_name: str
    recorded_at: datetime
    released_at: datetime | None = None


class ReportFact(Frozen):
    bank: str
    message_id: str
    entry: int
    reference: str
    state: str
    reason: str = ""
    amount_minor: int | None = None
    currency: str | None = None
    happened_at: datetime
    recorded_at: datetime


class ExceptionFact(Frozen):
    id: int
    code: str
    reference: str = ""
    details: dict[str, Any] = {}
    opened_at: datetime
    resolved_at: datetime | None = None


class ArchiveFact(Frozen):
    """A finished run's history in the document store: the episode was closed then."""

    run_id: str
    object_key: str
    recorded_at: datetime
    events: int = 1
    """None: rows that were loaded without a history, whose engine keeps it elsewhere."""


class StaffNoteFact(Frozen):
    """What somebody of staff wrote or had done; the words themselves are sealed."""

    id: str
    organisation_id: str
    kind: str
    """``note``, ``try_again`` or ``reset``."""
    recorded_at: datetime


class WithdrawalFact(Frozen):
    """What a withdrawn consent did to one insurer's part."""

    id: str
    organisation_id: str
    consent: str
    branch: str
    state: str
    suspended_until: datetime | None = None
    insurer_minor: int
    patient_minor: int
    changed_at: datetime
    recorded_at: datetime


class RecordRequestFact(Frozen):
    id: str
    number: str
    system: str
    reference: str
    state: str
    requested_by: str
    window_from: date
    window_until: date
    reason: str = ""
    emergency: bool = False
    recorded_at: datetime


class RecordAccessFact(Frozen):
    """``fetched``, ``read`` or ``refused``."""

    id: int
    request_id: str
    organisation_id: str
    staff: str
    what: str
    consents: list[int] = []
    recorded_at: datetime


class RecordDeliveryFact(Frozen):
    id: str
    kind: str
    reference: str
    state: str
    receipt: str = ""
    reason: str = ""
    recorded_at: datetime


class RecordNoticeFact(Frozen):
    reference: str
    event: str
    number: str
    means: str
    recorded_at: datetime


class BalanceFact(Frozen):
    """What this episode's own entries left on an account; minor units, positive is a debit."""

    account_id: str
    currency: str
    balance_minor: int


class StoryFacts(PayoutWordFacts, RepairFacts):
    """Every row that a story is told from, without what is sealed."""

    episode: EpisodeFact
    submissions: list[SubmissionFact] = []
    coverages: list[CoverageFact] = []
    consents: list[ConsentFact] = []
    voucher: VoucherFact | None = None
    spouses: list[SpouseFact] = []
    identity_checks: list[IdentityCheckFact] = []
    appointments: list[AppointmentFact] = []
    confirmations: list[ConfirmationFact] = []
    stages: list[StageFact] = []
    use_records: list[UseRecordFact] = []
    hand_overs: list[HandOverFact] = []
    releases: list[ReleaseFact] = []
    paired_claims: list[PairedClaimFact] = []
    reimbursed: list[ReimbursedFact] = []
    funder_accounts: list[FunderAccountFact] = []
    quotes: list[QuoteFact] = []
    bureau_stays: list[BureauStayFact] = []
    bills: list[BillFact] = []
    splits: list[SplitFact] = []
    tenders: list[TenderFact] = []
    payments: list[PaymentFact] = []
    refunds: list[RefundFact] = []
    claw_backs: list[ClawBackFact] = []
    guarantees: list[GuaranteeFact] = []
    guarantee_requests: list[GuaranteeRequestFact] = []
    claims: list[ClaimFact] = []
    attempts: list[AttemptFact] = []
    payouts: list[PayoutFact] = []
    files: list[FileFact] = []
    reports: list[ReportFact] = []
    exceptions: list[ExceptionFact] = []
    reviews: list[ReviewFact] = []
    archives: list[ArchiveFact] = []
    balances: list[BalanceFact] = []
    withdrawals: list[WithdrawalFact] = []
    staff_notes: list[StaffNoteFact] = []
    appeals: list[AppealFact] = []
    revisions: list[RevisionFact] = []
    record_requests: list[RecordRequestFact] = []
    record_accesses: list[RecordAccessFact] = []
    record_deliveries: list[RecordDeliveryFact] = []
    record_notices: list[RecordNoticeFact] = []
    information_requests: list[InformationRequestFact] = []
    information_items: list[InformationItemFact] = []
    information_events: list[InformationEventFact] = []

    def bill(self, bill_id: str) -> BillFact:
        return next(b for b in self.bills if b.id == bill_id)


class RunEvent(Frozen):
    """Something that only a run's history tells. ``kind`` names its sentence."""

    kind: str
    at: datetime
    event_id: int
    step: str = ""
    attempts: int = 0
    code: str = ""
    """Why the last try failed: a code of ours or of the party, never content."""


class PendingStep(Frozen):
    """A step that runs now, or that waits for its next try."""

    step: str
    attempt: int
    code: str = ""
    next_at: datetime | None = None


class RunFacts(Frozen):
    """One run of the episode's workflow, as its history has it."""

    run_id: str
    started_at: datetime
    running: bool = False
    events: list[RunEvent] = []
    pending: list[PendingStep] = []
    timer_until: datetime | None = None
    """When the timer that runs now wakes it, if one does."""


class Runs(Frozen):
    """All runs that could be read, oldest first, and what could not."""

    runs: list[RunFacts] = []
    engine_silent: bool = False
    archive_silent: bool = False
    archived_elsewhere: bool = False
