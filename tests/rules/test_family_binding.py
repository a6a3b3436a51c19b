"""A family binding moves only along its states, whatever is said, in whatever order, how often."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.family_binding import (
    AFTER_UNBINDING,
    CONTRADICTS,
    LIVE,
    LOST_THERE,
    NOT_USABLE,
    BindingEvent,
    BindingHabits,
    BindingRow,
    BindingState,
    binding_of,
    moved,
    office_said,
    reference_of,
    standing_of_binding,
    unbind_asked,
)
from crossclaim.domain.family_office import OfficeAnswer, OfficeState
from crossclaim.domain.family_sight import SharedUse, Side, may_read_visit, seen_by
from crossclaim.domain.money import fen
from tests.rules.family_scene import AT, REFERENCE, applied, later, made, said

HABITS = BindingHabits()
ALLOWED = {
    BindingState.APPLIED: {
        BindingState.UNDER_REVIEW,
        BindingState.BOUND,
        BindingState.REFUSED,
        BindingState.UNBOUND,
    },
    BindingState.UNDER_REVIEW: {BindingState.BOUND, BindingState.REFUSED, BindingState.UNBOUND},
    BindingState.BOUND: {BindingState.UNBOUND},
    BindingState.REFUSED: set(),
    BindingState.UNBOUND: set(),
}
WORDS = st.one_of(
    st.just("unbind"),
    st.builds(
        said,
        st.sampled_from(["under_review", "approved", "refused", "ended"]),
        st.integers(2, 6),
        st.sampled_from(["", "RELATION_NOT_PROVEN"]),
    ),
    st.just(OfficeAnswer(reference=REFERENCE, state=OfficeState.NOT_FOUND)),
)


def heard(row: BindingRow, word: Any) -> BindingRow:
    at = later(4)
    return made(row, unbind_asked(row, at) if word == "unbind" else office_said(row, word, at))


def test_every_move_of_the_table_is_one_that_the_states_allow() -> None:
    for state in BindingState:
        for event in BindingEvent:
            to = moved(state, event)
            assert to is None or to in ALLOWED[state], (state, event)


@given(st.lists(WORDS, max_size=12))
def test_whatever_is_said_a_binding_only_moves_forward_and_its_days_never_change(
    words: list[Any],
) -> None:
    row = applied()
    for word in words:
        after = heard(row, word)
        assert after.state is row.state or after.state in ALLOWED[row.state]
        if row.bound_on is not None:
            assert after.bound_on == row.bound_on
        if row.ended_on is not None:
            assert after.ended_on == row.ended_on
        assert (after.state is BindingState.UNBOUND) == (after.ended_on is not None)
        assert (after.state is BindingState.BOUND) <= (after.bound_on is not None)
        row = after


@given(st.lists(WORDS, max_size=8), WORDS)
def test_a_word_said_twice_moves_nothing_the_second_time(words: list[Any], word: Any) -> None:
    row = applied()
    for earlier in words:
        row = heard(row, earlier)
    once = heard(row, word)
    twice = heard(once, word)
    assert (once.state, once.bound_on, once.ended_on, once.reason) == (
        twice.state,
        twice.bound_on,
        twice.ended_on,
        twice.reason,
    )


@given(st.lists(WORDS, max_size=12))
def test_nothing_holds_after_the_family_has_ended_it(words: list[Any]) -> None:
    row = applied()
    ended = False
    for word in words:
        row = heard(row, word)
        ended = ended or (word == "unbind" and row.state is BindingState.UNBOUND)
        if ended:
            assert not row.holds(later(5).date()), row


def naive(row: BindingRow, word: Any) -> BindingRow:
    """Believes the last word: what most forms do that keep a status."""
    states = {"approved": "bound", "refused": "refused", "ended": "unbound"}
    if word == "unbind":
        return row.model_copy(update={"state": BindingState.UNBOUND, "ended_on": date(2026, 3, 6)})
    if word.state.value not in states:
        return row
    bound_on = word.decided_on if word.state is OfficeState.APPROVED else row.bound_on
    state = BindingState(states[word.state.value])
    ended_on = None if state is BindingState.BOUND else row.ended_on
    return row.model_copy(update={"state": state, "bound_on": bound_on, "ended_on": ended_on})


def test_the_naive_twin_is_bound_again_by_a_decision_that_comes_after_the_end() -> None:
    late = said("approved")
    honest, twin = applied(), applied()
    for word in ("unbind", late):
        honest, twin = heard(honest, word), naive(twin, word)
    assert twin.holds(later(5).date())
    assert not honest.holds(later(5).date())


@pytest.mark.parametrize(
    ("words", "exception"),
    [
        ([said("approved"), said("refused")], CONTRADICTS),
        ([said("refused", reason="A"), said("approved")], CONTRADICTS),
        ([said("approved"), said("approved", day=4)], CONTRADICTS),
        ([said("refused", reason="A"), said("refused", reason="B")], CONTRADICTS),
        (["unbind", said("approved")], AFTER_UNBINDING),
        ([said("approved"), "unbind", said("approved")], ""),
        ([said("approved"), said("approved")], ""),
        ([said("approved"), said("under_review")], ""),
        (["unbind", said("refused")], ""),
        ([OfficeAnswer(reference=REFERENCE, state=OfficeState.NOT_FOUND)], LOST_THERE),
        ([OfficeAnswer(reference=REFERENCE, state=OfficeState.APPROVED)], NOT_USABLE),
        ([said("approved", day=1)], NOT_USABLE),
        ([said("approved", day=9)], NOT_USABLE),
    ],
)
def test_only_what_contradicts_the_past_or_makes_no_sense_is_shown_to_a_person(
    words: list[Any], exception: str
) -> None:
    row = applied()
    for word in words[:-1]:
        row = heard(row, word)
    last = words[-1]
    change = office_said(row, last, later(4))
    assert (change.exception, change.state) == (
        exception,
        None if len(words) > 1 or exception else change.state,
    )


def test_a_decision_after_the_end_has_the_office_told_again() -> None:
    row = made(applied(sent_at=AT), unbind_asked(applied(sent_at=AT), later(1)))
    told = row.model_copy(update={"office_told_at": later(2)})
    assert standing_of_binding(told, HABITS, later(2)).closed
    late = made(told, office_said(told, said("approved"), later(4)))
    assert standing_of_binding(late, HABITS, later(4)).tell_due


def test_an_application_that_was_never_sent_needs_no_word_to_the_office() -> None:
    row = made(applied(), unbind_asked(applied(), later(1)))
    assert standing_of_binding(row, HABITS, later(1)).closed


def test_a_silent_review_is_asked_about_every_three_days_and_a_binding_once_a_year() -> None:
    review = applied(state=BindingState.UNDER_REVIEW, sent_at=AT, asked_at=AT)
    assert standing_of_binding(review, HABITS, later(2.9)).look_again_at == later(3)
    assert standing_of_binding(review, HABITS, later(3)).ask_due
    bound = applied(state=BindingState.BOUND, bound_on=date(2026, 3, 3), asked_at=later(1))
    assert standing_of_binding(bound, HABITS, later(365.9)).look_again_at == later(366)
    assert standing_of_binding(bound, HABITS, later(366)).ask_due
    never = HABITS.model_copy(update={"recheck_every_s": 0})
    waiting = standing_of_binding(bound, never, later(5000))
    assert (waiting.look_again_at, waiting.ask_due, waiting.closed) == (None, False, False)


def test_it_holds_from_the_day_of_approval_until_the_day_before_it_ends() -> None:
    row = heard(applied(), said("approved"))
    assert [row.holds(date(2026, 3, day)) for day in (2, 3, 4)] == [False, True, True]
    ended = made(row, unbind_asked(row, later(8)))
    assert [ended.holds(date(2026, 3, day)) for day in (3, 9, 10)] == [True, True, False]


def test_a_reference_leads_back_to_its_binding_and_a_foreign_one_to_none() -> None:
    binding = applied().id
    assert binding_of(reference_of(binding)) == binding
    assert binding_of("anything") == "fb_"


def test_the_authoriser_sees_days_and_amounts_and_never_whose_bill_or_why() -> None:
    uses = [
        SharedUse(bill_id="bi_1", version=1, reversal=False, amount=fen(12600), at=AT),
        SharedUse(bill_id="bi_1", version=1, reversal=True, amount=fen(12600), at=later(1)),
    ]
    authoriser, user = seen_by(Side.AUTHORISER, uses), seen_by(Side.USER, uses)
    assert [(u.on, u.amount, u.given_back) for u in authoriser] == [
        (date(2026, 3, 2), fen(12600), False),
        (date(2026, 3, 3), fen(12600), True),
    ]
    assert {u.bill_id for u in authoriser} == {""}
    assert {u.bill_id for u in user} == {"bi_1"}
    assert (may_read_visit(Side.AUTHORISER), may_read_visit(Side.USER)) == (False, True)


def test_live_states_are_those_that_can_still_end() -> None:
    assert {s for s in BindingState if moved(s, BindingEvent.UNBIND_ASKED)} == set(LIVE)
