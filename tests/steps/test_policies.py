"""A policy of an insurer that decides here: what its book says decides whether and how it pays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossclaim.domain.reference import PolicyKnown
from tests.steps.rig import VOUCHERS_ONLY, Rig, policy_number, totals, used_before

RENEWED = date(2026, 1, 1)
"""Between the first day of cover, 1 January 2025, and the visit."""


def of_another_plan(policy: PolicyKnown) -> PolicyKnown:
    return policy.model_copy(update={"plan": "vhis-standard-hk"})


def ended(policy: PolicyKnown) -> PolicyKnown:
    return policy.model_copy(update={"in_force_until": date(2026, 4, 1)})


def renewed_too_late(policy: PolicyKnown) -> PolicyKnown:
    cover = {"in_force_from": date(2026, 4, 3), "cover_since": policy.since}
    return policy.model_copy(update=cover)


def nothing_is_paid(rig: Rig, policy: str) -> None:
    visit = rig.visit(policy)
    _, answer = visit.bill()
    assert (answer.status, answer.codes) == (422, ["POLICY_NOT_IN_FORCE"])
    rows = visit.rows()
    assert (rows.bills, rows.claims, rig.used(policy)) == ([], [], 0)


@pytest.mark.parametrize("policy", ["NO-SUCH-POLICY", "km-2025-000052", "KM-2025-0000521"])
def test_nothing_is_paid_for_a_policy_that_the_book_does_not_hold(rig: Rig, policy: str) -> None:
    nothing_is_paid(rig, policy)


@pytest.mark.parametrize("change", [of_another_plan, ended, renewed_too_late])
def test_nothing_is_paid_for_a_policy_of_another_plan_or_out_of_force(
    rig: Rig, change: Callable[[PolicyKnown], PolicyKnown]
) -> None:
    nothing_is_paid(rig.with_policies(change), policy_number())


def test_a_bill_without_the_unknown_policy_is_paid_by_the_other_coverages(rig: Rig) -> None:
    visit = rig.visit("NO-SUCH-POLICY")
    split = visit.accepted(coverages=VOUCHERS_ONLY)
    assert totals(split) == {"voucher": "274.50", "patient": "625.50"}
    assert [claim.kind for claim in visit.rows().claims] == ["voucher"]


def test_before_the_first_day_of_cover_the_rules_leave_the_insurer_nothing_to_pay(rig: Rig) -> None:
    policy = policy_number()
    tomorrow = {"in_force_from": date(2026, 4, 3)}
    visit = rig.with_policies(lambda known: known.model_copy(update=tomorrow)).visit(policy)
    assert totals(visit.accepted())["insurer"] == "0.00"
    assert ([c.kind for c in visit.rows().claims], rig.used(policy)) == (["voucher"], 0)


def test_the_last_day_of_force_is_in_force(rig: Rig) -> None:
    on_the_day = rig.with_policies(
        lambda policy: policy.model_copy(update={"in_force_until": date(2026, 4, 2)})
    )
    assert totals(on_the_day.visit(policy_number()).accepted())["insurer"] == "607.20"


@pytest.mark.parametrize(("since", "used"), [(date(2025, 1, 1), "HKD 663.61"), (None, "HKD 0.00")])
def test_a_renewed_policy_goes_on_counting_when_its_cover_is_unbroken(
    rig: Rig, since: date | None, used: str
) -> None:
    policy = policy_number()
    assert used_before(rig.visit(policy).accepted()) == "HKD 0.00"
    renewal = {"in_force_from": RENEWED, "cover_since": since}
    renewed = rig.with_policies(lambda known: known.model_copy(update=renewal))
    assert used_before(renewed.visit(policy).accepted()) == used
