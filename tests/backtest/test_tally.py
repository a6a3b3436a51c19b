"""Who gains and who loses, to the fen, on claims whose figures are known."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.backtest.claim import Claim
from crossclaim.backtest.report import by, rows
from crossclaim.backtest.synthetic import synthetic_claim
from crossclaim.domain.allocate import LINKS, allocate, split
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.backtest_tally import PATIENT, Place, Tally, payments
from crossclaim.domain.plan import PlanSet, Unit
from tests.backtest.scene import insurer_plan, under
from tests.rules import facts as given

INSURER = given.INSURER_PLAN
VOUCHER = given.VOUCHER_PLAN


def tally(comparison: tuple[PlanSet, PlanSet], *claims: BillFacts) -> Tally:
    found = Tally()
    running, changed = comparison
    for facts in claims:
        links = facts.links if isinstance(facts, Claim) else LINKS
        found.count(facts, split(facts, running, links), split(facts, changed, links), running)
    return found


def test_a_deductible_of_1000_dollars_more_moves_900_dollars_to_the_patient() -> None:
    """E5: 90 % of HK$1,000 at 0.9150 is RMB 823.50; the patient had paid RMB 20,810.17."""
    facts = given.inpatient_facts()
    found = tally(under(insurer_plan("{2019-04-01: 9000}")), facts)
    paid = found.sums[Place(INSURER, facts.episode.hospital, "2026-03")]
    assert (paid.running_fen, paid.changed_fen) == (3104033, 3104033 - 82350)
    assert (paid.claims, paid.pays_less, paid.pays_more) == (1, 1, 0)
    patient = found.sums[Place(PATIENT, facts.episode.hospital, "2026-03")]
    assert (patient.running_fen, patient.changed_fen) == (2081017, 2081017 + 82350)
    assert (patient.pays_less, patient.pays_more) == (0, 1)
    assert found.moved == 1
    moved = found.most_moved[0]
    assert (moved.by_fen, moved.running_fen, moved.changed_fen) == (82350, 2081017, 2163367)


def test_a_change_after_the_claims_moves_nothing() -> None:
    later = insurer_plan("{2019-04-01: 8000, 2026-03-12: 9000}")
    found = tally(under(later), given.inpatient_facts())
    assert found.moved == 0 and found.most_moved == []
    assert all(sums.difference_fen == 0 for sums in found.sums.values())


def test_a_change_on_the_day_of_admission_moves_the_claim() -> None:
    same_day = insurer_plan("{2019-04-01: 8000, 2026-03-11: 9000}")
    found = tally(under(same_day), given.inpatient_facts())
    assert found.moved == 1


def test_what_the_insurer_owes_the_patient_later_is_the_insurers() -> None:
    """E5 with a guarantee of HK$30,000: RMB 27,450.00 now and 3,590.33 later."""
    facts = given.inpatient_facts(3000000)
    paid = payments(facts, allocate(facts, given.PLANS), given.PLANS)
    assert paid == {INSURER: 3104033, PATIENT: 2081017}


def test_a_refused_bill_is_the_patients_and_counted_as_refused() -> None:
    plan = given.PLANS.find(VOUCHER)
    assert plan is not None
    older = given.with_value(plan, "eligibility.age", 100)
    facts = given.voucher_facts()
    found = tally(under(older), facts)
    assert (found.refused_running, found.refused_changed, found.moved) == (0, 1, 1)
    voucher = next(sums for place, sums in found.sums.items() if place.payer == VOUCHER)
    assert (voucher.running_fen, voucher.changed_fen) == (128558, 0)
    patient = next(sums for place, sums in found.sums.items() if place.payer == PATIENT)
    assert (patient.running_fen, patient.changed_fen) == (82, 128640)
    assert (patient.refused_running, patient.refused_changed) == (0, 1)


CLAIMS = st.lists(st.integers(0, 500), min_size=1, max_size=8).map(
    lambda numbers: [synthetic_claim(5, number) for number in numbers]
)


@settings(max_examples=25, deadline=None)
@hypothesis_given(CLAIMS, st.integers(0, 8))
def test_the_tally_of_two_halves_is_the_tally_of_the_whole(
    claims: list[BillFacts], cut: int
) -> None:
    comparison = under(insurer_plan("{2019-04-01: 12000}"))
    whole = tally(comparison, *claims)
    halves = tally(comparison, *claims[cut:])
    halves.add(tally(comparison, *claims[:cut]))
    assert rows(halves) == rows(whole)
    assert halves.most_moved == whole.most_moved
    assert (halves.claims, halves.moved) == (whole.claims, whole.moved)


@settings(max_examples=25, deadline=None)
@hypothesis_given(CLAIMS)
def test_what_all_payers_pay_is_what_all_bills_cost_under_both(claims: list[BillFacts]) -> None:
    found = tally(under(insurer_plan("{2019-04-01: 12000}")), *claims)
    cost = sum(facts.bill.total.amount_minor for facts in claims)
    assert sum(sums.running_fen for sums in found.sums.values()) == cost
    assert sum(sums.changed_fen for sums in found.sums.values()) == cost
    for dimension in ("hospital", "month"):
        patients = by(found, dimension, patients_only=True)  # type: ignore[arg-type]
        assert sum(sums.claims for sums in patients.values()) == len(claims)


def naive_payments(facts: BillFacts, plans: PlanSet) -> dict[str, int]:
    """Forgets what the insurer owes later."""
    result = allocate(facts, plans)
    return {t.funder.value: t.amount.amount_minor for t in result.totals}


def test_a_naive_tally_that_forgets_what_is_paid_later_would_show() -> None:
    facts = given.inpatient_facts(3000000)
    assert naive_payments(facts, given.PLANS)[PATIENT] != 2081017


def test_a_smaller_share_of_the_fund_moves_the_fund_the_account_and_the_patient() -> None:
    """Basic insurance is tried as insurers are: the claim brings the facts of its funder."""
    plan = given.PLANS.find("jiangmen-pool-2022")
    assert plan is not None
    for key, parameter in plan.parameters.items():
        if parameter.unit is Unit.RATIO:
            plan = given.with_value(plan, key, Decimal("0.01"))
    claims = [synthetic_claim(5, number) for number in range(60)]
    found = tally(under(plan), *(claim for claim in claims if claim.basic is not None))
    payers = by(found, "payer")
    fund, account = payers["jiangmen-pool-2022"], payers["family-account-guangdong"]
    assert fund.difference_fen < 0 and fund.pays_less == fund.claims
    assert account.difference_fen > 0
    assert fund.difference_fen + account.difference_fen + payers[PATIENT].difference_fen == 0
