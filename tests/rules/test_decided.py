"""Promises for any decision of any of two insurers: sums, cost, the locked amount, the order."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.cover import Cover
from crossclaim.domain.decided import as_split, confirmed_by, redivided
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.party import AnswerState, ClaimAnswer, LineDecision
from crossclaim.domain.submission import FunderKind
from tests.rules.test_insurers_link import FACTS, split
from tests.rules.test_insurers_twins import PLANS, pair

FIRST, SECOND = "first-life", "second-life"
BILL_FEN = 5_200_000
BILL_HK_CENTS = 5_683_060


def answer(cents: int, lines: list[int] | None = None) -> ClaimAnswer:
    return ClaimAnswer(
        reference="CL1",
        state=AnswerState.PARTIAL if cents else AnswerState.DENIED,
        benefit=hk_cents(cents),
        lines=[LineDecision(line=n, benefit=hk_cents(c)) for n, c in enumerate(lines or [], 1)],
    )


def decided_by(
    result: AllocationResult, covers: list[Cover], organisation: str, decision: ClaimAnswer
) -> tuple[AllocationResult, list[Cover]]:
    own = confirmed_by(result, organisation, decision)
    locked = [
        one.model_copy(update={"confirmed": own}) if one.organisation == organisation else one
        for one in covers
    ]
    return redivided(result, FACTS, locked, PLANS), locked


def conserved(result: AllocationResult) -> None:
    assert not result.faults
    assert sum(t.amount.amount_minor for t in result.totals) == BILL_FEN
    assert all(s.amount.amount_minor >= 0 for s in result.shares)
    for line in FACTS.bill.lines:
        parts = [s.amount.amount_minor for s in result.shares if s.line == line.number]
        assert sum(parts) == line.amount.amount_minor
    for one in result.totals:
        key = (one.funder, one.organisation)
        own = [s.amount.amount_minor for s in result.shares if (s.funder, s.organisation) == key]
        assert sum(own) == one.amount.amount_minor
    later = sum(t.amount.amount_minor for t in result.later)
    assert later <= result.of(FunderKind.PATIENT).amount_minor


CENTS = st.integers(0, 2 * BILL_HK_CENTS)
SINCE = st.sampled_from([date(2026, 3, 11), date(2025, 3, 11), date(2024, 3, 11), date(2020, 1, 1)])
LIMIT = st.sampled_from([None, 0, 1, 1_000_000, 9_000_000])


def scene(since: date, limit: int | None) -> tuple[AllocationResult, list[Cover]]:
    covers = pair(since)
    if limit is not None:
        guarantee = {"guarantee_limit": hk_cents(limit)}
        covers = [one.model_copy(update=guarantee) for one in covers]
    return split(covers), list(covers)


@settings(max_examples=60, deadline=None)
@given(first=CENTS, second=CENTS, since=SINCE, limit=LIMIT)
def test_whatever_both_decide_every_fen_of_every_line_is_carried_once(
    first: int, second: int, since: date, limit: int | None
) -> None:
    forecast, covers = scene(since, limit)
    after_one, locked = decided_by(forecast, covers, FIRST, answer(first))
    conserved(after_one)
    own = as_split(after_one, FIRST)
    assert own.direct_benefit == hk_cents(min(first, 9_000_000 if limit is None else limit))
    assert own.paid.amount_minor <= BILL_FEN
    after_both, _ = decided_by(after_one, locked, SECOND, answer(second))
    conserved(after_both)
    assert as_split(after_both, FIRST).paid == own.paid
    assert own.paid.amount_minor + as_split(after_both, SECOND).paid.amount_minor <= BILL_FEN


@settings(max_examples=25, deadline=None)
@given(less=CENTS, more=CENTS, since=SINCE)
def test_the_more_the_first_pays_the_less_the_second_pays(
    less: int, more: int, since: date
) -> None:
    less, more = sorted((less, more))
    forecast, covers = scene(since, None)
    paid = [
        as_split(decided_by(forecast, covers, FIRST, answer(cents))[0], SECOND).paid
        for cents in (less, more)
    ]
    assert paid[0] >= paid[1]


def test_a_decision_as_forecast_changes_no_figure() -> None:
    forecast, covers = scene(date(2024, 3, 11), None)
    after, _ = decided_by(forecast, covers, FIRST, answer(3_000_000))
    assert [t.amount for t in after.totals] == [t.amount for t in forecast.totals]


def test_the_decisions_lines_are_its_weights_and_the_second_fills_the_rest() -> None:
    forecast, covers = scene(date(2020, 1, 1), None)
    count = len(FACTS.bill.lines)
    on_the_last = answer(100_000, [0] * (count - 1) + [100_000])
    after, _ = decided_by(forecast, covers, FIRST, on_the_last)
    conserved(after)
    own = {s.line: s.amount for s in after.shares if s.organisation == FIRST}
    assert [line for line, amount in own.items() if amount > fen(0)] == [
        FACTS.bill.lines[-1].number
    ]


def test_terms_of_the_first_stay_those_that_it_was_judged_by() -> None:
    forecast, covers = scene(date(2024, 3, 11), 1_000_000)
    after, _ = decided_by(forecast, covers, FIRST, answer(1))
    assert [(c.organisation, c.direct_limit, c.rate) for c in after.covers] == [
        (c.organisation, c.direct_limit, c.rate) for c in forecast.covers
    ]
