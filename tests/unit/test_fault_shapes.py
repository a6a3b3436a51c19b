"""Faults of shape: amounts, moments, members; and that no input breaks the judge."""

from __future__ import annotations

import copy
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.fault_sentences import FAULT_TEXTS
from crossclaim.domain.faults import SHAPES, read_submission
from crossclaim.domain.submission import SubmissionKind
from tests.unit.faulty import IN_STAY, REFERENCE, example, found

EPISODE, BILL = SubmissionKind.EPISODE, SubmissionKind.BILL


def cny(amount: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


@pytest.mark.parametrize(
    ("amount", "faults"),
    [
        (cny("1.234"), {("/total", "AMOUNT_NOT_EXACT")}),
        (cny(51850.50), {("/total", "AMOUNT_NOT_EXACT")}),
        (cny("1e3"), {("/total", "AMOUNT_NOT_EXACT")}),
        (cny("٥"), {("/total", "AMOUNT_NOT_EXACT")}),
        (cny("0051850.50"), {("/total", "AMOUNT_NOT_EXACT")}),
        ("51850.50", {("/total", "AMOUNT_NOT_EXACT")}),
        ({"amount": "51850.50"}, {("/total/currency", "MEMBER_MISSING")}),
        ({"amount": "51850.50", "currency": "USD"}, {("/total/currency", "CURRENCY_UNKNOWN")}),
        ({"amount": "51850.50", "currency": None}, {("/total/currency", "CURRENCY_UNKNOWN")}),
        (
            {"amount_minor": 5185050, "currency": "CNY"},
            {("/total/amount_minor", "MEMBER_UNKNOWN"), ("/total/amount", "MEMBER_MISSING")},
        ),
        (
            {"amount": "1.234", "currency": "USD", "rate": 1},
            {
                ("/total", "AMOUNT_NOT_EXACT"),
                ("/total/currency", "CURRENCY_UNKNOWN"),
                ("/total/rate", "MEMBER_UNKNOWN"),
            },
        ),
    ],
)
def test_an_amount_that_is_not_exact_is_told_with_everything_wrong_in_it(
    amount: Any, faults: set[tuple[str, str]]
) -> None:
    raw = example("episode-1-bill-final") | {"total": amount}
    assert found(BILL, raw, IN_STAY) == faults


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("1710000000", "TIME_NOT_VALID"),
        (1710000000, "TIME_NOT_VALID"),
        ("2026-03-14", "TIME_NOT_VALID"),
        ("2026-03-14T10:30:00", "TIME_WITHOUT_ZONE"),
        ("0001-01-01T00:00:00+14:00", "DATE_OUT_OF_RANGE"),
        ("9999-12-31T23:59:59-12:00", "DATE_OUT_OF_RANGE"),
    ],
)
def test_a_moment_is_of_rfc_3339_with_an_offset_in_living_memory(moment: Any, code: str) -> None:
    assert found(SubmissionKind.ADMISSION, {"admitted_at": moment}) == {("/admitted_at", code)}


def test_every_sentence_says_something_else_in_each_language_with_the_same_values() -> None:
    for code, texts in FAULT_TEXTS.items():
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in texts
        ]
        assert fields[0] == fields[1] == fields[2], code
        assert len(set(texts)) >= 2, code
        assert texts[0].isascii() and not texts[1].isascii(), code


@pytest.mark.parametrize("kind", list(SHAPES))
def test_an_empty_submission_misses_every_required_member(kind: SubmissionKind) -> None:
    required = {name for name, f in SHAPES[kind].model_fields.items() if f.is_required()}
    missing = {pointer[1:] for pointer, code in found(kind, {}) if code == "MEMBER_MISSING"}
    assert missing == required


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def _places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    return [path, *(p for step, child in steps for p in _places(child, (*path, step)))]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_any_place_is_judged_without_an_error(data: st.DataObject) -> None:
    kind, name = data.draw(
        st.sampled_from([(EPISODE, "episode-1-inpatient"), (BILL, "episode-1-bill-final")])
    )
    raw = copy.deepcopy(example(name))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(_places(raw)[1:]))
        node = raw
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = data.draw(_JSON)
    model, faults = read_submission(kind, raw, REFERENCE, IN_STAY)
    assert model is not None or faults
    for fault in faults:
        assert isinstance(fault.text, Sentence)


def test_what_a_bill_says_of_covers_is_judged_place_by_place() -> None:
    raw = example("episode-1-bill-final")
    raw["cover_facts"] = {
        "1": {"order": 0, "covered_since": "2026-01-02", "covered_until": "2026-01-01"},
        "2": {"annual_benefit_used": {"amount": "1.00", "currency": "CNY"}, "deductible": 1},
        "one": {},
    }
    assert found(BILL, raw, IN_STAY) == {
        ("/cover_facts/1/order", "NUMBER_OUT_OF_RANGE"),
        ("/cover_facts/1/covered_until", "COVER_ENDS_BEFORE_IT_BEGINS"),
        ("/cover_facts/2/annual_benefit_used/currency", "COVER_COUNTED_IN_HKD"),
        ("/cover_facts/2/deductible", "MEMBER_UNKNOWN"),
        ("/cover_facts/one", "CODE_FORM"),
    }
