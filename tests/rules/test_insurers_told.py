"""What an insurer's steps, faults and refusals tell beside the figures of the tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crossclaim.domain.accumulators import Accumulators
from crossclaim.domain.allocation import Fault
from crossclaim.domain.dual_cover import InsurersLegs, confirmed_as, insurers_legs
from crossclaim.domain.insurer_leg import InsurerLeg, refused_leg, split_benefit
from crossclaim.domain.limits import Limit
from crossclaim.domain.money import Currency, Money, fen, hk_cents
from crossclaim.domain.plan import Plan
from crossclaim.domain.reimbursement import reimburse
from tests.rules import insurer_facts as given
from tests.rules.facts import with_value

DAY = date(2026, 4, 14)
COVER: dict[str, Any] = {
    "plan": "gba-network-hk",
    "since": date(2025, 1, 1),
    "accident": False,
    "used": {},
    "rates": {"quote": "1.0000"},
}


def judged(bill: dict[str, Any], **cover: Any) -> tuple[InsurerLeg, list[Fault]]:
    facts = given.bill({"lines": {"treatment": 100000}} | bill, DAY)
    plans = given.plans(cover.pop("plans", None))
    found = insurers_legs(facts, [given.cover(COVER | cover, DAY)], plans, given.left(facts))
    return found.parts[0].leg, found.faults


def results(leg: InsurerLeg) -> list[str]:
    return [step.result for step in leg.trace]


def test_outside_the_network_nothing_goes_to_the_hospital_and_the_step_says_so() -> None:
    leg, _ = judged({"hospital": "jiangmen-central"}, guarantee_c=9000000)
    assert "NOT_DIRECT_HOSPITAL HKD 0.00" in results(leg)
    assert leg.direct_limit == hk_cents(0) and leg.later == fen(80000)


@pytest.mark.parametrize(
    ("cover", "since", "until"),
    [
        ({"since": date(2026, 4, 15)}, "2026-04-15", "open"),
        ({"until": date(2026, 4, 13)}, "2025-01-01", "2026-04-13"),
        ({"since": None, "until": date(2026, 4, 13)}, "not stated", "2026-04-13"),
    ],
)
def test_a_cover_that_does_not_stand_tells_its_days(
    cover: dict[str, Any], since: str, until: str
) -> None:
    leg, _ = judged({}, guarantee_c=9000000, **cover)
    (step,) = (one for one in leg.trace if one.result.startswith("COVER_NOT_IN_FORCE"))
    assert (step.inputs["since"], step.inputs["until"]) == (since, until)


def test_a_refused_leg_carries_no_amount_in_any_currency() -> None:
    leg = refused_leg([])
    assert leg.direct == leg.later == leg.whole == fen(0)
    assert leg.direct_benefit == leg.later_benefit == hk_cents(0)
    assert leg.direct_limit is None and not leg.shares
    assert leg.carried(1) == fen(0)
    assert refused_leg([], Currency.MOP).later_benefit.currency is Currency.MOP


@pytest.mark.parametrize(
    ("limit", "room", "direct", "later"),
    [(None, 100, 100, 0), (None, 60, 60, 0), (70, 60, 60, 0), (40, 60, 40, 20), (0, 100, 0, 100)],
)
def test_a_benefit_is_cut_at_the_letters_limit_and_never_above_its_room(
    limit: int | None, room: int, direct: int, later: int
) -> None:
    """A benefit of one dollar at a rate of one, up to its room, the letter's part first."""
    at_one = given.rate("1.0000", DAY)
    cut = split_benefit(
        hk_cents(100), None if limit is None else hk_cents(limit), at_one, fen(room)
    )
    assert (cut.direct, cut.later) == (fen(direct), fen(later))
    kept = 100 if limit is None else limit
    assert (cut.direct_benefit, cut.later_benefit) == (hk_cents(kept), hk_cents(100 - kept))


def fens(shares: dict[int, Money]) -> list[int]:
    return [shares[line].amount_minor for line in sorted(shares)]


