"""Scenario E12: what a withdrawn consent stops and who pays, decided by the moment of its row."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.withdrawal import (
    Branch,
    Cancelled,
    Data,
    Status,
    Withdrawal,
    WithdrawalFacts,
    withdrawal,
)
from tests.rules import facts as given
from tests.rules import insurer_facts, withdrawal_scene
from tests.rules.payout_scene import at
from tests.rules.test_tables import Case, cases

DAY = insurer_facts.date(2026, 5, 6)
MOMENT = at("2026-05-06 09:00:00")


@pytest.mark.parametrize("case", cases("e12-consent-withdrawn.yaml"))
def test_a_withdrawal_stops_what_it_stops_and_leaves_the_patient_what_the_table_says(
    case: Case,
) -> None:
    wanted, found = dict(case["output"]), withdrawal_scene.figures(case)
    assert found["codes"] == wanted.pop("codes", [])
    assert {name: found[name] for name in wanted} == wanted
    assert found.get("alerts", []) == wanted.get("alerts", [])
    if "trace" in case:
        steps = withdrawal_scene.withdrawn(case).trace
        assert [step.result.split()[0] for step in steps] == case["trace"]
        assert all(step.source for step in steps)


def decide(facts: WithdrawalFacts) -> Withdrawal:
    plan = given.PLANS.find("consent-withdrawal")
    assert plan is not None
    return withdrawal(facts, plan.on(DAY))


SHIFTS = st.one_of(st.none(), st.integers(-400_000, 400_000), st.sampled_from([-1, 0, 1]))


def shifted(seconds: int | None) -> datetime | None:
    return None if seconds is None else MOMENT + timedelta(seconds=seconds)


@st.composite
def withdrawals(draw: st.DrawFn) -> WithdrawalFacts:
    """Any order of moments that a claim can have, any amounts."""
    submitted, decided, paid = (draw(SHIFTS) for _ in range(3))
    bill = draw(st.integers(0, 900_000))
    kinds = [ConsentType.PI_SENSITIVE, ConsentType.CLAIM_AUTH, ConsentType.EHEALTH_SHARE]
    return WithdrawalFacts(
        withdrawn=draw(st.frozensets(st.sampled_from(kinds), min_size=1)),
        withdrawn_at=MOMENT,
        now=MOMENT + timedelta(days=draw(st.integers(0, 60))),
        bill=fen(bill),
        others=fen(draw(st.integers(0, bill))),
        forecast=fen(draw(st.integers(0, 900_000))),
        guarantee_issued=draw(st.booleans()),
        submitted_at=shifted(submitted),
        decided_at=shifted(decided),
        approved=hk_cents(draw(st.integers(0, 900_000))),
        rate=insurer_facts.rate("0.9150", DAY),
        paid_at=shifted(paid),
        emergency=draw(st.booleans()),
        emergency_reason="unconscious",
    )


@settings(max_examples=300, deadline=None)
@hypothesis_given(withdrawals())
def test_whatever_the_moment_the_bill_is_carried_to_the_fen(facts: WithdrawalFacts) -> None:
    found = decide(facts)
    assert not found.faults
    assert found.insurer + found.pending + found.patient + facts.others == facts.bill
    assert min(found.insurer, found.pending, found.patient) >= fen(0)
    if found.status is Status.CLOSED:
        assert found.insurer == found.pending == fen(0)
    if found.branch is not Branch.SHARING_ONLY and not facts.emergency:
        assert Data.MEDICAL not in found.may_send
        assert Cancelled.SENDS in found.cancelled


@settings(max_examples=150, deadline=None)
@hypothesis_given(withdrawals())
def test_a_withdrawal_never_changes_what_was_decided_or_paid_before_it(
    facts: WithdrawalFacts,
) -> None:
    found = decide(facts.model_copy(update={"paid_at": MOMENT}))
    later = decide(facts.model_copy(update={"paid_at": None, "decided_at": MOMENT}))
    if found.branch is not Branch.SHARING_ONLY:
        assert found.branch is Branch.AFTER_PAYOUT and later.branch is Branch.BEFORE_PAYOUT
    assert (found.insurer, found.patient) == (later.insurer, later.patient)
    assert Cancelled.GUARANTEE not in found.cancelled


def test_a_twin_that_goes_by_the_stated_time_of_the_withdrawal_stops_an_approved_payment() -> None:
    stated, decided = at("2026-05-05 12:00:00"), at("2026-05-05 17:00:00")
    facts = WithdrawalFacts(
        withdrawn=frozenset({ConsentType.PI_PROVIDE}),
        withdrawn_at=MOMENT,
        now=MOMENT,
        bill=fen(327500),
        submitted_at=at("2026-05-05 09:00:00"),
        decided_at=decided,
        approved=hk_cents(250000),
        rate=insurer_facts.rate("0.9150", DAY),
        forecast=fen(228750),
    )
    twin = decide(facts.model_copy(update={"withdrawn_at": stated}))
    assert twin.branch is Branch.BEFORE_DECISION and twin.insurer == fen(0)
    assert decide(facts).insurer == fen(228750)


def test_the_reason_of_an_emergency_is_nowhere_in_the_trace() -> None:
    case = next(c.values[0] for c in cases("e12-consent-withdrawn.yaml") if "(f)" in str(c.id))
    assert "unconscious" not in withdrawal_scene.withdrawn(case).model_dump_json()


def test_where_no_rule_allows_it_an_emergency_goes_to_a_person() -> None:
    plan = given.PLANS.find("consent-withdrawal")
    assert plan is not None
    closed = given.with_value(plan, "emergency.outbound", False).on(DAY)
    case = next(c.values[0] for c in cases("e12-consent-withdrawn.yaml") if "(f)" in str(c.id))
    found = withdrawal(withdrawal_scene.facts_of(case), closed)
    assert [one.code for one in found.faults] == ["RULE_NEEDS_PERSON"]


def test_what_nobody_says_of_an_episode_is_not_taken_to_be_so() -> None:
    """Only the moments and the bill: no other funder, no guarantee, no stay, no emergency."""
    facts = WithdrawalFacts(
        withdrawn=frozenset({ConsentType.PI_SENSITIVE}),
        withdrawn_at=MOMENT,
        now=MOMENT,
        bill=fen(327500),
    )
    found = decide(facts)
    assert (found.branch, found.patient) == (Branch.BEFORE_CLAIM, fen(327500))
    assert found.cancelled == [Cancelled.SENDS, Cancelled.DIRECT_BILLING]
    assert found.retention_years == 15 and found.may_send == []


def test_a_withdrawal_that_cannot_be_decided_carries_no_amount() -> None:
    found = Withdrawal()
    assert found.insurer == found.pending == found.patient == fen(0)


def test_the_trace_counts_the_sends_that_were_lawful() -> None:
    case = next(c.values[0] for c in cases("e12-consent-withdrawn.yaml"))
    sends = [
        ["a", "2026-05-03 10:00:00"],
        ["b", "2026-05-06 09:00:00"],
        ["c", "2026-05-07 09:00:00"],
    ]
    found = withdrawal_scene.withdrawn(case | {"input": case["input"] | {"sends": sends}})
    (step,) = (one for one in found.trace if one.result.startswith("WITHDRAWN_SENDS_STAY"))
    assert step.result == "WITHDRAWN_SENDS_STAY 2"
    assert [alert.code for alert in found.alerts] == ["SENT_AFTER_WITHDRAWAL"]
