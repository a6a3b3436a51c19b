"""Splits a bill anew when the voucher system refuses a claim for what changed meanwhile."""

from __future__ import annotations

from activities.apply_bill import bill_entry_key, judged_bill
from activities.claims_due import open_voucher_claims
from activities.covers import use_covers
from activities.guarantee_books import use_guarantees
from activities.orders import Subject
from activities.records import EpisodeTransaction
from activities.resplits import case_of, claims_follow
from activities.voucher_receipts import keep_balance
from activities.world import World
from crossclaim.domain.errors import Final
from crossclaim.domain.ledger import bill_entry
from crossclaim.domain.records import ClaimRow
from crossclaim.domain.standing_pay_later import PART_CHARGED, charge_changes
from crossclaim.domain.stay import local_day
from crossclaim.domain.voucher_rows import SPOUSE

BALANCE_CHANGED = "VOUCHER_BALANCE_CHANGED"
PAIRING_ENDED = "VOUCHER_PAIRING_ENDED"


def balance_told(error: Final) -> int | None:
    """HK cents that a refusal for want of balance names; None for any other refusal."""
    if error.code != "BALANCE_INSUFFICIENT" or "balance" not in error.answer:
        return None
    whole, _, cents = error.answer["balance"].partition(".")
    return int(whole) * 100 + int((cents + "00")[:2])


def learn_change(
    tx: EpisodeTransaction, order: Subject, claim: ClaimRow, error: Final
) -> str | None:
    """Keeps what a refusal says has changed and names it; None when it says no such thing."""
    balance = balance_told(error)
    if balance is not None:
        keep_balance(tx, order.episode_id, claim, balance)
        return BALANCE_CHANGED
    if error.code == "PAIRING_ENDED" and claim.kind == SPOUSE:
        tx.change_spouse(order.episode_id, ended_on=local_day(order.at))
        return PAIRING_ENDED
    return None


def tell_refusal(
    tx: EpisodeTransaction,
    world: World,
    order: Subject,
    claim: ClaimRow,
    error: Final,
    change: str | None,
) -> None:
    """A new split and a note that the patient is to be asked again, or a person's business."""
    if change is None:
        told = {"code": error.code}
        tx.open_exception(
            order.episode_id, "VOUCHER_CLAIM_REFUSED", claim.reference, told, order.at
        )
        return
    faults = _split_again(tx, world, order, claim, change)
    code = "VOUCHER_SPLIT_REFUSED" if faults else change
    details = {"code": ",".join(faults) if faults else error.code}
    tx.open_exception(order.episode_id, code, claim.reference, details, order.at)
    if not faults:
        # Where the spouse's vouchers take over what the own lack, nobody has to pay more.
        open_voucher_claims(tx, tx.rows(order.episode_id), order.at)


def _split_again(
    tx: EpisodeTransaction, world: World, order: Subject, claim: ClaimRow, why: str
) -> list[str]:
    """Splits the bill by what is known now; the fault codes when it can no longer be split."""
    rows = tx.rows(order.episode_id)
    old = rows.allocation(claim.bill_id)
    assert old is not None, "a claim has a split"
    case = case_of(tx, world, order, rows, claim.reference)
    judged = judged_bill(case, tx.bill_content(claim.bill_id), claim.bill_id)
    result = judged.result
    if result.refused:
        return sorted({fault.code for fault in result.faults})
    if charge_changes(rows, claim.bill_id, old.result, result):
        return [PART_CHARGED]
    if not claims_follow(tx, rows, old, result):
        return ["INSURER_PART_CLAIMED"]
    version = tx.add_allocation(order.episode_id, claim.bill_id, result, why, order.at)
    # After the cover's lock, and not at all when the old split stays.
    tx.reverse_cover_use(claim.bill_id, order.at)
    use_covers(judged.scene, judged.covers, claim.bill_id, version, result, order.at)
    tx.reverse(order.episode_id, bill_entry_key(claim.bill_id, old.version), order.at)
    key = bill_entry_key(claim.bill_id, version)
    tx.post(order.episode_id, bill_entry(key, rows.episode.hospital_id, result), order.at)
    if rows.guarantees:
        use_guarantees(tx, tx.rows(order.episode_id), order.at)
    return []
