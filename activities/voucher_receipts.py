"""Writes what the voucher system's receipt means: used, or entered and not complete yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from activities.claims_due import open_voucher_claims
from activities.orders import Subject
from activities.ports import VoucherSystem
from activities.records import EpisodeTransaction
from activities.sending import Attempt
from activities.world import World
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.ledger import voucher_claim_entry
from crossclaim.domain.money import fen, half_up, hk_cents
from crossclaim.domain.party import VoucherClaimReceipt
from crossclaim.domain.plan import RuleMissing
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.voucher_rows import SPOUSE
from crossclaim.domain.voucher_standing import part_of

PUT_RIGHT_BY_CLAIM = [
    "VOUCHER_BALANCE_CHANGED",
    "VOUCHER_CONSENT_MISSING",
    "VOUCHER_SPLIT_REFUSED",
]


def system_of(world: World) -> VoucherSystem:
    if world.voucher is None:
        raise CrossclaimError("no voucher system is configured", code="VOUCHER_NOT_CONFIGURED")
    return world.voucher


def whose(attempt: Attempt, claim: ClaimRow) -> Attempt:
    """What is said of a spouse's claim is kept under the spouse's key."""
    return replace(attempt, of_spouse=claim.kind == SPOUSE)


def signer_of(claim: ClaimRow) -> str:
    """Whose account it is, and so whose consent carries the transaction number."""
    return "spouse" if claim.kind == SPOUSE else "patient"


def keep_balance(tx: EpisodeTransaction, episode_id: str, claim: ClaimRow, cents: int) -> None:
    """What the system states as left on the account of a claim."""
    if claim.kind == SPOUSE:
        tx.change_spouse(episode_id, balance_minor=cents)
    else:
        tx.set_voucher_balance(episode_id, cents)


def keep_receipt(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    receipt: VoucherClaimReceipt,
    order: Subject,
) -> None:
    """Once: a repeated answer changes nothing."""
    now = rows.claim(claim.id)
    if now.state == "approved" or now.number:
        return
    number = receipt.transaction_number
    decision = {
        "told_by_message": list(receipt.told_by_message),
        "balance_minor": receipt.balance_after.amount_minor,
    }
    if now.state == "submitted" and receipt.complete:
        use_up(tx, rows, claim, order.at, number=number, decision=decision)
    elif now.state == "submitted":
        tx.change_claim(claim.id, state="queued", number=number, decision=decision)
        tx.add_stage(order.episode_id, claim.id, **_stage(world, rows, receipt, order.at))
    else:
        # Given up meanwhile, yet taken there: what was claimed has to be given back.
        tx.change_claim(claim.id, state="voiding", number=number)
        if receipt.complete:
            post_use(tx, rows, claim, order.at)
        else:
            tx.add_stage(order.episode_id, claim.id, **_stage(world, rows, receipt, order.at))
    tx.note_transaction_number(order.episode_id, number, signer_of(claim))
    keep_balance(tx, order.episode_id, claim, receipt.balance_after.amount_minor)
    if rows.voucher is not None and not rows.voucher.ehealth_joined and claim.kind != SPOUSE:
        tx.change_voucher_account(order.episode_id, ehealth_joined=True)
    tx.resolve_exceptions(order.episode_id, PUT_RIGHT_BY_CLAIM, order.at)
    open_voucher_claims(tx, tx.rows(order.episode_id), order.at)


def use_up(
    tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow, at: datetime, **fields: object
) -> None:
    """The vouchers are used for good: the Department owes them to the hospital."""
    benefit = claim.forecast_minor
    tx.change_claim(claim.id, state="approved", benefit_minor=benefit, decided_at=at, **fields)
    post_use(tx, rows, claim, at)


def post_use(tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow, at: datetime) -> None:
    """By the split that the claim asked for; one that was split anew meanwhile, by the rate."""
    dollars, asked = claim.forecast_minor or 0, part_of(rows.allocation(claim.bill_id), claim.kind)
    rate = rows.voucher.rate if rows.voucher is not None else None
    worth = asked[1]
    if asked[0] != dollars and rate is not None:
        worth = half_up(dollars * rate.cny_per_hkd)
    entry = voucher_claim_entry(
        f"voucher:{claim.reference}", rows.episode.hospital_id, hk_cents(dollars), fen(worth)
    )
    tx.post(rows.episode.id, entry, at)


def _stage(
    world: World, rows: EpisodeRows, receipt: VoucherClaimReceipt, at: datetime
) -> dict[str, object]:
    """By the scheme's periods of the day of entry; without any, a person hears of it at once."""
    remind, escalate, lapse = _periods(world, rows, at)
    return {
        "entered_at": at,
        "confirmed_at": at if receipt.confirmed else None,
        "validated_at": at if receipt.validated else None,
        "remind_at": at + remind,
        "escalate_at": at + max(lapse - escalate, remind),
        "lapse_at": at + lapse,
    }


def _periods(
    world: World, rows: EpisodeRows, at: datetime
) -> tuple[timedelta, timedelta, timedelta]:
    coverage = rows.coverage(FunderKind.VOUCHER)
    plans, named = world.plans, coverage.plan if coverage is not None else None
    plan = plans.find(named) if named else plans.of_funder(FunderKind.VOUCHER)
    if plan is None:
        return timedelta(0), timedelta(0), timedelta(0)
    on = plan.on(local_day(at))
    try:
        days = [on.count(f"two_stage.{n}") for n in ("remind_after", "escalate_before", "lapse")]
    except RuleMissing:
        return timedelta(0), timedelta(0), timedelta(0)
    return timedelta(days=days[0]), timedelta(days=days[1]), timedelta(days=days[2])