LETTER: dict[str, Any] = {"terms": {"exclusions": ["surgeon", "special_drug"]}}
STAY: dict[str, Any] = {
    "nights": 3,
    "lines": {"room": 360000, "surgeon": 1800000, "special_drug": 5000},
}


@pytest.mark.parametrize(
    ("letter", "limit", "direct", "later"),
    [
        (9_000_000, 360_000, [360_000, 0, 0], [0, 1_800_000, 0]),
        (360_001, 360_000, [360_000, 0, 0], [0, 1_800_000, 0]),
        (359_999, 359_999, [359_999, 0, 0], [1, 1_800_000, 0]),
        (300_000, 300_000, [300_000, 0, 0], [60_000, 1_800_000, 0]),
    ],
)
def test_what_a_letter_leaves_out_is_paid_later_and_named_line_by_line(
    letter: int, limit: int, direct: list[int], later: list[int]
) -> None:
    """The room of CNY 3,600.00 is covered, the surgeon is not, the special drug nobody pays."""
    leg, _ = judged(STAY, guarantee_c=letter, **LETTER)
    assert leg.direct_limit == hk_cents(limit)
    assert (fens(leg.shares), fens(leg.later_shares)) == (direct, later)
    (step,) = (one for one in leg.trace if one.result.startswith("GUARANTEE_OUTSIDE"))
    assert step.result == f"GUARANTEE_OUTSIDE {hk_cents(limit)}"
    assert "does not cover lines 2;" in step.text.en, "nothing is paid of line 3 anyway"
    assert "GUARANTEE_OUTSIDE" in leg.reasons[2] and "GUARANTEE_OUTSIDE" not in leg.reasons[1]
    assert leg.reasons[3] == ["EXCLUDED_SPECIAL_DRUG"]


def test_the_hospital_gets_no_fen_above_the_lines_that_the_letter_covers() -> None:
    """6 fen at 0.9150 are 7 cents (6.557), twice that 14; and 14 cents are 13 fen (12.81)."""
    lines = {"theatre": 6, "miscellaneous": 6, "surgeon": 100}
    rates = {"quote": "0.9150"}
    leg, _ = judged({"nights": 3, "lines": lines}, guarantee_c=9_000_000, rates=rates, **LETTER)
    assert leg.direct_limit == hk_cents(14)
    assert (fens(leg.shares), fens(leg.later_shares)) == ([6, 6, 0], [0, 0, 100])
    assert (leg.direct, leg.later) == (fen(12), fen(100))


@pytest.mark.parametrize(("letter", "told"), [(99_999, ["0.01"]), (100_000, []), (100_001, [])])
def test_what_is_owed_later_is_told_from_the_first_fen_on(letter: int, told: list[str]) -> None:
    leg, _ = judged({}, guarantee_c=letter)
    later = [text for text in results(leg) if text.startswith("LATER_REIMBURSEMENT")]
    assert later == [f"LATER_REIMBURSEMENT CNY {amount}" for amount in told]
    assert ("GUARANTEE_LIMIT" in leg.reasons[1]) is bool(told)
    assert "CONVERTED CNY 1,000.00" in results(leg), "the whole, whenever it is paid"


def test_a_part_that_is_paid_later_lies_on_its_lines_as_their_benefits_do() -> None:
    """CNY 100 of imaging, and a consultation of 40 less the patient's 20; 70 % without a letter."""
    to_patient = {"gba-network-hk": {"guarantee.without_payee": "patient"}}
    leg, _ = judged({"lines": {"imaging": 10000, "consultation": 4000}}, plans=to_patient)
    assert (fens(leg.shares), fens(leg.later_shares)) == ([0, 0], [7000, 1400])


def test_who_fixed_a_rate_is_told_where_somebody_did() -> None:
    leg, _ = judged({}, guarantee_c=9_000_000)
    (step,) = (one for one in leg.trace if one.rule.endswith(":fx_basis"))
    assert "rate_fixed_by" not in step.inputs and step.inputs["rate_source"] == "central parity"
    own = given.rate("1.0000", DAY).model_copy(update={"fixed_by": "harbour-life"})
    cover = given.cover(COVER | {"guarantee_c": 9_000_000}, DAY)
    cover = cover.model_copy(update={"rates": cover.rates.model_copy(update={"quote": own})})
    facts = given.bill({"lines": {"treatment": 100000}}, DAY)
    found = insurers_legs(facts, [cover], given.plans(None), given.left(facts)).parts[0].leg
    (step,) = (one for one in found.trace if one.rule.endswith(":fx_basis"))
    assert step.inputs["rate_fixed_by"] == "harbour-life"


