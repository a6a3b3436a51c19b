"""Tells what an episode waits for: who and what, since when, and when it is looked at again."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.information_standing import open_requests
from crossclaim.domain.money import fen
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import Standing, patient_share
from crossclaim.domain.story_bureau_words import DUE_STEPS
from crossclaim.domain.story_facts import RunFacts, Runs
from crossclaim.domain.story_line import Scene, StoryLine, word
from crossclaim.domain.story_phrase import Value, filled
from crossclaim.domain.story_sentences_transfer import DUE_STEPS as TRANSFER_STEPS
from crossclaim.domain.story_waits import WAITING
from crossclaim.domain.story_words import STEPS

_DUE_STEPS = {
    "voucher_look_up_due": "look_up_voucher",
    "voucher_account_due": "open_voucher_account",
    "voucher_spouse_look_up_due": "look_up_spouse",
    "pay_later_look_up_due": "look_up_pay_later",
    "pay_later_refund_due": "refund_pay_later",
    "pay_later_charge_due": "charge_pay_later",
    "eligibility_due": "check_eligibility",
    "guarantee_due": "request_guarantee",
    "voucher_void_due": "void_voucher",
    "voucher_claim_due": "claim_voucher",
    "voucher_confirm_due": "confirm_voucher",
    "voucher_chase_due": "chase_voucher",
    "claim_decision_due": "decide_claim",
    "claim_due": "submit_claim",
    "payout_due": "reserve_payout",
    "guarantee_release_due": "release_guarantee",
    "voucher_record_due": "print_use_record",
    "closable": "close_episode",
    **DUE_STEPS,
    **TRANSFER_STEPS,
}


class Waiting(Frozen):
    """``until`` is when crossclaim looks again by itself; None: it waits for news alone."""

    code: str
    text: Sentence
    since: datetime
    until: datetime | None = None


def waiting_of(
    scene: Scene, rows: EpisodeRows, standing: Standing, runs: Runs, lines: list[StoryLine]
) -> Waiting | None:
    """None for a closed episode, which waits for nothing."""
    if standing.closed:
        return None
    due = next((s for d, s in _DUE_STEPS.items() if getattr(standing, d)), None)
    if standing.withdrawal is not None and standing.withdrawal.step:
        due = standing.withdrawal.step
    if standing.guarantee is not None and standing.guarantee.step:
        due = due or standing.guarantee.step
    if standing.bill_cycle is not None:
        due = standing.bill_cycle.step
    if standing.information is not None and standing.information.due:
        due = due or "follow_information_request"
    if standing.repair is not None:
        due = standing.repair.step or None
    running = [run for run in runs.runs if run.running]
    due = due or _repeated(scene, running)
    code = "STEP" if due else standing.waiting_for or "NEWS"
    until = next((run.timer_until for run in running if run.timer_until), standing.deadline())
    tries = [p.next_at for run in running for p in run.pending if p.next_at is not None]
    if due:
        until = min(tries, default=None)
    return Waiting(
        code=code,
        text=filled(WAITING.get(code, WAITING["NEWS"]), **_values(scene, rows, standing, due)),
        since=_since(scene, rows, code, lines),
        until=until,
    )


def _repeated(scene: Scene, running: list[RunFacts]) -> str | None:
    """The step that is tried again and again while the window waits for a bill's answer."""
    sent = any(s.kind == "submit_bill" and s.status is None for s in scene.facts.submissions)
    tried = [p.step for run in running for p in run.pending if p.attempt > 1]
    return tried[0] if sent and tried else None


def _values(
    scene: Scene, rows: EpisodeRows, standing: Standing, due: str | None
) -> dict[str, Value]:
    owed = sum(
        max(patient_share(rows, b) - rows.tendered(b.id), 0) for b in rows.bills if b.payable
    )
    payout = standing.payout
    return {
        "insurer": scene.name(standing.insurer),
        "hospital": scene.hospital(),
        "bank": scene.bank(payout.bank if payout else ""),
        "amount": fen(owed),
        "step": word(STEPS, due or "take_stock"),
    }


def _since(scene: Scene, rows: EpisodeRows, code: str, lines: list[StoryLine]) -> datetime:
    """The moment of the question, where one was asked; else of the last thing that happened."""
    asked: list[datetime | None] = []
    if code == "INSURER_GUARANTEE":
        asked = [g.requested_at for g in rows.guarantees]
    elif code == "INSURER_DECISION":
        asked = [c.submitted_at for c in rows.claims if c.state == "queued"]
    elif code.endswith("_DOCUMENTS"):
        asked = [r.asked_at for r in open_requests(rows)]
    elif code.startswith("BANK_"):
        asked = [p.sent_at for p in rows.payouts if p.closed_at is None]
    known = [t for t in asked if t is not None]
    if known:
        return max(known)
    return max((told.at for told in lines), default=scene.facts.episode.recorded_at)
