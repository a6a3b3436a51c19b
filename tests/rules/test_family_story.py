"""The story of a family binding: every fact in three languages, by its time, naming nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crossclaim.domain.family_binding import BindingEvent, BindingHabits, BindingState
from crossclaim.domain.family_office import OFFICE_REASONS
from crossclaim.domain.family_story import BindingStory, ToldBinding, reason_sentence, tell_binding
from tests.rules.family_scene import AT, applied, later

STATES = [
    {"state": "applied", "event": "applied", "reason": "", "at": AT},
    {"state": "under_review", "event": "taken", "reason": "", "at": later(0.01)},
    {"state": "bound", "event": "approved", "reason": "", "at": later(2)},
    {"state": "unbound", "event": "unbind_asked", "reason": "", "at": later(400)},
]


def told(states: list[dict[str, Any]], days: float = 500, **row: Any) -> ToldBinding:
    attempts = [
        {"operation": "apply", "attempt": 1, "at": later(0.001), "outcome": "unknown", "code": "X"},
        {"operation": "apply", "attempt": 2, "at": later(0.002), "outcome": "answered", "code": ""},
    ]
    exceptions = [
        {"code": "OFFICE_CONTRADICTS_ITSELF", "details": {}, "at": later(3), "resolved_at": None}
    ]
    story = BindingStory.model_validate(
        {"row": applied(**row), "states": states, "attempts": attempts, "exceptions": exceptions}
    )
    return tell_binding(story, BindingHabits(), later(days))


def whole() -> ToldBinding:
    return told(
        STATES,
        state=BindingState.UNBOUND,
        replaces="fb_old",
        bound_on=date(2026, 3, 4),
        ended_on=date(2027, 4, 6),
        sent_at=AT,
        office_told_at=later(401),
    )


def test_a_whole_life_is_told_in_its_order_with_lost_answers_and_what_a_person_must_look_at() -> (
    None
):
    story = whole()
    assert [line.kind for line in story.lines] == [
        "applied",
        "replaces",
        "call",
        "call",
        "under_review",
        "bound",
        "exception",
        "unbound",
        "told",
    ]
    text = " ".join(line.text.en for line in story.lines)
    for words in (
        "the user is the authoriser's parent",
        "the answer was lost",
        "may be shared from 2026-03-04 on",
        "pays nothing from 2027-04-06 on",
        "The office knows that it has ended.",
    ):
        assert words in text
    assert (story.waiting_for, story.waiting.zh_hans) == ("", "没有待办事项。")


def test_every_line_is_there_in_three_languages_with_every_gap_filled() -> None:
    for line in whole().lines:
        for text in (line.text.en, line.text.zh_hant, line.text.zh_hans):
            assert text
            assert not set("{}") & set(text)
        assert line.text.en != line.text.zh_hant != line.text.zh_hans


@pytest.mark.parametrize("reason", sorted(OFFICE_REASONS))
def test_a_refusal_says_why_in_words(reason: str) -> None:
    refusal = {"state": "refused", "event": "refused", "reason": reason, "at": later(2)}
    story = told([STATES[0], refusal], state=BindingState.REFUSED, reason=reason)
    (line,) = [line for line in story.lines if line.kind == "refused"]
    assert OFFICE_REASONS[reason][0] in line.text.en
    assert OFFICE_REASONS[reason][2] in line.text.zh_hans


def test_a_reason_that_nobody_knows_is_told_as_it_is() -> None:
    assert reason_sentence("NEW_REASON").zh_hant == "NEW_REASON"


def test_an_application_that_is_withdrawn_is_not_called_the_end_of_a_sharing() -> None:
    withdrawn = {**STATES[3], "at": later(1)}
    story = told([STATES[0], withdrawn], state=BindingState.UNBOUND, ended_on=date(2026, 3, 3))
    (line,) = [line for line in story.lines if line.kind == "unbound"]
    assert "before the office had decided" in line.text.en


@pytest.mark.parametrize(
    ("state", "waiting"),
    [
        (BindingState.APPLIED, "OFFICE_RECEIPT"),
        (BindingState.UNDER_REVIEW, "OFFICE_REVIEW"),
        (BindingState.BOUND, "END_OF_SHARING"),
        (BindingState.REFUSED, ""),
    ],
)
def test_what_it_waits_for_is_said_in_words(state: BindingState, waiting: str) -> None:
    story = told(STATES[:1], 1, state=state, asked_at=AT, sent_at=AT)
    assert story.waiting_for == waiting
    assert story.waiting.en and story.waiting.zh_hant


def test_every_event_of_the_machine_has_its_words() -> None:
    for event in BindingEvent:
        fact = {"state": "bound", "event": event.value, "reason": "", "at": AT}
        assert told([fact], state=BindingState.BOUND, bound_on=date(2026, 3, 3)).lines
