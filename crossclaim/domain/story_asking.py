"""Tells of questions to outside parties, attempt by attempt, and of the letter of guarantee."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.money import counted
from crossclaim.domain.story_facts import AttemptFact, GuaranteeFact
from crossclaim.domain.story_line import Scene, StoryLine, line, reason, word
from crossclaim.domain.story_phrase import Value
from crossclaim.domain.story_words import THINGS

_WITH_REASON = {
    "asked_unknown",
    "asked_unknown_reversed",
    "asked_untrue",
    "asked_not_taken",
    "asked_refused",
}
_UNTRUE = {"ANSWER_INCONSISTENT", "ANSWER_UNREADABLE"}
_LOOKS_FIRST = {"guarantee", "claim", "record-request", "record-deposit", "consent-report"}
"""A repeated attempt asks under the old reference before anything is sent again."""


def tell_asking(scene: Scene) -> Iterator[StoryLine]:
    for attempt in scene.facts.attempts:
        yield _attempt(scene, attempt)
    for guarantee in scene.facts.guarantees:
        yield from _guarantee(scene, guarantee)


def _attempt(scene: Scene, attempt: AttemptFact) -> StoryLine:
    kind = _kind(scene, attempt)
    values: dict[str, Value] = {
        "party": scene.name(attempt.party),
        "thing": word(THINGS, _thing(attempt)),
    }
    if kind != "asked_answered":
        values["number"] = attempt.attempt
    if kind in _WITH_REASON:
        values["reason"] = reason(attempt.code)
    source = f"outbound_attempt/{attempt.id}"
    return line(kind, attempt.started_at, attempt.party, source, **values)


def _thing(attempt: AttemptFact) -> str:
    to_vouchers = (attempt.party, attempt.operation) == ("voucher", "claim")
    return "voucher-claim" if to_vouchers else attempt.operation


def _kind(scene: Scene, attempt: AttemptFact) -> str:
    again = attempt.attempt > 1
    match attempt.outcome:
        case "answered" if again and attempt.operation in _LOOKS_FIRST:
            return "asked_again_found"
        case "answered":
            return "asked_again_answered" if again else "asked_answered"
        case "unknown" if (attempt.party, attempt.operation) == ("bureau", "settle"):
            return "asked_unknown_reversed"
        case "refused" if attempt.code in _UNTRUE:
            return "asked_untrue"
        case "unknown" | "not_taken" | "refused":
            return f"asked_{attempt.outcome}"
        case _:
            overtaken = any(
                a.attempt > attempt.attempt
                for a in scene.facts.attempts
                if (a.reference, a.operation) == (attempt.reference, attempt.operation)
            )
            return "asked_interrupted" if overtaken else "asked_open"


def _guarantee(scene: Scene, guarantee: GuaranteeFact) -> Iterator[StoryLine]:
    insurer, source = guarantee.insurer_id, f"guarantee/{guarantee.id}"
    name, opened = scene.name(guarantee.insurer_id), scene.facts.episode.recorded_at
    later = scene.answered_later(guarantee.reference, guarantee.answered_at)
    if later is not None:
        yield line("guarantee_queued", later, insurer, source, insurer=name)
    if guarantee.answered_at is None:
        return
    at = scene.answered_at(guarantee.reference, max(opened, guarantee.answered_at))
    if guarantee.state == "refused":
        why = reason(guarantee.disposition)
        yield line("guarantee_refused", at, insurer, source, insurer=name, reason=why)
        return
    yield line(
        "guarantee_granted",
        at,
        insurer,
        source,
        insurer=name,
        limit=counted(_first_limit(scene, guarantee), guarantee.currency),
        letter=guarantee.number,
        until=guarantee.valid_until or "-",
    )
    rate = guarantee.rate
    if rate is not None:
        yield line(
            "guarantee_rate_own" if rate.fixed_by else "guarantee_rate",
            at,
            "crossclaim",
            source,
            insurer=name,
            currency=rate.currency.value,
            rate=f"{rate.cny_per_hkd.normalize():f}",
            as_of=rate.as_of.date(),
            origin=rate.source,
        )
    if guarantee.released_at is not None:
        kind = f"guarantee_{guarantee.state}"
        letter = "X" if guarantee.state == "cancelled" else "R"
        released = scene.answered_at(f"{guarantee.reference}{letter}", guarantee.released_at)
        yield line(kind, released, insurer, source, insurer=name)


def _first_limit(scene: Scene, guarantee: GuaranteeFact) -> int:
    """What the letter promised before it was raised."""
    raised = (r for r in scene.facts.guarantee_requests if r.guarantee_id == guarantee.id)
    before = next((r.before_minor for r in raised if r.before_minor is not None), None)
    return (guarantee.limit_minor or 0) if before is None else before
