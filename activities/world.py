"""Everything the activities are handed at start-up: our rows, the rules, the parties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from activities.acquirer_port import Acquirer
from activities.bank_books import BankBooks, MatchOrders
from activities.bank_copy_port import BankCopies
from activities.binding_records import BindingRecords
from activities.family_office import FamilyOffice
from activities.hcx_port import HcxAnswers, HcxNotices
from activities.pay_later_port import PayLaterPlatform
from activities.plan_backtest_port import PlanBacktests
from activities.ports import (
    Bank,
    Bureau,
    Documents,
    Insurer,
    ManifestSigner,
    RecordSystem,
    VoucherSystem,
)
from activities.privacy_ports import PrivacyPorts
from activities.records import InboxRecords, Records
from activities.transfer_records import HandOverPrinter
from activities.voucher_ports import UseRecordPrinter
from activities.voucher_records import VoucherMonths
from activities.webhook_port import WebhookOutbox, WebhookSender
from crossclaim.domain.credit_standing import CreditHabits
from crossclaim.domain.family_binding import BindingHabits
from crossclaim.domain.habits import Habits
from crossclaim.domain.payout_route import ROUTE_PLAN
from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.tender_habits import TenderHabits


class EpisodeRuns(Protocol):
    """The workflow engine as activities need it: wake an episode, re-send, read a history."""

    async def announce_payout(self, episode_id: str, reference: str) -> None: ...

    async def announce_charge(self, account_id: str, reference: str) -> None: ...

    async def announce_tender(self, episode_id: str) -> None:
        """Something is due about the patient's payments that no message brought."""
        ...

    async def resend(self, episode_id: str, submission_id: str, kind: str) -> None: ...

    async def answer_hcx(self, message: int) -> None:
        """Has the answer to a request of the exchange sent, once."""
        ...

    async def tell_hcx(self, notice: int) -> None:
        """Has a notice of ours sent over the exchange, once."""
        ...

    async def history(self, episode_id: str, run_id: str) -> tuple[bytes, int]:
        """One run's history, encoded as it is stored, and its number of events."""
        ...


class ConsoleTotals(Protocol):
    def keep(self) -> int:
        """Adds what changed to the sums that the console shows; of how many episodes."""
        ...

    def keep_days(self) -> int:
        """Counts days to reconcile anew that changed; how often they did."""
        ...


class SubmissionQueue(Protocol):
    def untaken(self, older_than_s: float) -> list[tuple[str, str, str]]:
        """(episode id, submission id, kind) of submissions without an outcome, and of those whose
        run is not known to have them: a worker may die between our row and the run's history.
        """
        ...

    def note_taken(self, submission_id: str) -> None:
        """The submission stands in the history of its run."""
        ...


def no_fault(point: str) -> None:
    """Production's fault hook: nothing ever happens at a named point."""


@dataclass(frozen=True)
class BankHabits:
    """What a bank profile says about time and asking."""

    answer_within_s: float
    inquire_every_s: float
    max_execution_s: float
    status_request: bool
    credit_advice: bool
    recalls: bool = False
    """Takes camt.056 and answers it."""
    account_checks: bool = False
    """Takes acmt.023 and answers it."""
    told_rails: bool = False
    """It sends by the rail that we name; else a forecast by a rail's hours is none of it."""


@dataclass(frozen=True)
class World:
    """One per worker process; a test may hand in other parties, never other rules."""

    records: Records
    plan_shelf: Callable[[], PlanSet]
    """The plans in force now; a step asks once and decides by what it was given."""
    reference: Reference
    voucher: VoucherSystem | None = None
    pay_later: PayLaterPlatform | None = None
    credit_habits: CreditHabits = field(default_factory=CreditHabits)
    bureau: Bureau | None = None
    bureau_answer_within_s: float = 900.0
    hold_account_s: float = 86_400.0
    """How long a split that nobody has settled keeps others from what it takes of an account."""
    insurers: Mapping[str, Insurer] = field(default_factory=dict)
    insurer_answer_within_s: Mapping[str, float] = field(default_factory=dict)
    record_systems: Mapping[str, RecordSystem] = field(default_factory=dict)
    record_again_s: float = 30.0
    """Pause before a record system that did not answer is asked again; it doubles."""
    banks: Mapping[str, Bank] = field(default_factory=dict)
    bank_habits: Mapping[str, BankHabits] = field(default_factory=dict)
    documents: Documents | None = None
    manifests: ManifestSigner | None = None
    """Absent: papers leave without a manifest."""
    transfer_licence: str = ""
    use_records: UseRecordPrinter | None = None
    hand_over_printer: HandOverPrinter | None = None
    voucher_months: VoucherMonths | None = None
    inbox: InboxRecords | None = None
    bank_books: BankBooks | None = None
    bank_copies: BankCopies | None = None
    match_orders: MatchOrders | None = None
    queue: SubmissionQueue | None = None
    runs: EpisodeRuns | None = None
    bindings: BindingRecords | None = None
    family_office: FamilyOffice | None = None
    binding_habits: BindingHabits = field(default_factory=BindingHabits)
    acquirer: Acquirer | None = None
    tender_habits: TenderHabits = field(default_factory=TenderHabits)
    hcx: HcxAnswers | None = None
    hcx_notices: HcxNotices | None = None
    console_totals: ConsoleTotals | None = None
    purpose_code: str = ""
    payout_rails_plan: str = ROUTE_PLAN
    payout_approval_above_fen: int | None = None
    """A payout above it waits for a second key; None: none does."""
    payout_check_first_account: bool = False
    """The first payout to a person's account waits until a second key has compared it."""
    privacy: PrivacyPorts | None = None
    plan_backtests: PlanBacktests | None = None
    scan_every_s: float = 2.0
    webhooks: WebhookOutbox | None = None
    webhook_sender: WebhookSender | None = None
    webhook_scan_s: float = 1.0
    webhook_keep_days: int = 30
    public_url: str = ""
    fault_point: Callable[[str], None] = no_fault

    @property
    def plans(self) -> PlanSet:
        return self.plan_shelf()

    @property
    def payout_plan(self) -> Plan | None:
        """Rails, clocks and refusals of payouts; None: no such plan is active."""
        return self.plans.find(self.payout_rails_plan)

    def habits_for(self, rows: EpisodeRows) -> Habits:
        """The habits of the parties that this episode deals with."""
        bureau = {
            "bureau": self.bureau is not None,
            "bureau_answer_within_s": self.bureau_answer_within_s,
        }
        bank = next(
            (self.bank_habits[p.bank] for p in rows.payouts if p.bank in self.bank_habits), None
        )
        papers = self.documents is not None and self.use_records is not None
        clocks = self.payout_plan if rows.claims else None
        if bank is None:
            return Habits(
                insurer_within_s=dict(self.insurer_answer_within_s),
                voucher_records=papers,
                payout_plan=clocks,
                **bureau,
            )
        return Habits(
            payout_plan=clocks,
            insurer_within_s=dict(self.insurer_answer_within_s),
            voucher_records=papers,
            **bureau,
            bank_answer_within_s=bank.answer_within_s,
            bank_inquire_every_s=bank.inquire_every_s,
            bank_status_request=bank.status_request,
            bank_credit_advice=bank.credit_advice,
        )
