"""One indicator by month with its growth, and by insurer, hospital and city."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.figure_parts import MONTHS_SHOWN, PlaceFigure, by_month, parted, told_percent
from crossclaim.domain.figures import DEFINITIONS, NAMES, Indicator


def place(month: str, good: int, all_: int, hospital: str = "a", insurer: str = "i") -> PlaceFigure:
    return PlaceFigure(
        indicator=Indicator.DIRECT_BILLING,
        month=month,
        insurer=insurer,
        hospital=hospital,
        all=all_,
        good=good,
    )


def test_growth_is_against_the_month_before_and_the_same_month_a_year_before() -> None:
    places = [place("2025-03", 100, 200), place("2026-02", 120, 200), place("2026-03", 187, 300)]
    months = by_month(places)
    assert [one.name for one in months][-2:] == ["2026-02", "2026-03"]
    march = months[-1]
    assert (march.growth, march.growth_year) == (558, 870), "55.8 % and, as its insurer says, 87 %"
    assert (march.percent, told_percent(-558)) == ("62.3 %", "-55.8 %")
    assert (months[-2].growth, months[0].growth_year) == (None, None), "nothing to compare with"


def test_months_without_anything_stand_between_and_no_more_than_thirteen_are_shown() -> None:
    months = by_month([place("2024-01", 1, 1), place("2026-01", 1, 2)])
    assert len(months) == MONTHS_SHOWN
    assert (months[0].name, months[-1].name) == ("2025-01", "2026-01")
    assert sum(one.all for one in months) == 2
    assert by_month([]) == []


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 9)), max_size=20
    )
)
def test_parts_add_up_to_the_whole_whichever_way_they_are_taken(
    rows: list[tuple[str, str, int]],
) -> None:
    places = [place("2026-01", n, n + 1, hospital, insurer) for hospital, insurer, n in rows]
    for parts in (
        parted(places, lambda one: one.hospital),
        parted(places, lambda one: one.insurer),
        by_month(places),
    ):
        assert sum(part.all for part in parts) == sum(one.all for one in places)
        assert sum(part.good for part in parts) == sum(one.good for one in places)


@pytest.mark.parametrize("indicator", Indicator)
def test_every_indicator_has_its_name_and_definition_in_three_languages(
    indicator: Indicator,
) -> None:
    for english, traditional, simplified in (NAMES[indicator], DEFINITIONS[indicator]):
        assert english.isascii() and not traditional.isascii() and not simplified.isascii()
