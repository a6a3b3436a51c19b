"""Applies a second key's word on a payout that waits for it, and a wish to have one back."""

from __future__ import annotations

from activities.case import Case, Outcome, refused
from activities.payout_ends import cancel_unsent
from activities.payout_intent import TO_APPROVE
from crossclaim.domain.bill_chain import DEAD, waits_unsent
from crossclaim.domain.payout_word import PayoutApprovalSubmission, PayoutRecallSubmission
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.step_faults import step_fault

RECALLED = "PAYOUT_RECALL_ASKED"


def own_payout(case: Case, reference: str) -> PayoutRow | None:
    """The payout, if it is the sender's own order: no other insurer's word counts."""
    found = next((p for p in case.rows.payouts if p.reference == reference), None)
    ours = found is not None and found.debtor_organisation_id == case.stored.organisation_id
    return found if ours else None


def apply_payout_approval(case: Case) -> Outcome:
    """Released: it is sent. Refused: the intent is closed and its entry reversed."""
    asked = PayoutApprovalSubmission.model_validate(case.stored.content)
    tx, reference = case.transaction, asked.payout_reference
    payout = own_payout(case, reference)
    if payout is None:
        return refused([step_fault("PAYOUT_UNKNOWN", "/payout_reference")])
    waiting = tx.approval(reference)
    if payout.state != "to_be_approved" or waiting is None or waiting.approved is not None:
        return refused([step_fault("PAYOUT_NOT_TO_APPROVE", "/payout_reference")])
    if not case.stored.key_id or waiting.made_by == case.stored.key_id:
        return refused([step_fault("PAYOUT_SECOND_KEY", "/payout_reference")])
    tx.decide_approval(reference, case.stored.key_id, asked.approved, asked.reason, case.at)
    tx.resolve_exceptions(case.episode_id, [TO_APPROVE], case.at, reference)
    if asked.approved:
        tx.change_intent(reference, state="reserved")
    else:
        cancel_unsent(tx, case.episode_id, payout, "NOT_APPROVED", case.at)
    status = "approved" if asked.approved else "refused"
    body = {"episode_id": case.episode_id, "payout_reference": reference, "status": status}
    return Outcome(200, body)


def apply_payout_recall(case: Case) -> Outcome:
    """Before a file can have been seen it is cancelled here; afterwards the bank is asked."""
    asked = PayoutRecallSubmission.model_validate(case.stored.content)
    tx, reference = case.transaction, asked.payout_reference
    payout = own_payout(case, reference)
    if payout is None:
        return refused([step_fault("PAYOUT_UNKNOWN", "/payout_reference")])
    unsent = waits_unsent(payout)
    if code := "" if unsent else _against(case, payout):
        return refused([step_fault(code, "/payout_reference")])
    tx.add_recall(
        case.episode_id,
        reference,
        asked.number,
        asked.reason.value,
        case.stored.key_id,
        case.at,
        state="needless" if unsent else "asked",
    )
    if unsent:
        tx.resolve_exceptions(case.episode_id, [TO_APPROVE], case.at, reference)
        cancel_unsent(tx, case.episode_id, payout, asked.reason.value, case.at)
    else:
        details = {"bank": payout.bank}
        tx.open_exception(case.episode_id, RECALLED, reference, details, case.at)
    body = {
        "episode_id": case.episode_id,
        "payout_reference": reference,
        "status": "cancelled" if unsent else "asked",
    }
    return Outcome(200 if unsent else 202, body)


def _against(case: Case, payout: PayoutRow) -> str:
    """The code of what stands against asking the bank; empty: nothing does."""
    if payout.recall is not None:
        return "PAYOUT_RECALLED_BEFORE"
    if payout.state == "credited" or payout.settled_at is not None:
        return "PAYOUT_SETTLED"
    if payout.state in DEAD:
        return "PAYOUT_OVER"
    if not case.world.bank_habits[payout.bank].recalls:
        return "BANK_TAKES_NO_RECALL"
    return ""
