"""The chain of funders: its order is data, each link carries what is left, nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from crossclaim.domain.allocate import LINKS, allocate
from crossclaim.domain.allocation import AllocationResult, BillFacts, FunderTotal, Share
from crossclaim.domain.chain import Left, LegAnswer, Link, Part
from crossclaim.domain.combination import ORDER_PLAN
from crossclaim.domain.money import Currency, fen, hk_cents, total
from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.domain.spread import largest_remainder
from crossclaim.domain.submission import FunderKind
from crossclaim.plans.fault import PlanInvalid
from crossclaim.plans.loader import DATA, read_plan
from tests.rules import facts as given
from tests.rules.test_properties import OUTPATIENT, RATES, lines, never_negative_never_above
from tests.rules.test_scenarios import conserved

DAY = date(2026, 3, 11)
SOME = (
    FunderKind.BASIC_INSURANCE,
    FunderKind.INSURER,
    FunderKind.PERSONAL_ACCOUNT,
    FunderKind.PAY_LATER,
)


def purse(funder: FunderKind, limit: int) -> Link:
    """A funder that pays up to so many fen of whatever is left."""

    def carry(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        amount = min(fen(limit), total(left.values(), Currency.CNY))
        numbers = sorted(left)
        parts = largest_remainder(amount.amount_minor, [left[n].amount_minor for n in numbers])
        shares = [
            Share(line=number, funder=funder, amount=fen(part))
            for number, part in zip(numbers, parts, strict=True)
        ]
        summed = FunderTotal(funder=funder, amount=amount)
        return LegAnswer(parts=[Part(total=summed, shares=shares, trace=[])])

    return Link(funder, carry)


def order_plan() -> Plan:
    plan = given.PLANS.find(ORDER_PLAN)
    assert plan is not None
    return plan


def without_order() -> PlanSet:
    return PlanSet(plans=tuple(p for p in given.PLANS.plans if p.id != ORDER_PLAN))


def laid_on(*funders: str) -> BillFacts:
    facts = given.served_on(given.voucher_facts(), DAY)
    return given.with_episode(facts, coverages=[{"funder": funder} for funder in funders])


def paid(result: AllocationResult) -> dict[str, int]:
    return {one.funder.value: one.amount.amount_minor for one in result.totals}


def test_funders_pay_in_the_order_of_the_plan_whatever_the_order_of_coverages() -> None:
    links = (purse(FunderKind.PAY_LATER, 50), purse(FunderKind.PERSONAL_ACCOUNT, 30), *LINKS)
    facts = laid_on("pay_later", "personal_account", "voucher")
    result = allocate(facts, given.PLANS, links)
    assert paid(result) == {
        "voucher": 128558,
        "personal_account": 30,
        "pay_later": 50,
        "patient": 2,
    }
    assert conserved(result, facts)
    step = next(s for s in result.trace if s.result.startswith("FUNDER_ORDER"))
    assert step.result == "FUNDER_ORDER voucher personal_account pay_later"
    assert step.assumption and step.source and step.text.zh_hant
    assert [rule.plan for rule in result.rules][-1] == ORDER_PLAN


def test_another_order_is_a_change_of_data_only() -> None:
    links = (*LINKS, purse(FunderKind.PERSONAL_ACCOUNT, 100000))
    facts = laid_on("voucher", "personal_account")
    turned = given.with_value(order_plan(), "order", ("personal_account", "voucher", "patient"))
    result = allocate(facts, given.PLANS.replacing([turned]), links)
    # 28640 fen are left: floor(28640 / 91.5) = 313 dollars, worth 28639.5 → 28640 fen
    assert paid(result) == {"personal_account": 100000, "voucher": 28640, "patient": 0}
    assert result.totals[1].in_funder_currency == hk_cents(31300)
    assert conserved(result, facts)


def test_a_single_funder_needs_no_order_and_names_none() -> None:
    facts = laid_on("voucher")
    result = allocate(facts, without_order())
    assert not result.refused
    assert result == allocate(facts, given.PLANS)
    assert all(rule.plan != ORDER_PLAN for rule in result.rules)


@pytest.mark.parametrize("order", [None, ("voucher", "patient")])
def test_two_funders_without_a_known_order_go_to_a_person(order: Any) -> None:
    plans = without_order()
    if order:
        plans = plans.replacing([given.with_value(order_plan(), "order", order)])
    links = (*LINKS, purse(FunderKind.PERSONAL_ACCOUNT, 10))
    result = allocate(laid_on("voucher", "personal_account"), plans, links)
    assert [fault.code for fault in result.faults] == ["RULE_NEEDS_PERSON"]
    assert [one.coverages for one in result.alternatives] == [[0], [1]]


def test_two_links_of_one_funder_stand_in_the_order_in_which_they_were_joined() -> None:
    links = (purse(FunderKind.INSURER, 70), purse(FunderKind.INSURER, 50))
    facts = laid_on("insurer", "insurer")
    result = allocate(facts, given.PLANS, links)
    assert not result.refused
    assert [one.amount for one in result.totals] == [fen(70), fen(50), fen(128640 - 120)]


def owing(organisation: str, owed: int) -> Link:
    """An insurer that pays nothing now and so many fen later."""
    later = FunderTotal(funder=FunderKind.INSURER, organisation=organisation, amount=fen(owed))
    return Link(FunderKind.INSURER, lambda facts, plans, left: LegAnswer(later=[later]))


def test_what_several_insurers_owe_later_is_kept_apart_and_lost_by_none() -> None:
    facts = laid_on("insurer", "insurer")
    result = allocate(facts, given.PLANS, (owing("first", 70), owing("second", 50)))
    assert result.later_reimbursement is not None
    assert result.later_reimbursement.organisation == "first"
    assert [one.organisation for one in result.further_reimbursements] == ["second"]
    links = (owing("first", 70), owing("second", 50), *LINKS[:1])
    refused = given.with_episode(facts, visit={"channel": "ordinary"})
    coverages = [{"funder": "insurer"}, {"funder": "insurer"}, {"funder": "voucher"}]
    refused = given.with_episode(refused, coverages=coverages)
    (one,) = allocate(refused, given.PLANS, links).alternatives
    assert one.later_reimbursement == fen(120)
    assert one.cost == fen(128640 - 120)


def test_a_link_that_judges_every_insurer_needs_no_person_to_choose() -> None:
    facts = laid_on("insurer", "insurer", "insurer")
    link = purse(FunderKind.INSURER, 70)
    refused = allocate(facts, given.PLANS, (link,))
    assert [fault.code for fault in refused.faults] == ["DUAL_COVER_NEEDS_PERSON"]
    assert not allocate(facts, given.PLANS, (link._replace(every=True),)).refused


def test_basic_insurance_is_not_asked_about_an_international_bill() -> None:
    facts = given.inpatient_facts()
    coverages = [*facts.episode.model_dump(mode="json")["coverages"], {"funder": "basic_insurance"}]
    facts = given.with_episode(facts, coverages=coverages)
    links = (purse(FunderKind.BASIC_INSURANCE, 10**9), *LINKS)
    result = allocate(facts, given.PLANS, links)
    assert result == allocate(facts, given.PLANS)
    assert result.of(FunderKind.INSURER) == fen(3104033)


def test_a_link_that_carries_more_than_is_left_is_a_bug_and_never_a_split() -> None:
    greedy = Link(
        FunderKind.PAY_LATER,
        lambda facts, plans, left: purse(FunderKind.PAY_LATER, 10**9).carry(
            facts, plans, {n: a + fen(1) for n, a in left.items()}
        ),
    )
    with pytest.raises(AssertionError, match="more than is left"):
        allocate(laid_on("pay_later"), given.PLANS, (greedy,))


def test_a_choice_of_coverages_is_told_with_the_assumption_it_rests_on() -> None:
    facts = laid_on("voucher", "basic_insurance").model_copy(update={"chosen": (0,)})
    result = allocate(facts, given.PLANS)
    assert paid(result) == {"voucher": 128558, "patient": 82}
    step = next(s for s in result.trace if s.rule == "funder-order:episode_of_service")
    assert step.result == "FUNDERS_CHOSEN voucher" and step.assumption
    assert [rule.plan for rule in result.rules] == [given.VOUCHER_PLAN, ORDER_PLAN]


@st.composite
def chains(draw: st.DrawFn) -> tuple[BillFacts, tuple[Link, ...]]:
    facts = given.voucher_facts(draw(st.integers(0, 8000)) * 100, draw(RATES))
    service = given.line(99, "consultation", draw(st.integers(1, 50_000)), DAY)
    facts = given.with_lines(given.served_on(facts, DAY), [*draw(lines(OUTPATIENT)), service])
    facts = given.served_on(facts, DAY)
    others = draw(st.lists(st.sampled_from(SOME[1:]), unique=True))
    links = [Link(FunderKind.VOUCHER, LINKS[0].carry)]
    links += [purse(funder, draw(st.integers(0, 2_000_000))) for funder in others]
    coverages = [{"funder": link.funder.value} for link in draw(st.permutations(links))]
    return given.with_episode(facts, coverages=coverages), tuple(links)


@settings(max_examples=120, deadline=None)
@hypothesis_given(chains(), st.randoms(use_true_random=False))
def test_any_chain_conserves_the_bill_whatever_the_order_of_lines_and_links(
    drawn: tuple[BillFacts, tuple[Link, ...]], random: Any
) -> None:
    facts, links = drawn
    result = allocate(facts, given.PLANS, links)
    assert not result.faults
    assert conserved(result, facts) and never_negative_never_above(result, facts)
    shuffled, turned = list(facts.bill.lines), list(links)
    random.shuffle(shuffled)
    random.shuffle(turned)
    other = facts.model_copy(update={"bill": facts.bill.model_copy(update={"lines": shuffled})})
    again = allocate(other, given.PLANS, tuple(turned))
    assert again.totals == result.totals and again.shares == result.shares


@settings(max_examples=80, deadline=None)
@hypothesis_given(st.integers(0, 200_000), st.integers(0, 200_000), st.integers(1, 50_000))
def test_more_in_a_purse_never_lowers_what_it_pays_nor_raises_the_patients_part(
    first: int, second: int, more: int
) -> None:
    facts = laid_on("personal_account", "pay_later")

    def with_purse(limit: int) -> AllocationResult:
        links = (
            purse(FunderKind.PERSONAL_ACCOUNT, limit),
            purse(FunderKind.PAY_LATER, second),
        )
        return allocate(facts, given.PLANS, links)

    before, after = with_purse(first), with_purse(first + more)
    account = FunderKind.PERSONAL_ACCOUNT
    assert before.of(account) <= after.of(account)
    assert after.of(FunderKind.PATIENT) <= before.of(FunderKind.PATIENT)


def test_a_twin_that_gives_every_funder_the_whole_bill_pays_it_twice() -> None:
    facts = laid_on("voucher", "personal_account")
    links = (*LINKS, purse(FunderKind.PERSONAL_ACCOUNT, 10**6))
    result = allocate(facts, given.PLANS, links)
    twin = sum(
        answer.parts[0].total.amount.amount_minor
        for answer in (
            link.carry(facts, given.PLANS, {x.number: x.amount for x in facts.bill.lines})
            for link in (links[0], links[-1])
        )
    )
    assert twin > facts.bill.total.amount_minor
    assert conserved(result, facts) and result.of(FunderKind.PATIENT) == fen(0)


@pytest.mark.parametrize(
    ("old", "new", "key", "allowed"),
    [
        ("[voucher, basic_insurance,", "[vouchers, basic_insurance,", "order", "voucher"),
        ("values: {2014-07-01: rest}", "values: {2014-07-01: all}", "carries.patient", "rest"),
        ("    pay_later:", "    pay_latter:", "carries.pay_latter", "pay_later"),
        ("values: {2014-07-01: bill}", "values: {2014-07-01: day}", "episode_of_service", "bill"),
    ],
)
def test_a_wrong_order_file_is_refused_with_what_is_allowed(
    old: str, new: str, key: str, allowed: str
) -> None:
    text = (DATA / f"{ORDER_PLAN}.yaml").read_text("utf-8")
    assert old in text
    with pytest.raises(PlanInvalid) as caught:
        read_plan(text.replace(old, new, 1), f"{ORDER_PLAN}.yaml")
    assert [f for f in caught.value.faults if key in f.key and allowed in f.allowed]


@pytest.mark.parametrize(("plan", "named"), [("no-such-plan", "no-such-plan"), (None, "-")])
def test_an_unknown_plan_is_told_by_its_name_and_its_funder(plan: str | None, named: str) -> None:
    told = {"funder": "voucher", **({"plan": plan} if plan else {})}
    facts = given.with_episode(given.voucher_facts(), coverages=[told])
    (fault,) = allocate(facts, PlanSet(plans=())).faults
    assert (fault.code, fault.pointer) == ("PLAN_UNKNOWN", "/episode/coverages/0/plan")
    assert named in fault.text.en and "voucher" in fault.text.en


def test_what_basic_insurance_pays_of_an_international_bill_is_told_as_nothing() -> None:
    facts = given.inpatient_facts()
    told = [*facts.episode.model_dump(mode="json")["coverages"], {"funder": "basic_insurance"}]
    result = allocate(given.with_episode(facts, coverages=told), given.PLANS)
    assert "BASIC_NOT_COVERED_INTERNATIONAL CNY 0.00" in [step.result for step in result.trace]
