"""An insurer's decision over a split in which other funders stand too, to the fen and the line."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.allocation import AllocationResult, FunderTotal, Share, TraceStep
from crossclaim.domain.money import Currency, fen, hk_cents, total
from crossclaim.domain.party import AnswerState, ClaimAnswer, LineDecision
from crossclaim.domain.reconcile import reconcile_with_decision
from crossclaim.domain.sentences import Reason
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.trace import plain
from tests.rules import facts as given
from tests.rules.test_tables import Case, cases

ROOMS = {1: 100, 2: 900}
VOUCHER = {1: 50, 2: 30}
INSURER = "harbour-life"


def told(day: date) -> TraceStep:
    return plain("allocation:patient", day, Reason.PATIENT_REST, fen(1), {}, amount=fen(1))


def forecast(case: Case) -> AllocationResult:
    amount, cents = case["input"]["forecast"]
    limit = case["input"].get("direct_limit_c")
    patient = {1: 100 - amount, 2: 900}
    shares = [
        *(Share(line=n, funder=FunderKind.VOUCHER, amount=fen(a)) for n, a in VOUCHER.items()),
        Share(line=1, funder=FunderKind.INSURER, organisation=INSURER, amount=fen(amount)),
        Share(line=2, funder=FunderKind.INSURER, organisation=INSURER, amount=fen(0)),
        *(Share(line=n, funder=FunderKind.PATIENT, amount=fen(a)) for n, a in patient.items()),
    ]
    totals = [
        FunderTotal(funder=FunderKind.VOUCHER, amount=fen(80)),
        FunderTotal(
            funder=FunderKind.INSURER,
            organisation=INSURER,
            amount=fen(amount),
            in_funder_currency=hk_cents(cents),
        ),
        FunderTotal(funder=FunderKind.PATIENT, amount=fen(1000 - amount)),
    ]
    return AllocationResult(
        total=fen(1080),
        shares=shares,
        totals=totals,
        rate=given.rate(),
        direct_limit=None if limit is None else hk_cents(limit),
        trace=[told(case["period"]), told(date(2026, 1, 1))],
    )


def decision(case: Case) -> ClaimAnswer:
    lines = case["input"].get("lines_c", [])
    return ClaimAnswer(
        reference="C-1",
        state=AnswerState.APPROVED,
        claim_number="CLM-1",
        benefit=hk_cents(case["input"]["decided_c"]),
        lines=[LineDecision(line=n, benefit=hk_cents(c)) for n, c in enumerate(lines, 1)],
    )


@pytest.mark.parametrize("case", cases("decisions.yaml"))
def test_a_decision_moves_the_insurers_and_the_patients_part_alone(case: Case) -> None:
    found = reconcile_with_decision(forecast(case), decision(case))
    result, wanted = found.result, case["output"]
    by_line = {
        (one.funder, one.line): one.amount.amount_minor
        for one in result.shares
        if one.organisation == (INSURER if one.funder is FunderKind.INSURER else None)
    }
    later = result.later_reimbursement
    figures = {
        "insurer_fen": result.of(FunderKind.INSURER).amount_minor,
        "patient_fen": result.of(FunderKind.PATIENT).amount_minor,
        "later_fen": later.amount.amount_minor if later else 0,
        "difference_c": found.difference.amount_minor,
        "differs": found.differs,
        "lines_differ": found.lines_differ,
        "lines_fen": [by_line[FunderKind.INSURER, line] for line in ROOMS],
    }
    assert {name: figures[name] for name in wanted} == wanted
    assert [one.line for one in result.shares] == [1, 1, 1, 2, 2, 2]
    for line, room in ROOMS.items():
        assert by_line[FunderKind.VOUCHER, line] == VOUCHER[line]
        paid = by_line[FunderKind.INSURER, line] + by_line[FunderKind.PATIENT, line]
        assert paid == room
    assert total((one.amount for one in result.totals), Currency.CNY) == fen(1080)


@pytest.mark.parametrize("case", cases("decisions.yaml"))
def test_a_line_that_the_patient_has_a_rest_of_says_that_the_decision_binds(case: Case) -> None:
    found = reconcile_with_decision(forecast(case), decision(case)).result
    for one in found.shares:
        binds = one.funder is FunderKind.INSURER
        binds |= one.funder is FunderKind.PATIENT and one.amount > fen(0)
        assert one.reasons == (["DECISION_BINDS"] if binds else [])


@pytest.mark.parametrize("case", cases("decisions.yaml"))
def test_the_steps_of_a_decision_stand_behind_those_of_the_split(case: Case) -> None:
    before = forecast(case)
    after = reconcile_with_decision(before, decision(case)).result
    assert after.trace[:2] == before.trace
    limit = case["input"].get("direct_limit_c")
    for step in after.trace[2:]:
        assert (step.rule, step.on) == ("allocation:decision", case["period"])
        assert step.inputs["direct_limit"] == ("none" if limit is None else "HKD 0.50")


def test_a_decision_below_zero_is_refused() -> None:
    case = {"period": date(2026, 3, 11), "input": {"forecast": [100, 110], "decided_c": -1}}
    with pytest.raises(ValueError, match="states no benefit"):
        reconcile_with_decision(forecast(case), decision(case))
