"""Tells of exceptions, closings, and of what only a run's history knows: tries, stops, restarts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.records import CLOSED_CONSENT_WITHDRAWN, CLOSED_STATUSES
from crossclaim.domain.standing_examination import EXAMINATION
from crossclaim.domain.story_claim import decided_at
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.story_facts import ExceptionFact, PendingStep, RunEvent, RunFacts, Runs
from crossclaim.domain.story_line import Scene, StoryLine, line, reason, reasons, word
from crossclaim.domain.story_phrase import Value, sentence_of
from crossclaim.domain.story_to_do import TO_DO
from crossclaim.domain.story_words import STEPS

_STEP_OPERATIONS = {
    "look_up_voucher": "look-up",
    "claim_voucher": "claim",
    "void_voucher": "void",
    "check_eligibility": "eligibility",
    "request_guarantee": "guarantee",
    "inquire_guarantee": "guarantee-inquiry",
    "release_guarantee": "release",
    "cancel_guarantee": "cancel",
    "request_guarantee_change": "guarantee",
    "inquire_guarantee_change": "guarantee-inquiry",
    "tell_guarantee_end": "release",
    "submit_claim": "claim",
    "take_back_claim": "withdraw",
    "inquire_claim": "claim-inquiry",
    "look_up_pay_later": "payer-look-up",
    "charge_pay_later": "charge",
    "refund_pay_later": "charge-refund",
    "take_payment": "payment",
    "refund_tender": "refund",
    "fetch_records": "record-request",
    "look_up_insured": "person",
    "discharge_insured": "discharge",
    "take_back_stay": "stay_back",
    "quote_settlement": "quote",
    "settle_bill": "settle",
    "inquire_settlement": "reversal",
    "cancel_settlement": "cancel",
}
"""Steps whose attempts have rows of their own, which tell more than the history does."""


def tell_staff_notes(scene: Scene) -> Iterator[StoryLine]:
    for note in scene.facts.staff_notes:
        who = note.organisation_id
        source = f"staff_note/{note.id}"
        yield line(f"staff_{note.kind}", note.recorded_at, who, source, staff=scene.name(who))


def tell_exceptions(scene: Scene) -> Iterator[StoryLine]:
    for exception in scene.facts.exceptions:
        values: dict[str, Value] = {
            "what": word(EXCEPTIONS, exception.code),
            "reference": exception.reference or exception.code,
        }
        at, source = _opened(scene, exception), f"exception_item/{exception.id}"
        given = str(exception.details.get("code") or exception.details.get("reason") or "")
        if given:
            why = reasons(given)
            yield line("exception_opened_code", at, "crossclaim", source, reason=why, **values)
        else:
            yield line("exception_opened", at, "crossclaim", source, **values)
        if exception.resolved_at is not None:
            done = _settled(scene, exception, max(at, exception.resolved_at))
            yield line("exception_resolved", done, "crossclaim", source, **values)
        elif exception.code in TO_DO:
            do = sentence_of(TO_DO[exception.code])
            yield line("exception_to_do", at, "crossclaim", source, do=do)


def _opened(scene: Scene, exception: ExceptionFact) -> datetime:
    """Not before the answer that was its cause."""
    at = max(exception.opened_at, scene.facts.episode.recorded_at)
    for bill in scene.facts.bills:
        if bill.id == exception.reference:
            at = max(at, bill.recorded_at)
    answers = (
        attempt.finished_at
        for attempt in scene.facts.attempts
        if attempt.reference == exception.reference and attempt.finished_at is not None
    )
    caused = [finished for finished in answers if finished >= at]
    if caused:
        return min(caused)
    for claim in scene.facts.claims:
        if claim.reference == exception.reference and exception.code not in EXAMINATION:
            at = max(at, decided_at(scene, claim) or at)
    for guarantee in scene.facts.guarantees:
        if guarantee.id == exception.reference:
            at = scene.answered_at(guarantee.reference, at)
    return at


def _settled(scene: Scene, exception: ExceptionFact, at: datetime) -> datetime:
    """Not before the answer that settled it."""
    answers = (
        attempt.finished_at
        for attempt in scene.facts.attempts
        if (attempt.reference, attempt.outcome) == (exception.reference, "answered")
        and attempt.finished_at is not None
        and attempt.started_at >= exception.opened_at
    )
    return max([at, *sorted(answers)[:1]])


def tell_closings(scene: Scene, runs: Runs) -> Iterator[StoryLine]:
    """The episode's own row knows the newest closing, the histories those before. A run that is
    archived but cannot be read has ended with one, shortly before its archive's row.
    """
    episode, closed_at = scene.facts.episode, scene.facts.episode.closed_at
    released = [
        scene.answered_at(f"{g.reference}R", g.released_at)
        for g in scene.facts.guarantees
        if g.released_at is not None
    ]
    earlier = [
        (event.at, f"run/{run.run_id}/{event.event_id}")
        for run in runs.runs
        for event in run.events
        if event.kind == "closed"
    ]
    read = {run.run_id for run in runs.runs}
    earlier += [
        (archive.recorded_at, f"history_archive/{archive.run_id}")
        for archive in scene.facts.archives
        if archive.run_id not in read and archive.events
    ]
    for at, source in earlier:
        if closed_at is None or at < closed_at:
            yield line("closed", at, "crossclaim", source)
    if closed_at is not None and episode.status in CLOSED_STATUSES:
        withdrawn = episode.status == CLOSED_CONSENT_WITHDRAWN
        kind = "closed_consent_withdrawn" if withdrawn else "closed"
        paid = [tender.recorded_at for tender in scene.facts.tenders]
        yield line(kind, max([closed_at, *released, *paid]), "crossclaim", "episode")


def tell_runs(scene: Scene, runs: Runs) -> Iterator[StoryLine]:
    for number, run in enumerate(runs.runs):
        kind = "run_resumed" if number else "run_started"
        yield line(kind, run.started_at, "crossclaim", f"run/{run.run_id}/1")
        for event in run.events:
            if event.kind != "closed":
                yield from _event(scene, run, event)


def _event(scene: Scene, run: RunFacts, event: RunEvent) -> Iterator[StoryLine]:
    source = f"run/{run.run_id}/{event.event_id}"
    if event.kind == "step_failed":
        step, why = step_phrase(event.step), reason(event.code)
        yield line(event.kind, event.at, "crossclaim", source, step=step, reason=why)
    elif event.kind != "step_retried":
        yield line(event.kind, event.at, "crossclaim", source)
    elif not _told_by_rows(scene, event):
        yield line(
            "step_retried",
            event.at,
            "crossclaim",
            source,
            step=step_phrase(event.step),
            number=event.attempts,
            reason=reason(event.code),
        )


def _told_by_rows(scene: Scene, event: RunEvent) -> bool:
    operation = _STEP_OPERATIONS.get(event.step)
    return any(
        a.operation == operation and a.attempt >= event.attempts for a in scene.facts.attempts
    )


def tell_pending(runs: Runs, now: datetime) -> Iterator[StoryLine]:
    """What runs or waits for its next try at this moment."""
    for run in runs.runs:
        for pending in run.pending:
            text = _pending(pending)
            yield line(text[0], now, "crossclaim", f"run/{run.run_id}/pending", **text[1])


def _pending(pending: PendingStep) -> tuple[str, dict[str, Value]]:
    values: dict[str, Value] = {"step": step_phrase(pending.step)}
    if pending.attempt <= 1:
        return "step_running", values
    values["reason"] = reason(pending.code)
    if pending.next_at is None:
        return "retry_running", {**values, "number": pending.attempt}
    return "retry_pending", {
        **values,
        "number": pending.attempt - 1,
        "next_at": pending.next_at,
    }


def tell_gaps(runs: Runs, now: datetime) -> Iterator[StoryLine]:
    """The story's last lines say what it could not be told from."""
    if runs.archived_elsewhere:
        yield line("archived_elsewhere", now, "crossclaim", "history_archive")
    if runs.archive_silent:
        yield line("archive_silent", now, "crossclaim", "history_archive")
    if runs.engine_silent:
        yield line("engine_silent", now, "crossclaim", "run")


def step_phrase(step: str) -> Sentence:
    return word(STEPS, step)
