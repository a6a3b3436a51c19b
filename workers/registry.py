"""The one list of workflows and activities, by the task queue that serves them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from activities.bureau_quotes import QuoteSteps
from activities.claims import ClaimSteps
from activities.failures import FailureSteps
from activities.guarantees import GuaranteeSteps
from activities.housekeeping import HousekeepingSteps
from activities.inbox import InboxSteps
from activities.insured_accounts import InsuredAccountSteps
from activities.payouts import PayoutSteps
from activities.reconciliations import ReconciliationSteps
from activities.record_deliveries import RecordDeliverySteps
from activities.record_requests import RecordRequestSteps
from activities.settlement_cancels import SettlementCancelSteps
from activities.settlements import SettlementSteps
from activities.submissions import SubmissionSteps
from activities.vouchers import VoucherSteps
from activities.world import World
from workflows.episode import EpisodeWorkflow
from workflows.policies import (
    BANK_FILES,
    BUREAU,
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
)

WORKFLOWS: Sequence[type] = (
    EpisodeWorkflow,
    BankInboxWorkflow,
    SweepWorkflow,
    SettlementComparisonWorkflow,
)


def activities_by_queue(world: World) -> dict[str, list[Callable[..., Any]]]:
    """Local steps stand on the workflow queue, calls to a party on that party's queue."""
    submissions, vouchers = SubmissionSteps(world), VoucherSteps(world)
    guarantees, claims = GuaranteeSteps(world), ClaimSteps(world)
    payouts, inbox = PayoutSteps(world), InboxSteps(world)
    housekeeping, failures = HousekeepingSteps(world), FailureSteps(world)
    accounts, quotes = InsuredAccountSteps(world), QuoteSteps(world)
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
            deliveries.give_up_record,
        ],
        VOUCHER: [vouchers.look_up_voucher, vouchers.claim_voucher, vouchers.void_voucher],
        BUREAU: [
            accounts.look_up_insured,
            quotes.quote_settlement,
            settlements.settle_bill,
            settlements.inquire_settlement,
            cancels.cancel_settlement,
            ReconciliationSteps(world).compare_settlements,
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
        RECORDS: [housekeeping.resend_submissions, housekeeping.archive_history],
    }
