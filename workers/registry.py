"""The one list of workflows and activities, by the task queue that serves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from activities.bureau_quotes import QuoteSteps
from activities.claims import ClaimSteps
from activities.credit import CreditSteps
from activities.credit_books import CreditBookSteps
from activities.failures import FailureSteps
from activities.family_bindings import FamilyBindingSteps
from activities.guarantees import GuaranteeSteps
from activities.housekeeping import HousekeepingSteps
from activities.inbox import InboxSteps
from activities.insured_accounts import InsuredAccountSteps
from activities.pay_later import PayLaterSteps
from activities.payouts import PayoutSteps
from activities.reconciliations import ReconciliationSteps
from activities.record_deliveries import RecordDeliverySteps
from activities.record_requests import RecordRequestSteps
from activities.settlement_cancels import SettlementCancelSteps
from activities.settlements import SettlementSteps
from activities.submissions import SubmissionSteps
from activities.voucher_accounts import VoucherAccounts
from activities.voucher_months import VoucherMonthSteps, VoucherReimbursements
from activities.voucher_papers import VoucherPapers
from activities.voucher_stages import VoucherStages
from activities.voucher_voids import VoucherVoids
from activities.vouchers import VoucherSteps
from activities.world import World
from workflows.credit import CreditWorkflow
from workflows.episode import EpisodeWorkflow
from workflows.family_binding import FamilyBindingWorkflow, FamilyCodeLinkWorkflow
from workflows.policies import (
    BANK_FILES,
    BUREAU,
    CREDIT,
    EHEALTH,
    EPISODES,
    INSURER,
    RECORDS,
    VOUCHER,
)
from workflows.schedules import (
    BankInboxWorkflow,
    SettlementComparisonWorkflow,
    SweepWorkflow,
    VoucherMonthsWorkflow,
)

WORKFLOWS: Sequence[type] = (
    EpisodeWorkflow,
    BankInboxWorkflow,
    SweepWorkflow,
    FamilyBindingWorkflow,
    FamilyCodeLinkWorkflow,
    VoucherMonthsWorkflow,
    CreditWorkflow,
    SettlementComparisonWorkflow,
)


def activities_by_queue(world: World) -> dict[str, list[Callable[..., Any]]]:
    """Local steps stand on the workflow queue, calls to a party on that party's queue."""
    submissions, vouchers = SubmissionSteps(world), VoucherSteps(world)
    own, voids, stages = VoucherAccounts(world), VoucherVoids(world), VoucherStages(world)
    papers, months = VoucherPapers(world), VoucherMonthSteps(_months(world), world.plan_shelf)
    guarantees, claims = GuaranteeSteps(world), ClaimSteps(world)
    payouts, inbox = PayoutSteps(world), InboxSteps(world)
    housekeeping, failures = HousekeepingSteps(world), FailureSteps(world)
    bindings = FamilyBindingSteps(world)
    credit, books, pay_later = CreditSteps(world), CreditBookSteps(world), PayLaterSteps(world)
    insured, quotes = InsuredAccountSteps(world), QuoteSteps(world)
    settlements, cancels = SettlementSteps(world), SettlementCancelSteps(world)
    requests, deliveries = RecordRequestSteps(world), RecordDeliverySteps(world)
    return {
        EPISODES: [
            submissions.apply_submission,
            submissions.take_stock,
            submissions.close_episode,
            claims.decide_claim,
            failures.note_failed_step,
            payouts.reserve_payout,
            payouts.apply_reports,
            payouts.note_late_payout,
            credit.apply_credit_submission,
            credit.take_credit_stock,
            credit.note_failed_credit_step,
            books.write_credit_notices,
            deliveries.give_up_record,
            bindings.apply_family_submission,
            bindings.take_binding_stock,
            bindings.note_failed_binding_step,
        ],
        VOUCHER: [
            own.look_up_voucher,
            own.look_up_spouse,
            own.open_voucher_account,
            vouchers.claim_voucher,
            voids.void_voucher,
            stages.confirm_voucher,
            stages.chase_voucher,
            months.reconcile_voucher_months,
        ],
        BUREAU: [
            insured.look_up_insured,
            quotes.quote_settlement,
            settlements.settle_bill,
            settlements.inquire_settlement,
            cancels.cancel_settlement,
            ReconciliationSteps(world).compare_settlements,
            bindings.apply_for_binding,
            bindings.ask_about_binding,
            bindings.tell_binding_ended,
        ],
        INSURER: [
            guarantees.check_eligibility,
            guarantees.request_guarantee,
            guarantees.inquire_guarantee,
            guarantees.release_guarantee,
            claims.submit_claim,
            claims.inquire_claim,
        ],
        BANK_FILES: [payouts.send_payout, payouts.inquire_payout, inbox.watch_inbox],
        EHEALTH: [requests.fetch_records, deliveries.deliver_record],
        RECORDS: [
            housekeeping.resend_submissions,
            housekeeping.archive_history,
            papers.print_use_record,
            books.archive_credit_history,
        ],
        CREDIT: [
            credit.send_credit_order,
            credit.inquire_credit_order,
            books.take_credit_statement,
            pay_later.look_up_pay_later,
            pay_later.charge_pay_later,
            pay_later.refund_pay_later,
        ],
    }


def _months(world: World) -> VoucherReimbursements | None:
    if world.voucher is None or world.voucher_months is None:
        return None
    return VoucherReimbursements(world.records, world.voucher_months, world.voucher)
