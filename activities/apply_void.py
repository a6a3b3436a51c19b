"""Takes a final bill back: by a void before an insurer was claimed of, by a cancelled settlement at
any time after it, or back to a draft."""

from __future__ import annotations

from collections import Counter

from activities.apply_tender_void import tenders_back
from activities.case import Case, Outcome, refused
from activities.claw_backs import CANCELLATION, order_claw_back, take_off
from activities.guarantee_books import use_guarantees
from activities.payout_intent import TO_APPROVE
from activities.shared_accounts import give_back_accounts
from crossclaim.domain.appeal_clock import BREACH
from crossclaim.domain.bill_locks import TAKEN_WHOLE, reopening_blocks
from crossclaim.domain.bill_orders import CancellationSubmission, ReopeningSubmission
from crossclaim.domain.bill_rows import REOPENED, TWICE, line_of
from crossclaim.domain.ledger import bill_entry_key
from crossclaim.domain.ledger_appeals import lowered_key
from crossclaim.domain.money import fen
from crossclaim.domain.records import BillRow, ClaimRow
from crossclaim.domain.redecision import revisions
from crossclaim.domain.settlement_cancellation import (
    cancellation_of,
    claims_to_end,
    money_out,
    not_ordered,
    to_claw_back,
    told_there,
)
from crossclaim.domain.standing_examination import EXAMINATION
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import VoidSubmission

_OVER_WITH_IT = [
    "BILL_FLAGGED",
    "CLAIM_STOPPED",
    "CLAIM_DENIED",
    "DECISION_DIFFERS",
    "DECISION_NOT_DIVIDED",
    "ANSWER_NOT_USABLE",
    BREACH,
    *EXAMINATION,
]


def apply_void(case: Case) -> Outcome:
    """Takes a bill version back: split, tenders and vouchers are reversed, never erased."""
    void = VoidSubmission.model_validate(case.stored.content)
    found = _standing_bill(case, void.bill_number, void.bill_version)
    if isinstance(found, Outcome):
        return found
    line = line_of(case.rows.bills, found.id)
    own = [c for c in case.rows.claims if c.bill_id in line and c.kind not in TAKEN_WHOLE]
    if any(claim.state != "voided" for claim in own):
        return refused([step_fault("BILL_ALREADY_CLAIMED", "/bill_version")])
    refunds = _taken_back(case, found)
    return _done(case, found, "voided", {"refunds": refunds})


def apply_cancellation(case: Case) -> Outcome:
    """Every due, receipt and report of a settlement is taken back; what is out is ordered back."""
    asked = CancellationSubmission.model_validate(case.stored.content)
    bill = _standing_bill(case, asked.bill_number, asked.bill_version)
    if isinstance(bill, Outcome):
        return bill
    plan = cancellation_of(case.rows, bill)
    if plan.faults:
        return refused(plan.faults)
    steps = [step.model_dump(mode="json") for step in plan.steps]
    return _done(case, bill, "cancelled", {**cancel_bill(case, bill), "reversed": steps})


def cancel_bill(case: Case, bill: BillRow) -> dict[str, object]:
    """What of a bill that nothing blocks is in the house is reversed, the rest ordered back."""
    tx, rows = case.transaction, case.rows
    ended, paid = claims_to_end(rows, bill), to_claw_back(rows, bill)
    for payout in not_ordered(rows, bill):
        tx.change_intent(payout.reference, state="cancelled", closed_at=case.at)
        tx.reverse(case.episode_id, f"payout:{payout.reference}", case.at)
        tx.resolve_exceptions(case.episode_id, [TO_APPROVE], case.at, payout.reference)
    refunds = _taken_back(case, bill)
    for claim in ended:
        tx.change_claim(claim.id, state="withdrawing" if told_there(rows, claim) else "voided")
        tx.resolve_exceptions(case.episode_id, _OVER_WITH_IT, case.at, claim.reference)
        _reimbursement_back(case, claim)
    _owed_for_nothing(case, bill)
    backs = [
        order_claw_back(tx, tx.rows(case.episode_id), claim, amount, CANCELLATION, case.at)
        for claim, amount in paid
    ]
    told = [
        {"reference": b.reference, "payee": b.payee, "amount": fen(b.amount_minor).model_dump()}
        for b in backs
    ]
    return {"refunds": refunds, "claw_backs": told}


