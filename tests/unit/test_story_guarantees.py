"""A letter of guarantee in the story: asked for more, a person's hour, raised, ended."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.story_scene import guarantee, in_this_order, minute, rows_of, story_from, texts


def request(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": f"gr_{number}",
        "guarantee_id": "gu_1",
        "reference": f"GU1T{number}",
        "kind": "change",
        "state": "granted",
        "planned_minor": 4_575_000,
        "asked_at": minute(10 * number),
        "answered_at": minute(10 * number + 5),
        "before_minor": 4_000_000,
        "limit_minor": 5_000_000,
        **changes,
    }


def told(letter: dict[str, Any], *requests: dict[str, Any]) -> list[str]:
    facts = rows_of(guarantees=[letter], guarantee_requests=list(requests))
    return texts(story_from(facts))


def test_the_first_limit_is_told_first_and_the_larger_one_with_its_answer() -> None:
    at_desk = {"reasons": ["ABOVE_POLICY_LIMIT"], "due_at": minute(70)}
    lines = told(guarantee(limit_minor=5_000_000), request(1, **at_desk))
    in_this_order(
        lines,
        "guarantees up to HKD 40,000.00",
        "asked Harbour Life Assurance Ltd to guarantee CNY 45,750.00 in all",
        "more than the policy lets the rules promise",
        "now guarantees up to HKD 50,000.00 in all",
    )
    assert any("answers by 2026-03-09 10:10" in line for line in lines)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("refused", "Harbour Life Assurance Ltd guarantees no more than before."),
        ("lapsed", "its letter had ended before the answer"),
    ],
)
def test_what_became_of_a_question_is_told(state: str, sentence: str) -> None:
    asked = request(1, state=state, wanted_until="2026-07-01", limit_minor=None)
    in_this_order(told(guarantee(), asked), "to guarantee until 2026-07-01", sentence)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("expired", "has expired: what no bill uses of it is free"),
        ("withdrawn", "was withdrawn: care given before stays covered"),
        ("released", "was released"),
        ("cancelled", "was cancelled"),
    ],
)
def test_each_end_of_a_letter_has_its_own_sentence(state: str, sentence: str) -> None:
    lines = told(guarantee(state=state, released_at=minute(90)))
    assert any(sentence in line for line in lines), lines
