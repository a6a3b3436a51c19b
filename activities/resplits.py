"""Splits a bill anew in the middle of a step, by facts that have changed since the window."""

from __future__ import annotations

from activities.apply_bill import bill_entry_key, judged_bill
from activities.case import Case
from activities.covers import use_covers
from activities.guarantee_books import use_guarantees
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.shared_accounts import give_back_accounts, take_accounts
from activities.world import World
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.ledger import bill_entry
from crossclaim.domain.records import AllocationRow, EpisodeRows, StoredSubmission
from crossclaim.domain.standing_pay_later import PART_CHARGED, charge_changes
from crossclaim.domain.submission import FunderKind, SubmissionKind
from crossclaim.domain.voucher_rows import KINDS as VOUCHER_KINDS

_SENT = ("direct", "reimbursement", *VOUCHER_KINDS)


def case_of(
    tx: EpisodeTransaction, world: World, order: Subject, rows: EpisodeRows, about: str
) -> Case:
    """A step of ours as if it were a submission; nothing of it is stored as one."""
    stored = StoredSubmission(
        id=about,
        organisation_id=rows.episode.hospital_id,
        kind=SubmissionKind.BILL,
        episode_id=order.episode_id,
        content={},
    )
    return Case(tx, stored, world, order.at, rows)


def split_by_quote(
    tx: EpisodeTransaction, world: World, order: Subject, rows: EpisodeRows, bill_id: str
) -> list[str]:
    """A new version by the bureau's new quote; the fault codes when the old split has to stay."""
    old = rows.allocation(bill_id)
    assert old is not None, "a settlement has a split"
    case = case_of(tx, world, order, tx.rows(order.episode_id), bill_id)
    judged = judged_bill(case, tx.bill_content(bill_id), bill_id)
    result = judged.result
    if result.refused:
        return sorted({fault.code for fault in result.faults})
    if _others_change(rows, bill_id, old.result, result):
        return ["INSURER_PART_CLAIMED"]
    if charge_changes(rows, bill_id, old.result, result):
        return [PART_CHARGED]
    version = tx.add_allocation(order.episode_id, bill_id, result, "BASIC_SPLIT_CHANGED", order.at)
    tx.reverse_cover_use(bill_id, order.at)
    use_covers(judged.scene, judged.covers, bill_id, version, result, order.at)
    give_back_accounts(tx, bill_id, order.at)
    take_accounts(tx, order.episode_id, bill_id, version, result, order.at)
    tx.reverse(order.episode_id, bill_entry_key(bill_id, old.version), order.at)
    key = bill_entry_key(bill_id, version)
    tx.post(order.episode_id, bill_entry(key, rows.episode.hospital_id, result), order.at)
    if rows.guarantees:
        use_guarantees(tx, tx.rows(order.episode_id), order.at)
    return []


def _others_change(
    rows: EpisodeRows, bill_id: str, old: AllocationResult, new: AllocationResult
) -> bool:
    """Another funder has been asked for a part that would be another one."""
    asked = any(c.bill_id == bill_id and c.kind in _SENT for c in rows.claims)
    insurers = insurers_parts(old) != insurers_parts(new) or old.later != new.later
    return asked and (insurers or old.of(FunderKind.VOUCHER) != new.of(FunderKind.VOUCHER))


def claims_follow(
    tx: EpisodeTransaction, rows: EpisodeRows, old: AllocationRow, new: AllocationResult
) -> bool:
    """Claims on the insurer that nobody has seen ask for the new part; False when the insurer's
    part would change after it was sent or decided."""
    before, after = old.result, new
    if insurers_parts(before) == insurers_parts(after) and before.later == after.later:
        return True
    claims = [
        c for c in rows.claims if c.bill_id == old.bill_id and c.kind in ("direct", "reimbursement")
    ]
    if any(claim.state != "due" for claim in claims):
        return False
    for claim in claims:
        parts = {
            "direct": after.insurer(claim.organisation_id),
            "reimbursement": after.later_of(claim.organisation_id),
        }
        part = parts[claim.kind]
        if part is None or part.in_funder_currency is None:
            return False
        tx.change_claim(claim.id, forecast_minor=part.in_funder_currency.amount_minor)
    return True
