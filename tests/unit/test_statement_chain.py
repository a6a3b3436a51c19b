"""Statements that follow each other cover an account; one that is missing is seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crossclaim.domain.statement_chain import Link, StatementFault, breaks, covered_until

BEGIN = datetime(2025, 10, 13, 16, tzinfo=UTC)


def link(day: int, *, number: int | None = None, short: int = 0) -> Link:
    return Link(
        id=day,
        number=number,
        covers_from=BEGIN + timedelta(days=day),
        covers_to=BEGIN + timedelta(days=day + 1, seconds=-short),
        opening_minor=100,
        closing_minor=100,
    )


def test_a_day_is_missing_between_two_statements_without_numbers_and_equal_balances() -> None:
    """Their balances agree: on the missing day as much may have come as gone."""
    first, third = link(1), link(3)
    assert [b.fault for b in breaks([first, third])] == [StatementFault.GAP]
    assert covered_until([first, third]) == first.covers_to
    assert covered_until([first, third], frozenset({"1-3"})) == third.covers_to
    assert breaks([first, link(2), third]) == []


@pytest.mark.parametrize("short", [0, 1, 59])
def test_days_that_end_a_moment_before_the_next_follow_each_other(short: int) -> None:
    assert breaks([link(1, short=short), link(2)]) == []


def test_numbers_tell_of_days_on_which_a_bank_makes_no_statement() -> None:
    assert breaks([link(1, number=7), link(4, number=8)]) == []
