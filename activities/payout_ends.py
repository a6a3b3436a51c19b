"""How a payout ends without the bank's word: before it was sent, or by what two keys found."""

from __future__ import annotations

from datetime import datetime

from activities.came_back import end_if_not_owed, goes_out_less, nobody_has
from activities.claw_backs import back_already, called_back, order_claw_back, paid_after_all
from activities.records import EpisodeTransaction
from crossclaim.domain.bill_chain import CAME_BACK, PAID_TWICE, REPLACED, replaced_claims
from crossclaim.domain.bill_rows import TWICE
from crossclaim.domain.claw_back_excess import given_for
from crossclaim.domain.claw_back_finding import FOUND as CLAW_BACK_FOUND
from crossclaim.domain.claw_back_finding import GIVEN_BACK_TWICE
from crossclaim.domain.ledger import (
    Account,
    credit_entry,
    hospital_bills,
    overpaid,
    payout_entry,
    reimbursements,
)
from crossclaim.domain.payout_finding import Found
from crossclaim.domain.records import ClaimRow, EpisodeRows, PayoutRow

CANCELLED = "PAYOUT_CANCELLED"


def owed_to(rows: EpisodeRows, payout: PayoutRow) -> Account:
    if payout.payee == "hospital":
        return hospital_bills(rows.episode.hospital_id)
    return reimbursements()


def cancel_unsent(
    tx: EpisodeTransaction, episode_id: str, payout: PayoutRow, reason: str, at: datetime
) -> None:
    """No file of it can have been seen: the intent is closed and its entry reversed."""
    assert payout.orders == 0, "what the bank may have seen is for the bank to cancel"
    tx.change_intent(payout.reference, state="cancelled", reason=reason, closed_at=at)
    tx.reverse(episode_id, f"payout:{payout.reference}", at)
    called_back(tx, tx.rows(episode_id), payout, at)
    ended = payout.model_copy(update={"state": "cancelled"})
    nobody_has(tx, tx.rows(episode_id), ended, at)
    tx.open_exception(episode_id, CANCELLED, payout.reference, {"reason": reason}, at)


def brought_by(tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow, at: datetime) -> None:
    """What was called back of the versions before it, this claim's own payout brings: nobody has
    to look at that any more."""
    replaced = {c.id for c in replaced_claims(rows, claim)}
    for payout in rows.payouts:
        if payout.claim_id in replaced and payout.state == "cancelled":
            tx.resolve_exceptions(rows.episode.id, [CANCELLED], at, payout.reference)


def enter_found(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    payout: PayoutRow,
    found: Found,
    paid_at: datetime,
    at: datetime,
) -> None:
    """Books what was found; nothing here orders a payment."""
    reference, episode = payout.reference, rows.episode.id
    for name in found.cancel:
        unsent = next(p for p in rows.payouts if p.reference == name)
        cancel_unsent(tx, episode, unsent, "FOUND_PAID", at)
    if found.take_back:
        tx.reverse(episode, f"credit:{reference}", at)
        tx.reverse(episode, f"payout:{reference}", at)
        take_back_found(tx, episode, reference, at)
        tx.change_intent(reference, state=found.state, reason="FOUND_NOT_PAID", closed_at=at)
        back_already(tx, rows, payout, at)
        ended = payout.model_copy(update={"state": found.state})
        nobody_has(tx, tx.rows(episode), ended, at)
        code = "PAYOUT_RETURNED" if found.state == "returned" else "PAYOUT_REJECTED"
        details = {"reason": "FOUND_NOT_PAID"}
        tx.open_exception(episode, code, reference, details, at)
        end_if_not_owed(tx, episode, reference, at)
    elif found.state in CAME_BACK and rows.claim(payout.claim_id).state == REPLACED:
        # While the bank spoke of it in two ways, all that was too much was asked back.
        goes_out_less(tx, tx.rows(episode), payout, at)
    payee = overpaid(payout.debtor_organisation_id) if found.overpaid else owed_to(rows, payout)
    debtor, bank, amount = payout.debtor_organisation_id, payout.bank, payout.amount_minor
    if found.book_credit:
        tx.post_anew(episode, payout_entry(f"found:{reference}", debtor, bank, amount), at)
        entry = credit_entry(f"found-credit:{reference}", payee, debtor, bank, amount)
        tx.post_anew(episode, entry, at)
    if found.credit:
        tx.post(episode, credit_entry(f"credit:{reference}", payee, debtor, bank, amount), at)
    if found.book_credit or found.credit:
        settled = payout.settled_at or paid_at
        tx.change_intent(
            reference,
            state="credited",
            settled_at=settled,
            credited_at=paid_at,
            closed_at=at,
            less_minor=0,
            less_at=None,
            paid_twice=found.overpaid,
        )
        if not found.overpaid:
            paid_after_all(tx, rows, payout, at)
            for other in rows.payouts:
                if other.claim_id == payout.claim_id and other.state in CAME_BACK:
                    end_if_not_owed(tx, episode, other.reference, at)
    if found.overpaid:
        tx.change_intent(reference, paid_twice=True)
        _ask_for_second(tx, tx.rows(episode), payout, at)


def take_back_found(tx: EpisodeTransaction, episode_id: str, reference: str, at: datetime) -> None:
    """What two keys found as paid after its close was booked anew; it has come back."""
    for name in ("found-credit", "found", "in-place"):
        tx.reverse_anew(episode_id, f"{name}:{reference}", at)


def _ask_for_second(
    tx: EpisodeTransaction, rows: EpisodeRows, payout: PayoutRow, at: datetime
) -> None:
    """Of a second payment its payee gives back what he has not given back for it before: where its
    owner had it twice, the payment is what he had too much."""
    asked = [b for b in rows.claw_backs if b.payout_reference == payout.reference]
    for back in asked:
        if back.kept_minor:
            codes = [GIVEN_BACK_TWICE, CLAW_BACK_FOUND]
            tx.resolve_exceptions(rows.episode.id, codes, at, back.reference)
    due = sum(back.amount_minor for back in asked if back.open)
    left = payout.amount_minor - given_for(rows, payout) - due
    if left <= 0:
        return
    tx.open_exception(rows.episode.id, PAID_TWICE, payout.reference, {}, at)
    claim, name = rows.claim(payout.claim_id), payout.reference
    order_claw_back(tx, rows, claim, left, TWICE, at, payout_reference=name)
