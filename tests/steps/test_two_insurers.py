"""Two insurers of one episode: who pays first is a person's decision, never ours by the way."""

from __future__ import annotations

import pytest

from tests.steps.rig import (
    HARBOUR,
    MUTUAL,
    VOUCHERS_ONLY,
    Rig,
    Visit,
    insured_by,
    policy_number,
    totals,
)


def doubly_insured(rig: Rig) -> Visit:
    """Vouchers at place 0, an insurer each at 1 and 2."""
    insurers = [insured_by(HARBOUR, "HL-STEPS-1"), insured_by(MUTUAL, policy_number())]
    return Visit(rig, rig.open([{"funder": "voucher"}, *insurers]))


@pytest.mark.parametrize("coverages", [None, [1], [2], [0, 1], [0, 2], [1, 2]])
def test_a_bill_laid_on_one_of_several_insurers_is_left_to_a_person(
    rig: Rig, coverages: list[int] | None
) -> None:
    visit = doubly_insured(rig)
    _, answer = visit.bill(coverages=coverages)
    assert (answer.status, answer.codes) == (422, ["DUAL_COVER_NEEDS_PERSON"])
    assert (visit.rows().bills, visit.rows().claims) == ([], [])


def test_no_choice_among_several_insurers_is_offered_as_an_alternative(rig: Rig) -> None:
    _, answer = doubly_insured(rig).bill()
    offered = [one["coverages"] for one in answer.body.get("alternatives", [])]
    assert all(set(coverages) <= set(VOUCHERS_ONLY) for coverages in offered), offered


def test_a_bill_laid_on_no_insurer_is_split_as_ever(rig: Rig) -> None:
    visit = doubly_insured(rig)
    split = visit.accepted(coverages=VOUCHERS_ONLY)
    assert totals(split) == {"voucher": "274.50", "patient": "625.50"}
    assert [claim.kind for claim in visit.rows().claims] == ["voucher"]