def test_a_rate_that_nobody_gave_is_asked_for_at_the_cover() -> None:
    leg, faults = judged({}, guarantee_c=9000000, rates={"payout": "1.0000"})
    (fault,) = faults
    assert (fault.code, leg.whole) == ("RATE_NOT_STATED", fen(0))
    assert fault.pointer.startswith("/episode/coverages")


def test_the_days_of_a_stay_are_told_beside_those_billed() -> None:
    asked = {"plan": "vhis-standard-hk", "guarantee_c": 9000000}
    leg, _ = judged({"nights": 3, "lines": {"room": 360000}}, **asked)
    (step,) = (one for one in leg.trace if "per_day" in one.rule)
    assert step.inputs["stay"] == "3" and step.inputs["days"] == step.inputs["billed"] == "1"


FIRST = {"rank": 1, "plan": "gba-network-hk", "guarantee_c": 9000000}
SECOND = {"rank": 2, "plan": "gba-network-hk", "organisation": "second-life"}


def two(first: dict[str, Any], second: dict[str, Any]) -> InsurersLegs:
    """A visit of 1,000 yuan at a rate of one, the first insurer's amount confirmed."""
    facts = given.bill({"lines": {"treatment": 100000}}, DAY)
    covers = [given.cover(COVER | FIRST | first, DAY), given.cover(COVER | SECOND | second, DAY)]
    return insurers_legs(facts, covers, given.plans(None), given.left(facts))


def test_the_second_insurer_tells_its_own_benefit_and_what_the_first_left() -> None:
    found = two({"confirmed": {"c": 60000, "fen": 60000}}, {"guarantee_c": 9000000})
    (step,) = (s for s in found.parts[1].leg.trace if s.result.startswith("OTHER_INSURER_FIRST"))
    assert step.result == "OTHER_INSURER_FIRST HKD 400.00"
    assert step.inputs["own_benefit"] == "HKD 1,000.00"
    assert step.inputs["left_by_first"] == "CNY 400.00"
    assert "leaves CNY 400.00" in step.text.en and "that: HKD 400.00" in step.text.en


@pytest.mark.parametrize(
    ("organisation", "named"), [("first-life", "first-life"), (None, "gba-network-hk")]
)
def test_an_insurer_is_named_by_its_organisation_or_else_by_its_plan(
    organisation: str | None, named: str
) -> None:
    above = two({"organisation": organisation, "confirmed": {"c": 100001, "fen": 100001}}, {})
    assert named in above.faults[0].text.en
    silent = two({"organisation": organisation}, {"claiming": "reimbursement"})
    assert named in silent.faults[0].text.en
    locked = two({"organisation": organisation, "confirmed": {"c": 1, "fen": 1}}, {})
    assert named in locked.parts[0].leg.trace[0].text.en


def test_a_statement_above_the_bill_names_who_made_it() -> None:
    plan = given.plans(None).find("outpatient-visits-hk")
    assert plan is not None
    statements = [
        {"organisation": "first-life", "bill": "B-1", "fen": 50001},
        {"organisation": "third-life", "bill": "B-9", "fen": 1},
    ]
    told = {"plan": plan.id, "used": {}, "since": date(2025, 1, 1), "statements": statements}
    cover = given.cover(told | {"rates": {"payout": "1.0000", "days": {DAY: "1.0000"}}}, DAY)
    bill = given.bill({"lines": {"specialist": 50000}}, DAY)
    (fault,) = reimburse([bill], plan, cover).faults
    assert fault.code == "STATEMENT_ABOVE_COST"
    assert "first-life" in fault.text.en and "third-life" not in fault.text.en


