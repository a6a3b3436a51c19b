"""A refused bill lists what would be legal, by the same rules, cheapest for the patient first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.domain.allocate import LINKS, allocate, split
from crossclaim.domain.allocation import AllocationResult, BillFacts, FunderTotal, Share
from crossclaim.domain.alternatives import COVERAGES_MAX, alternatives
from crossclaim.domain.chain import Left, LegAnswer, Link, Part
from crossclaim.domain.money import Currency, fen, half_up, hk_cents, total
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.story_words import FUNDERS
from crossclaim.domain.submission import FunderKind
from tests.rules import facts as given
from tests.rules.test_scenarios import conserved
from tests.rules.test_tables import Case, cases


def fund_of(ratio: str, eligible: int) -> Link:
    """Basic insurance on a bill of one line, as scenario E3 states it: a ratio of what is eligible,
    never above what is left."""

    def carry(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        (number,) = left
        amount = min(fen(half_up(eligible * Decimal(ratio))), left[number])
        share = Share(line=number, funder=FunderKind.BASIC_INSURANCE, amount=amount)
        summed = FunderTotal(funder=FunderKind.BASIC_INSURANCE, amount=amount)
        return LegAnswer(parts=[Part(total=summed, shares=[share], trace=[])])

    return Link(FunderKind.BASIC_INSURANCE, carry)


def choice_facts(case: Case) -> BillFacts:
    asked, day = case["input"], case["period"]
    facts = given.voucher_facts(asked["balance_hkd"] * 100)
    facts = given.with_lines(facts, [given.line(1, "consultation", asked["fen"], day)])
    coverages = [{"funder": funder} for funder in asked["funders"]]
    visit = {"channel": asked.get("channel", "voucher_dedicated")}
    facts = given.with_episode(given.served_on(facts, day), coverages=coverages, visit=visit)
    if "stated" in asked:
        wrong = facts.bill.model_copy(update={"total": fen(asked["stated"])})
        facts = facts.model_copy(update={"bill": wrong})
    chosen = tuple(asked["chosen"]) if "chosen" in asked else None
    return facts.model_copy(update={"chosen": chosen})


def links_of(case: Case) -> tuple[Link, ...]:
    asked = case["input"]
    if "basic_ratio" not in asked:
        return LINKS
    return (*LINKS, fund_of(asked["basic_ratio"], asked["eligible"]))


def carried(totals: list[FunderTotal]) -> Case:
    return {one.funder.value: one.amount.amount_minor for one in totals}


@pytest.mark.parametrize("case", cases("e3-alternatives.yaml"))
def test_a_refusal_lists_the_legal_ways_with_their_figures(case: Case) -> None:
    wanted = dict(case["output"])
    facts = choice_facts(case)
    result = allocate(facts, given.PLANS, links_of(case))
    assert sorted(f.code for f in result.faults) == sorted(wanted.pop("codes"))
    listed: list[Case] = wanted.pop("alternatives", [])
    assert {name: carried(result.totals)[name] for name in wanted} == wanted
    assert len(result.alternatives) == len(listed)
    for one, asked in zip(result.alternatives, listed, strict=True):
        found = {FunderKind.BASIC_INSURANCE.value: 0} | carried(one.totals)
        found |= {"coverages": one.coverages}
        assert {name: found[name] for name in asked} == asked
        assert total((t.amount for t in one.totals), Currency.CNY) == facts.bill.total
        assert one.text.en and one.text.zh_hant and one.text.zh_hans


def test_e3_tells_both_choices_in_three_languages() -> None:
    case = next(c.values[0] for c in cases("e3-alternatives.yaml"))
    result = allocate(choice_facts(case), given.PLANS, links_of(case))
    first, second = (one.text for one in result.alternatives)
    assert first.en == "vouchers: CNY 419.99. The patient pays CNY 0.01."
    assert first.zh_hans == "医疗券：CNY 419.99；病人支付CNY 0.01。"
    assert second.zh_hant == "基本醫療保險：CNY 240.00；病人支付CNY 180.00。"


def test_a_bill_that_is_not_refused_has_no_alternatives() -> None:
    assert allocate(given.voucher_facts(), given.PLANS).alternatives == []
    assert allocate(given.inpatient_facts(), given.PLANS).alternatives == []


def test_of_two_insurers_each_alone_is_legal_and_the_one_that_pays_more_comes_first() -> None:
    facts = given.inpatient_facts()
    coverage = facts.episode.model_dump(mode="json")["coverages"][0]
    dearer = given.PLANS.find(given.INSURER_PLAN)
    assert dearer is not None
    other = given.with_value(dearer, "deductible.per_year", 900000)
    other = other.model_copy(update={"id": "other-plan"})
    coverages = [coverage | {"plan": "other-plan"}, coverage]
    plans = given.PLANS.replacing([other])
    result = allocate(given.with_episode(facts, coverages=coverages), plans)
    assert [f.code for f in result.faults] == ["DUAL_COVER_NEEDS_PERSON"]
    assert [one.coverages for one in result.alternatives] == [[1], [0]]
    assert result.alternatives[0].patient == fen(2081017)


def test_what_comes_back_later_counts_before_what_is_paid_at_the_window() -> None:
    """Under a guarantee of HK$30,000 the patient pays more first, and the same in the end."""
    facts = given.inpatient_facts(3000000)
    coverages = [*facts.episode.model_dump(mode="json")["coverages"], {"funder": "pay_later"}]
    result = allocate(given.with_episode(facts, coverages=coverages), given.PLANS)
    (one,) = result.alternatives
    assert one.patient == fen(2440050) and one.later_reimbursement == fen(359033)
    assert "CNY 3,590.33" in one.text.en and "索償" in one.text.zh_hant


def test_every_funder_has_a_name_in_three_languages() -> None:
    assert {kind.value for kind in FunderKind} <= set(FUNDERS)


def test_many_coverages_are_tried_one_by_one_so_that_the_work_stays_small() -> None:
    calls = 0

    def counted(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        nonlocal calls
        calls += 1
        return LegAnswer()

    links = (*LINKS, Link(FunderKind.PAY_LATER, counted))
    coverages: list[Any] = [{"funder": "pay_later"}] * (COVERAGES_MAX + 20)
    facts = given.with_episode(given.voucher_facts(), coverages=[{"funder": "voucher"}, *coverages])
    facts = facts.model_copy(update={"voucher_balance": None})
    result = allocate(facts, given.PLANS, links)
    assert result.refused and len(result.alternatives) == COVERAGES_MAX + 20
    assert calls <= COVERAGES_MAX + 22


@pytest.mark.parametrize(("others", "wanted"), [(COVERAGES_MAX - 1, 1), (COVERAGES_MAX, 6)])
def test_up_to_the_limit_all_choices_are_tried_together(others: int, wanted: int) -> None:
    links = (*LINKS, Link(FunderKind.PAY_LATER, lambda facts, plans, left: LegAnswer()))
    coverages: list[Any] = [{"funder": "voucher"}, *[{"funder": "pay_later"}] * others]
    facts = given.with_episode(given.voucher_facts(), coverages=coverages)
    result = allocate(facts.model_copy(update={"voucher_balance": None}), given.PLANS, links)
    assert len(result.alternatives) == wanted


@st.composite
def refused_bills(draw: st.DrawFn) -> tuple[BillFacts, tuple[Link, ...]]:
    amount = draw(st.integers(1, 500_000))
    asked = {
        "fen": amount,
        "balance_hkd": draw(st.integers(0, 8000)),
        "funders": draw(
            st.permutations(["voucher", "basic_insurance", "pay_later"]).map(
                lambda names: names[: draw(st.integers(1, 3))]
            )
        ),
        "channel": draw(st.sampled_from(["voucher_dedicated", "ordinary", "international"])),
        "basic_ratio": draw(st.sampled_from(["0.00", "0.60", "1.00"])),
        "eligible": draw(st.integers(0, amount)),
    }
    case = {"input": asked, "period": given.voucher_facts().bill.issued_at.date()}
    return choice_facts(case), links_of(case)


@settings(max_examples=100, deadline=None)
@hypothesis_given(refused_bills())
def test_each_alternative_is_what_the_rules_give_for_that_choice(
    drawn: tuple[BillFacts, tuple[Link, ...]],
) -> None:
    facts, links = drawn
    result = allocate(facts, given.PLANS, links)
    assert bool(result.alternatives) == result.refused
    costs = [one.patient.amount_minor for one in result.alternatives]
    assert costs == sorted(costs)
    for one in result.alternatives:
        again = chosen_split(facts, links, one.coverages)
        assert not again.refused and conserved(again, facts)
        assert again.totals == one.totals
    chosen = [set(one.coverages) for one in result.alternatives]
    assert not any(a < b for a in chosen for b in chosen)


def chosen_split(
    facts: BillFacts, links: tuple[Link, ...], coverages: list[int]
) -> AllocationResult:
    return split(facts.model_copy(update={"chosen": tuple(coverages)}), given.PLANS, links)


def test_a_naive_twin_that_only_drops_the_second_funder_misses_the_cheaper_way() -> None:
    case = next(c.values[0] for c in cases("e3-alternatives.yaml") if "few" in str(c.id))
    result = allocate(choice_facts(case), given.PLANS, links_of(case))
    twin = chosen_split(choice_facts(case), links_of(case), [0])
    assert result.alternatives[0].patient < twin.of(FunderKind.PATIENT)


def test_what_the_patient_chose_of_his_own_vouchers_holds_in_the_alternatives() -> None:
    case = next(c.values[0] for c in cases("e3-alternatives.yaml"))
    facts = choice_facts(case).model_copy(update={"own_dollars": 100})
    result = allocate(facts, given.PLANS, links_of(case))
    voucher = next(one for one in result.alternatives if one.coverages == [0])
    assert voucher.totals[0].in_funder_currency == hk_cents(10000)


@pytest.mark.parametrize(("coverages", "tried"), [(5, 32), (6, 64), (7, 8), (8, 9)])
def test_up_to_six_coverages_every_choice_is_tried_and_above_each_for_itself(
    coverages: int, tried: int
) -> None:
    refused = allocate(
        given.inpatient_facts().model_copy(update={"insurer_rate": None}), given.PLANS
    )
    told = [{"funder": "insurer", "organisation": f"i-{n}"} for n in range(coverages)]
    facts = given.with_episode(given.inpatient_facts(), coverages=told)
    asked: list[tuple[int, ...] | None] = []

    def decide(one: BillFacts) -> AllocationResult:
        asked.append(one.chosen)
        return refused

    assert alternatives(facts, decide) == []
    assert len(asked) == len(set(asked)) == tried


def test_a_choice_within_a_legal_one_is_not_tried_but_the_others_are() -> None:
    told = [{"funder": "insurer", "organisation": f"i-{n}"} for n in range(3)]
    facts = given.with_episode(given.inpatient_facts(), coverages=told)
    refused = allocate(facts.model_copy(update={"insurer_rate": None}), given.PLANS)
    legal = allocate(given.inpatient_facts(), given.PLANS)
    found = alternatives(facts, lambda one: legal if one.chosen in ((0, 1), (2,)) else refused)
    assert sorted(one.coverages for one in found) == [[0, 1], [2]]


def test_a_way_with_a_later_part_says_what_is_paid_first_and_what_comes_back() -> None:
    facts = given.inpatient_facts(3000000)
    part = allocate(facts, given.PLANS)
    (one, *_) = alternatives(facts, lambda _: part)
    assert "The patient pays CNY 24,400.50 first and can claim CNY 3,590.33" in one.text.en
    assert one.cost == fen(2440050 - 359033)