def drop_draft(case: Case, bill: BillRow) -> None:
    """Of an interim bill, which forecasts and owes nothing."""
    _taken_back(case, bill)


def apply_reopening(case: Case) -> Outcome:
    """A final version that nobody has confirmed is a draft again."""
    asked = ReopeningSubmission.model_validate(case.stored.content)
    bill = _standing_bill(case, asked.bill_number, asked.bill_version)
    if isinstance(bill, Outcome):
        return bill
    if bill.status != "final":
        return refused([step_fault("BILL_NOT_FINAL", "/bill_version")])
    blocked = reopening_blocks(case.rows, bill)
    if blocked:
        return refused(blocked)
    _taken_back(case, bill, REOPENED)
    for claim in (c for c in case.rows.claims if c.bill_id == bill.id and c.state == "failed"):
        case.transaction.change_claim(claim.id, state="voided")
    for claim in claims_to_end(case.rows, bill):
        case.transaction.change_claim(claim.id, state="voided")
    return _done(case, bill, "draft", {})


def _standing_bill(case: Case, number: str, version: int) -> BillRow | Outcome:
    bill = case.rows.numbered_bill(number, version)
    if bill is None:
        return refused([step_fault("BILL_UNKNOWN", "/bill_number")])
    if bill.state != "current":
        return refused([step_fault("BILL_NOT_CURRENT", "/bill_version", state=bill.state)])
    return bill


def _taken_back(case: Case, bill: BillRow, state: str = "voided") -> list[dict[str, object]]:
    """The split, what it used of covers and accounts, the tenders, and what is taken whole."""
    tx = case.transaction
    tx.set_bill_state(bill.id, state)
    out_of_the_books(case, bill)
    tx.resolve_exceptions(case.episode_id, ["BILL_FLAGGED"], case.at)
    refunds = tenders_back(case, bill)
    for claim in (c for c in case.rows.claims if c.bill_id == bill.id and c.kind in TAKEN_WHOLE):
        if claim.state in ("due", "submitted", "queued", "approved"):
            tx.change_claim(claim.id, state="voided" if claim.state == "due" else "voiding")
    use_guarantees(tx, tx.rows(case.episode_id), case.at)
    return refunds


def out_of_the_books(case: Case, bill: BillRow) -> None:
    """What the version's newest split posted and used, reversed."""
    tx, allocation = case.transaction, case.rows.allocation(bill.id)
    tx.reverse_cover_use(bill.id, case.at)
    give_back_accounts(tx, bill.id, case.at)
    if bill.status == "final" and allocation is not None:
        tx.reverse(case.episode_id, bill_entry_key(bill.id, allocation.version), case.at)


def _owed_for_nothing(case: Case, bill: BillRow) -> None:
    """What was asked back of money that no payee has, or has no longer, is not owed any more."""
    tx, kinds = case.transaction, {claim.id: claim.kind for claim in case.rows.claims}
    line, left = line_of(case.rows.bills, bill.id), Counter[tuple[str | None, str]]()
    for claim, payout in money_out(case.rows, bill):
        left[claim.organisation_id, claim.kind] += payout.amount_minor
    backs = (b for b in case.rows.claw_backs if b.counts and b.cause != TWICE)
    asked = [b for b in backs if b.bill_id in line]
    for back in sorted(asked, key=lambda b: b.open):
        who = (back.organisation_id, kinds[back.claim_id])
        over = back.amount_minor - max(left[who], 0)
        left[who] -= back.amount_minor
        if back.open and over > 0:
            take_off(tx, tx.rows(case.episode_id), back, over, case.at)


def _reimbursement_back(case: Case, claim: ClaimRow) -> None:
    """What the insurer owed the patient for it, and what that became worth; nothing for others."""
    if claim.kind == "reimbursement":
        less = (r for r in revisions(case.rows, claim.id) if r.change_fen < 0)
        lowered = (lowered_key(claim.reference, r.version) for r in less)
        for key in (f"reimbursement:{claim.reference}", f"drift:{claim.reference}", *lowered):
            case.transaction.reverse(case.episode_id, key, case.at)


def _done(case: Case, bill: BillRow, status: str, more: dict[str, object]) -> Outcome:
    case.transaction.change_episode(case.episode_id, closed_at=None, status="open")
    body = {
        "episode_id": case.episode_id,
        "bill": {"id": bill.id, "number": bill.number, "version": bill.version},
        "status": status,
        **more,
    }
    return Outcome(200, body, changed=False)
