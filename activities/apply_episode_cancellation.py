"""Cancels an episode: every bill's settlement, every letter and draft, as its preview has told."""

from __future__ import annotations

from dataclasses import replace

from activities.apply_void import cancel_bill, drop_draft
from activities.case import Case, Outcome, refused
from activities.withdrawal_ends import end_guarantee
from crossclaim.domain.episode_cancellation import cancellation_plan, drafts, final_bills
from crossclaim.domain.repair_submission import EpisodeCancellation
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission_kind import SubmissionKind

NOTHING_BEGINS = frozenset(
    {
        SubmissionKind.ADMISSION,
        SubmissionKind.DISCHARGE,
        SubmissionKind.BILL,
        SubmissionKind.TENDER,
        SubmissionKind.COVERAGE,
        SubmissionKind.GUARANTEE_REQUEST,
        SubmissionKind.REIMBURSEMENT,
        SubmissionKind.VOUCHER_CONFIRMATION,
        SubmissionKind.PAY_LATER_CONFIRMATION,
        SubmissionKind.RECORD_REQUEST,
        SubmissionKind.APPOINTMENT,
        SubmissionKind.APPEAL,
    }
)
"""Kinds that would begin something in an episode that is cancelled."""


def after_cancellation(case: Case) -> Outcome | None:
    """The refusal of a message that a cancelled episode takes no more; None: it takes it."""
    if case.known is None or not case.known.cancelled or case.stored.kind not in NOTHING_BEGINS:
        return None
    return refused([step_fault("EPISODE_CANCELLED", "")])


def apply_episode_cancellation(case: Case) -> Outcome:
    """All in one transaction: either everything that was shown, or nothing."""
    asked = EpisodeCancellation.model_validate(case.stored.content)
    rows, tx = case.rows, case.transaction
    plan = cancellation_plan(rows)
    if rows.cancelled:
        return refused(plan.faults)
    if asked.effect != plan.effect:
        return refused([step_fault("EPISODE_MOVED_ON", "/effect")])
    if plan.faults:
        return refused(plan.faults)
    told = [_cancelled(case, bill.id) for bill in final_bills(rows)]
    for bill in drafts(rows):
        drop_draft(_now(case), bill)
    for letter in rows.guarantees:
        now = tx.rows(case.episode_id)
        end_guarantee(tx, now, now.letter(letter.id), case.at)
    tx.add_episode_cancellation(
        case.episode_id, asked, case.stored.organisation_id, case.stored.key_id, case.at
    )
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    body = {
        "episode_id": case.episode_id,
        "status": "cancelled",
        "effect": plan.effect,
        "bills": told,
        "reversed": [step.model_dump(mode="json") for step in plan.steps],
    }
    return Outcome(200, body, changed=False)


def _cancelled(case: Case, bill_id: str) -> dict[str, object]:
    """One bill, by the rows as the ones before it left them."""
    now = _now(case)
    bill = now.rows.bill(bill_id)
    return {"number": bill.number, "version": bill.version, **cancel_bill(now, bill)}


def _now(case: Case) -> Case:
    return replace(case, known=case.transaction.rows(case.episode_id))
