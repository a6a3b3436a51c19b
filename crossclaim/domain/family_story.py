"""The story of one family binding in sentences, told from its rows alone; names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.family_binding import (
    BindingEvent,
    BindingHabits,
    BindingRow,
    standing_of_binding,
)
from crossclaim.domain.family_office import OFFICE_REASONS
from crossclaim.domain.family_sight import SharedUse
from crossclaim.domain.family_story_sentences import (
    CALLS,
    CHANNELS,
    EVENTS,
    EXCEPTIONS,
    OUTCOMES,
    USES,
    WAITS,
)
from crossclaim.domain.sentence_words import WORDS
from crossclaim.domain.story_phrase import filled, plain, sentence_of


class StateFact(Frozen):
    state: str
    event: str
    reason: str
    at: datetime


class AttemptFact(Frozen):
    operation: str
    attempt: int
    at: datetime
    outcome: str
    code: str


class ExceptionFact(Frozen):
    code: str
    details: dict[str, str]
    at: datetime
    resolved_at: datetime | None


class BindingStory(Frozen):
    """Everything that the story is told from."""

    row: BindingRow
    states: list[StateFact]
    attempts: list[AttemptFact]
    exceptions: list[ExceptionFact]
    uses: list[SharedUse] = []


class StoryLine(Frozen):
    at: datetime
    kind: str
    text: Sentence


class ToldBinding(Frozen):
    binding_id: str
    state: str
    lines: list[StoryLine]
    waiting: Sentence
    waiting_for: str


def tell_binding(story: BindingStory, habits: BindingHabits, now: datetime) -> ToldBinding:
    """Every fact by its time, then what it waits for."""
    lines = [*_states(story), *_attempts(story), *_exceptions(story), *_uses(story)]
    lines.sort(key=lambda line: line.at)
    standing = standing_of_binding(story.row, habits, now)
    return ToldBinding(
        binding_id=story.row.id,
        state=story.row.state.value,
        lines=lines,
        waiting=sentence_of(WAITS[standing.waiting_for]),
        waiting_for=standing.waiting_for,
    )


def reason_sentence(code: str) -> Sentence:
    """A reason of the office in words; a code that nobody has told us as it is."""
    known = OFFICE_REASONS.get(code)
    return plain(code) if known is None else sentence_of(known)


def _states(story: BindingStory) -> Iterator[StoryLine]:
    row = story.row
    for fact in story.states:
        event = fact.event
        if event == BindingEvent.UNBIND_ASKED and row.bound_on is None:
            event = "withdrawn"
        text = filled(
            EVENTS[event],
            channel=sentence_of(CHANNELS[row.channel]),
            number=row.number,
            relation=sentence_of(WORDS[row.relation]),
            bound_on=row.bound_on or "",
            ended_on=row.ended_on or "",
            reason=reason_sentence(fact.reason),
        )
        yield StoryLine(at=fact.at, kind=fact.state, text=text)
        if event == BindingEvent.APPLIED and row.replaces:
            text = filled(EVENTS["replaces"], replaces=row.replaces)
            yield StoryLine(at=fact.at, kind="replaces", text=text)
    if row.office_told_at is not None:
        yield StoryLine(at=row.office_told_at, kind="told", text=sentence_of(EVENTS["told"]))


def _attempts(story: BindingStory) -> Iterator[StoryLine]:
    for attempt in story.attempts:
        call = sentence_of(CALLS[attempt.operation])
        text = filled(OUTCOMES[attempt.outcome], call=call, code=attempt.code)
        capital = f"{text.en[:1].upper()}{text.en[1:]}"
        yield StoryLine(at=attempt.at, kind="call", text=text.model_copy(update={"en": capital}))


def _uses(story: BindingStory) -> Iterator[StoryLine]:
    """Days and amounts: who reads this history may be either of the two."""
    for use in story.uses:
        kind = "given_back" if use.reversal else "taken_from_account"
        yield StoryLine(at=use.at, kind=kind, text=filled(USES[kind], amount=use.amount))


def _exceptions(story: BindingStory) -> Iterator[StoryLine]:
    for exception in story.exceptions:
        known = EXCEPTIONS.get(exception.code)
        text = plain(exception.code) if known is None else sentence_of(known)
        yield StoryLine(at=exception.at, kind="exception", text=text)
