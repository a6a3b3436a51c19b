"""Naive ways to judge insurers' claims go red on the same promises and oracles."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from crossclaim.domain.accumulators import Accumulators, paid_in
from crossclaim.domain.adjudication import adjudicate_cover
from crossclaim.domain.cover import Cover
from crossclaim.domain.dual_cover import insurers_legs
from crossclaim.domain.insurer_leg import cover_leg
from crossclaim.domain.money import fen, half_up, hk_cents
from crossclaim.domain.reimbursement import pay_out, reimburse
from tests.rules import insurer_facts as given
from tests.rules.test_insurers_properties import in_its_lines, legs_of, never_above_cost
from tests.rules.test_insurers_tables import FIRST, SECOND, STAY

DAY = date(2026, 3, 11)
OUTPATIENT = "outpatient-visits-hk"


def pair(since: date = date(2023, 3, 11)) -> list[Cover]:
    both = {"rates": {"quote": "0.9150"}, "guarantee_c": 9000000, "used": {}}
    a = {"since": date(2020, 1, 1), "used": {"year.7.paid": 97000000}}
    b = {"since": since, "pre_existing": True}
    return [given.cover(both | FIRST | a, DAY), given.cover(both | SECOND | b, DAY)]


PLANS = given.plans({"gba-network-hk": {"network.hospitals": ["hku-szh"]}})
BILL = given.bill({"nights": 3, "lines": STAY}, DAY)


def test_a_second_insurer_that_pays_its_own_whole_goes_above_cost() -> None:
    found = legs_of(BILL, pair(), PLANS)
    assert never_above_cost(found, BILL)
    plan, second = PLANS.find("hospital-scale-hk"), pair()[1]
    assert plan is not None
    twin = cover_leg(BILL, plan.on(DAY), second, given.left(BILL))
    parts = [found.parts[0], found.parts[1].model_copy(update={"leg": twin})]
    naive = found.model_copy(update={"parts": parts})
    assert twin.whole == fen(4392000)
    assert not never_above_cost(naive, BILL)


def test_the_scale_taken_of_what_the_first_left_pays_too_little() -> None:
    """E11 takes the year's share of the plan's own schedule, then no more than what is left."""
    found = legs_of(BILL, pair(date(2025, 3, 11)), PLANS)
    assert found.parts[1].leg.whole == fen(1098000)
    rooms = {n: left + found.parts[1].leg.carried(n) for n, left in found.left.items()}
    plan = PLANS.find("hospital-scale-hk")
    assert plan is not None
    twin = cover_leg(BILL, plan.on(DAY), pair(date(2025, 3, 11))[1], rooms)
    assert twin.whole == fen(613750)


def test_counters_that_are_not_handed_on_pay_the_same_remainder_twice() -> None:
    days = {"2026-04-14": "1.0000", "2026-04-15": "1.0000"}
    rates = {"payout": "1.0000", "days": {date.fromisoformat(d): r for d, r in days.items()}}
    asked = {"plan": OUTPATIENT, "since": date(2025, 1, 1), "used": {"year.2.paid": 2940000}}
    cover = given.cover(asked | {"rates": rates}, DAY)
    plan = PLANS.find(OUTPATIENT)
    assert plan is not None
    on = [date(2026, 4, 14), date(2026, 4, 15)]
    lines = {"specialist": 50000}
    bills = [given.bill({"number": f"B-{n}", "lines": lines}, day) for n, day in enumerate(on)]
    honest = reimburse(bills, plan, cover)
    naive = [reimburse([one], plan, cover) for one in bills]
    assert honest.benefit == hk_cents(60000)
    assert honest.after.of(paid_in(2)) == 3000000
    assert sum(one.benefit.amount_minor for one in naive) == 80000


def test_one_rate_for_all_visits_gives_another_sum_than_each_days_own() -> None:
    days = {date(2026, 3, 2): "0.9150", date(2026, 3, 20): "0.9128"}
    begun = {"plan": OUTPATIENT, "since": date(2025, 1, 1), "used": {}}
    plan = PLANS.find(OUTPATIENT)
    assert plan is not None
    bills = [
        given.bill({"number": "V1", "lines": {"specialist": 86000}}, date(2026, 3, 2)),
        given.bill({"number": "V3", "lines": {"specialist": 80000}}, date(2026, 3, 20)),
    ]
    own = given.cover(begun | {"rates": {"payout": "0.9162", "days": days}}, DAY)
    one = given.cover(
        begun | {"rates": {"payout": "0.9162", "days": dict.fromkeys(days, "0.9162")}}, DAY
    )
    assert reimburse(bills, plan, own).benefit != reimburse(bills, plan, one).benefit


def test_paying_each_visit_for_itself_loses_a_fen() -> None:
    days = {date(2026, 3, 2 + n): "0.9150" for n in range(4)}
    begun = {"plan": OUTPATIENT, "since": date(2025, 1, 1), "used": {}}
    plan, lost = PLANS.find(OUTPATIENT), 0
    assert plan is not None
    cover = given.cover(begun | {"rates": {"payout": "0.9162", "days": days}}, DAY)
    for cents in range(30000, 30020):
        bills = [
            given.bill({"number": f"V{n}", "lines": {"specialist": cents}}, day)
            for n, day in enumerate(days)
        ]
        found = reimburse(bills, plan, cover)
        paid = pay_out(found, plan.on(DAY), cover.rates)
        twin = sum(half_up(b.benefit.amount_minor * Decimal("0.9162")) for b in found.bills)
        assert sum(part.amount_minor for part in paid.by_bill.values()) == paid.amount.amount_minor
        assert paid.amount.amount_minor == half_up(found.benefit.amount_minor * Decimal("0.9162"))
        lost += twin != paid.amount.amount_minor
    assert lost


def test_a_line_that_carries_more_than_it_costs_breaks_the_promise_of_lines() -> None:
    leg = insurers_legs(BILL, pair(), PLANS, given.left(BILL)).parts[0].leg
    assert in_its_lines(leg, BILL)
    shares = leg.shares | {1: leg.shares[1] + fen(360001), 2: leg.shares[2] - fen(360001)}
    assert not in_its_lines(leg.model_copy(update={"shares": shares}), BILL)


def test_a_day_counted_by_the_visit_of_an_excluded_line_would_refuse_the_next() -> None:
    days = {date(2026, 3, 2): "0.9150"}
    begun = {"plan": OUTPATIENT, "since": date(2025, 1, 1)}
    plan = PLANS.find(OUTPATIENT)
    assert plan is not None
    cover = given.cover(begun | {"used": {}, "rates": {"days": days}}, DAY)
    excluded = given.bill({"lines": {"long_term_physiotherapy": 30000}}, date(2026, 3, 2))
    found = reimburse([excluded], plan, cover)
    assert found.after == Accumulators()
    counted = cover.model_copy(
        update={"used": Accumulators(used={"day.2026-03-02.specialist.visits": 1})}
    )
    visit = given.bill({"lines": {"specialist": 86000}}, date(2026, 3, 2))
    assert reimburse([visit], plan, cover).benefit == hk_cents(75191)
    assert reimburse([visit], plan, counted).benefit == hk_cents(0)


def test_a_reduction_that_needs_no_person_leaves_the_line_figures_of_e5() -> None:
    """The same bill through a cover without counters is judged as through the bill's own facts."""
    from tests.rules.facts import INSURER_PLAN, inpatient_facts, rate

    facts, plan = inpatient_facts(), PLANS.find(INSURER_PLAN)
    assert plan is not None
    cover = given.cover({"plan": INSURER_PLAN, "guarantee_c": 5000000, "used": {}}, DAY)
    cover = cover.model_copy(update={"rates": cover.rates.model_copy(update={"quote": rate()})})
    judged = adjudicate_cover(facts, plan.on(DAY), cover)
    assert [one.payable.amount_minor for one in judged.lines] == [
        225000, 98361, 1967213, 688525, 688525, 901694, 0, 0,
    ]  # fmt: skip
    assert judged.benefit == hk_cents(3392386)
    assert judged.use == {
        "year.0.deductible": 800000,
        "year.0.room.days": 3,
        "year.0.attending_doctor.days": 3,
    }
