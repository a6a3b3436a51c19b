"""One insured final bill a stay; what is not laid on the insurer does not count."""

from __future__ import annotations

from tests.steps.rig import VOUCHERS_ONLY, Rig, policy_number, totals


def test_a_second_bill_that_is_not_laid_on_the_insurer_is_not_a_second_insured_one(
    rig: Rig,
) -> None:
    visit = rig.visit(policy_number())
    assert visit.bill()[1].status == 200
    _, answer = visit.bill(coverages=VOUCHERS_ONLY)
    assert (answer.status, answer.codes) == (200, [])
    assert "insurer" not in totals(answer.split)


def test_the_first_insured_bill_may_come_after_one_that_was_not_laid_on_the_insurer(
    rig: Rig,
) -> None:
    visit = rig.visit(policy_number())
    assert visit.bill(coverages=VOUCHERS_ONLY)[1].status == 200
    _, answer = visit.bill()
    assert (answer.status, answer.codes) == (200, [])
    assert totals(answer.split)["insurer"] != "0.00"


def test_a_second_bill_that_is_laid_on_the_insurer_is_refused(rig: Rig) -> None:
    visit = rig.visit(policy_number())
    assert visit.bill()[1].status == 200
    for coverages in (None, [1], [0, 1]):
        _, answer = visit.bill(coverages=coverages)
        assert (answer.status, answer.codes) == (422, ["SECOND_INSURED_BILL"])
