"""Cutting an amount over lines loses no unit and overfills no line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.spread import fill, largest_remainder

WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=30)


@given(st.integers(0, 10**10), WEIGHTS.filter(any))
def test_parts_add_up_and_differ_from_the_proportion_by_less_than_one(
    amount: int, weights: list[int]
) -> None:
    parts = largest_remainder(amount, weights)
    whole = sum(weights)
    assert sum(parts) == amount
    assert all(
        abs(part * whole - amount * weight) < whole
        for part, weight in zip(parts, weights, strict=True)
    )
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(WEIGHTS, st.data())
def test_filling_adds_up_and_never_exceeds_a_line(rooms: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(rooms)))
    weights = data.draw(st.lists(st.integers(0, 10**9), min_size=len(rooms), max_size=len(rooms)))
    parts = fill(amount, weights, rooms)
    assert sum(parts) == amount
    assert all(0 <= part <= room for part, room in zip(parts, rooms, strict=True))


def test_ties_go_to_the_first_line() -> None:
    assert largest_remainder(2, [1, 1, 1]) == [1, 1, 0]


def test_what_a_full_line_cannot_take_goes_to_the_weighted_ones_first() -> None:
    assert fill(100, [90, 10, 0], [50, 60, 60]) == [50, 50, 0]
    assert fill(115, [90, 10, 0], [50, 60, 60]) == [50, 60, 5]


@pytest.mark.parametrize(("amount", "weights"), [(1, [0, 0]), (1, []), (-1, [1]), (1, [2, -1])])
def test_an_amount_that_cannot_be_spread_raises(amount: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="spread"):
        largest_remainder(amount, weights)


def test_more_than_all_rooms_hold_raises() -> None:
    with pytest.raises(ValueError, match="no room"):
        fill(11, [1, 1], [5, 5])