def test_a_leg_is_confirmed_as_it_was_forecast() -> None:
    lines = {"room": 360000, "surgeon": 1800000}
    leg, _ = judged({"nights": 3, "lines": lines}, guarantee_c=100000)
    said = confirmed_as(leg)
    assert (said.benefit, said.paid) == (hk_cents(2160000), fen(2160000))
    assert (said.direct, said.direct_benefit) == (fen(100000), hk_cents(100000))
    assert said.lines == {1: 360000, 2: 1800000}


def test_a_rate_of_the_payout_is_asked_for_where_charges_have_theirs() -> None:
    facts = given.bill({"lines": {"specialist": 50000}}, DAY)
    told = {"plan": "outpatient-visits-hk", "rates": {"days": {DAY: "1.0000"}}}
    cover = given.cover(COVER | told, DAY)
    found = insurers_legs(facts, [cover], given.plans(None), given.left(facts))
    (fault,) = found.faults
    assert fault.code == "RATE_NOT_STATED" and fault.pointer.startswith("/episode/coverages")


def test_counters_are_taken_back_as_they_were_added() -> None:
    before = Accumulators(used={"year.1.paid": 7, "year.1.visits": 1})
    use = {"year.1.paid": 5, "ever.paid": 2}
    after = before.plus(use)
    assert (after.of("year.1.paid"), after.of("ever.paid")) == (12, 2)
    assert after.minus(use).of("year.1.paid") == 7 and after.minus(use).of("ever.paid") == 0
    with pytest.raises(ValueError):
        before.minus({"year.1.paid": 8})


def test_a_line_that_the_second_insurer_does_not_pay_makes_no_room_for_the_others() -> None:
    facts = given.bill({"lines": {"treatment": 100000, "special_drug": 5000}}, DAY)
    confirmed = {"c": 60000, "fen": 60000, "lines": {1: 1}}
    covers = [
        given.cover(COVER | FIRST | {"confirmed": confirmed}, DAY),
        given.cover(COVER | SECOND | {"guarantee_c": 9000000}, DAY),
    ]
    second = insurers_legs(facts, covers, given.plans(None), given.left(facts)).parts[1].leg
    assert (second.whole, second.carried(1), second.carried(2)) == (fen(40000), fen(40000), fen(0))


def test_days_above_those_of_the_year_are_not_given_back_to_it() -> None:
    asked = {"plan": "vhis-standard-hk", "guarantee_c": 9000000}
    used = {"year.2.room.days": 181}
    leg, _ = judged({"nights": 3, "lines": {"room": 360000}}, **asked, used=used)
    assert leg.whole == fen(0) and leg.after.of("year.2.room.days") == 181


def test_a_bill_adds_what_is_paid_to_each_counter_under_its_own_name() -> None:
    """A fee beside what nobody pays: of the benefit ``stay``, in the second policy year."""
    lines = {"surgeon": 1000, "special_drug": 5000}
    leg, _ = judged({"nights": 3, "lines": lines}, guarantee_c=9_000_000)
    assert leg.use == {
        "lifetime.paid": 1000,
        "lifetime.stay.paid": 1000,
        "stay.V-1.stay.paid": 1000,
        "year.2.paid": 1000,
        "year.2.stay.paid": 1000,
    }
    nothing, _ = judged({"lines": {"special_drug": 5000}}, guarantee_c=9_000_000)
    assert nothing.use == {}
    own_part, _ = judged({"lines": {"consultation": 2000}}, guarantee_c=9_000_000)
    assert own_part.whole == fen(0) and not any(key.endswith(".paid") for key in own_part.use)


def test_a_line_of_one_cent_names_what_was_taken_of_the_whole() -> None:
    asked = {"plan": "vhis-standard-hk", "guarantee_c": 9_000_000}
    leg, _ = judged({"nights": 3, "lines": {"room": 1, "miscellaneous": 1_000_000}}, **asked)
    assert set(leg.reasons[1]) == {"DEDUCTIBLE", "COINSURANCE"}


def sure(name: str, **more: Any) -> Plan:
    """A delivered plan that assumes nothing, with more parameters."""
    plan = given.plans(None).find(name)
    assert plan is not None
    known = {
        key: one.model_copy(update={"assumption": False}) for key, one in plan.parameters.items()
    }
    return plan.model_copy(update={"parameters": known | more})


