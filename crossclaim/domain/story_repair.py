"""Tells of holds, a cancellation, and steps that were left out."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.story_facts_repair import HoldFact, SkipFact
from crossclaim.domain.story_line import Scene, StoryLine, line, word
from crossclaim.domain.story_sentences_repair import REASONS
from crossclaim.domain.story_words import STEPS


def tell_repairs(scene: Scene) -> Iterator[StoryLine]:
    for hold in scene.facts.holds:
        yield from _hold(scene, hold)
    for one in scene.facts.cancellations:
        yield line(
            "episode_cancelled",
            one.recorded_at,
            one.organisation_id,
            f"episode_cancellation/{one.number}",
            staff=scene.name(one.organisation_id),
            reason=word(REASONS, one.reason),
        )
    for skip in scene.facts.skips:
        yield from _skip(scene, skip)


def _hold(scene: Scene, hold: HoldFact) -> Iterator[StoryLine]:
    who, source = hold.organisation_id, f"episode_hold/{hold.number}"
    kind = "held_until" if hold.until is not None else "held"
    values = {"staff": scene.name(who), "reason": word(REASONS, hold.reason)}
    if hold.until is not None:
        yield line(kind, hold.recorded_at, who, source, until=hold.until, **values)
    else:
        yield line(kind, hold.recorded_at, who, source, **values)
    if hold.released_at is None:
        return
    if hold.released_organisation:
        by = hold.released_organisation
        yield line("hold_released", hold.released_at, by, source, staff=scene.name(by))
    else:
        yield line("hold_over", hold.released_at, "crossclaim", source)


def _skip(scene: Scene, skip: SkipFact) -> Iterator[StoryLine]:
    who, source = skip.organisation_id, f"step_skip/{skip.number}"
    step = word(STEPS, skip.step)
    yield line(
        "skip_proposed",
        skip.recorded_at,
        who,
        source,
        staff=scene.name(who),
        step=step,
        reason=word(REASONS, skip.reason),
    )
    if skip.approved is not None and skip.decided_at is not None:
        kind = "skip_approved" if skip.approved else "skip_refused"
        yield line(kind, skip.decided_at, who, source, step=step)