def leg_under(plan: Plan, lines: dict[str, int], used: dict[str, int] | None) -> InsurerLeg:
    facts = given.bill({"nights": 3, "lines": lines}, DAY)
    asked = COVER | {"plan": plan.id, "guarantee_c": 9_000_000}
    cover = given.cover(asked, DAY)
    cover = cover.model_copy(update={"used": None if used is None else Accumulators(used=used)})
    plans = given.plans(None).replacing([plan])
    return insurers_legs(facts, [cover], plans, given.left(facts)).parts[0].leg


def limited(used: dict[str, int] | None) -> tuple[dict[str, str], bool]:
    """Inputs and mark of the step of a lifetime's limit."""
    leg = leg_under(sure("gba-network-hk"), {"cancer_treatment": 1000}, used)
    (step,) = (one for one in leg.trace if one.rule.endswith("cancer_treatment.lifetime_limit"))
    return step.inputs, step.assumption


@pytest.mark.parametrize(("used", "assumed"), [({}, False), (None, True)])
def test_days_of_the_year_that_nobody_stated_are_marked(
    used: dict[str, int] | None, assumed: bool
) -> None:
    leg = leg_under(sure("vhis-standard-hk"), {"room": 360000}, used)
    (step,) = (one for one in leg.trace if one.rule.endswith("room.per_day"))
    assert step.assumption is assumed


def test_days_count_also_where_another_limit_is_the_tighter_one() -> None:
    """HKD 750 a day beside HKD 5 a year for the room: the limit pays 5, the day is used."""
    plan = sure("vhis-standard-hk")
    key = "benefits.room.limit"
    like = plan.parameters["annual_limit"].model_copy(update={"key": key})
    tight = with_value(sure("vhis-standard-hk", **{key: like}), key, 500)
    leg = leg_under(tight, {"room": 360000}, {"year.2.deductible": 800_000})
    assert leg.use["year.2.room.days"] == 1
    assert leg.direct_benefit == hk_cents(450), "less 10 % of the patient's"


def test_a_limit_tells_what_was_used_of_it_and_that_nobody_stated_it() -> None:
    inputs, assumed = limited({"lifetime.cancer_treatment.paid": 99_999_999})
    assert (inputs["used"], inputs["limit"], assumed) == ("HKD 999,999.99", "HKD 0.01", False)
    inputs, assumed = limited({"lifetime.cancer_treatment.paid": 100_000_005})
    assert (inputs["used"], inputs["limit"]) == ("HKD 1,000,000.05", "HKD 0.00")
    inputs, assumed = limited({})
    assert "used" not in inputs and not assumed
    assert limited(None)[1], "taken as nothing used, and said so"


def test_a_limit_leaves_the_patients_own_part_of_a_visit_alone_unless_there_is_one() -> None:
    assert Limit(amount=5, keys=[], base=9).payable == 5
    assert Limit(amount=5, keys=[], base=9, copay=2).payable == 3
    assert Limit(amount=None, keys=[], base=9, copay=10).payable == 0


@pytest.mark.parametrize(
    ("used", "told", "assumed"),
    [
        ({}, "HKD 0.00", False),
        ({"year.2.deductible": 5}, "HKD 0.05", False),
        (None, "not stated", True),
    ],
)
def test_a_deductible_tells_what_was_taken_before_or_that_nobody_stated_it(
    used: dict[str, int] | None, told: str, assumed: bool
) -> None:
    leg = leg_under(sure("vhis-standard-hk"), {"miscellaneous": 1_000_000}, used)
    (step,) = (one for one in leg.trace if one.result.startswith("DEDUCTIBLE"))
    assert (step.inputs["deductible_used"], step.assumption) == (told, assumed)


def test_a_deductible_that_was_taken_above_its_amount_takes_nothing_more() -> None:
    used = {"year.2.deductible": 800_001}
    leg = leg_under(sure("vhis-standard-hk"), {"miscellaneous": 1_000}, used)
    assert leg.direct_benefit == hk_cents(900), "less 10 % of the patient's"
