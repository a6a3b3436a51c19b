"""Filed prices, bundles, designation and approved items: each threshold, and what is invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.connect_items import bill_flags, connect_flags, connect_plan
from crossclaim.domain.filed_prices import (
    PILOT_PLAN,
    designation_flags,
    price_flags,
    price_lists,
)
from crossclaim.domain.plan import PlanSet, Unknown
from crossclaim.plans.fault import PlanInvalid
from crossclaim.plans.loader import DATA, EXAMPLES, load_plan, load_plans
from tests.rules import facts as given
from tests.rules.test_tables import Case, cases

SHOWN: PlanSet = load_plans(demonstration=True)


def bill(case: Case, lines: list[Any]) -> BillFacts:
    asked, day = case["input"], case["period"]
    wire = [
        given.line(n, category, fen, day, quantity=quantity) | {"code": code}
        for n, (code, category, fen, quantity) in enumerate(lines, 1)
    ]
    facts = given.with_lines(given.inpatient_facts(), wire)
    changed: dict[str, Any] = {
        "hospital": asked.get("hospital", "hku-szh"),
        "visit": {"channel": asked.get("channel", "international")},
    }
    if "diagnoses" in asked:
        codes = asked["diagnoses"]
        changed["diagnoses"] = [{"system": "icd-10", "code": code} for code in codes]
    return given.with_episode(facts, **changed)


def told(flags: list[Any]) -> list[list[str]]:
    return [[flag.code, flag.pointer] for flag in flags]


@pytest.mark.parametrize("case", cases("filed-prices.yaml"))
def test_a_charge_is_held_against_the_price_filed_by_its_day(case: Case) -> None:
    facts = bill(case, case["input"]["lines"])
    pilot = SHOWN.find(PILOT_PLAN)
    assert pilot is not None
    lists = price_lists(SHOWN, facts.episode.hospital)
    flags = [*designation_flags(facts, pilot), *price_flags(facts, lists)]
    assert told(flags) == case["output"]["flags"]


@pytest.mark.parametrize("case", cases("hkmo-connect.yaml"))
def test_an_item_is_held_against_its_approval(case: Case) -> None:
    code, category = case["input"]["line"]
    facts = bill(case, [[code, category, 100, 1]])
    plans = SHOWN if case["input"]["list"] == "example" else given.PLANS
    plan = connect_plan(plans)
    assert plan is not None and plan.example == (plans is SHOWN)
    assert told(connect_flags(facts, plan)) == case["output"]["flags"]


def test_a_flag_says_what_was_charged_what_was_filed_and_when() -> None:
    case: Case = {"period": date(2026, 5, 1), "input": {}}
    facts = bill(case, [["intl-consult", "consultation", 88001, 1]])
    (flag,) = price_flags(facts, price_lists(SHOWN, "hku-szh"))
    assert "CNY 880.01" in flag.text.en and "2026-05-01" in flag.text.zh_hant
    assert "CNY 880.00" in flag.text.zh_hans


def test_each_line_is_judged_by_the_prices_of_its_own_day() -> None:
    case: Case = {"period": date(2026, 5, 1), "input": {}}
    facts = bill(case, [["intl-consult", "consultation", 88000, 1]] * 2)
    early = facts.bill.lines[1].model_copy(update={"service_date": date(2026, 4, 30)})
    lines = [facts.bill.lines[0], early]
    facts = facts.model_copy(update={"bill": facts.bill.model_copy(update={"lines": lines})})
    lists = price_lists(SHOWN, "hku-szh")
    assert told(price_flags(facts, lists)) == [["PRICE_ABOVE_FILED", "/lines/1/amount"]]


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_lists_the_newest_filing_holds(turned: bool) -> None:
    (old,) = price_lists(SHOWN, "hku-szh")
    dated = old.parameters["prices.intl-consult"]
    later = dated.values[0].model_copy(update={"since": date(2026, 2, 1), "value": 90000})
    key = "prices.intl-consult"
    more = dated.model_copy(update={"values": (later,)})
    new = old.model_copy(update={"id": "second", "parameters": old.parameters | {key: more}})
    case: Case = {"period": date(2026, 4, 30), "input": {}}
    lists = [new, old] if turned else [old, new]
    at, over = (bill(case, [["intl-consult", "consultation", fen, 1]]) for fen in (90000, 90001))
    assert price_flags(at, lists) == []
    assert told(price_flags(over, lists)) == [["PRICE_ABOVE_FILED", "/lines/0/amount"]]


def test_one_bundle_is_no_part_of_another() -> None:
    case: Case = {"period": date(2026, 4, 30), "input": {}}
    lines = [["check-up-day", "treatment", 520000, 1], ["hip-replacement", "examination", 100, 1]]
    assert price_flags(bill(case, lines), price_lists(SHOWN, "hku-szh")) == []


def test_an_approval_that_was_refused_is_none() -> None:
    plan = connect_plan(SHOWN)
    assert plan is not None
    refused = given.with_value(plan, "connect.items.hkmo-d001.approved", False)
    case: Case = {"period": date(2026, 4, 30), "input": {}}
    facts = bill(case, [["hkmo-d001", "special_drug", 100, 1]])
    assert told(connect_flags(facts, refused)) == [["CONNECT_ITEM_NOT_APPROVED", "/lines/0/code"]]


def test_all_checks_of_a_bill_come_together_and_change_no_split() -> None:
    facts = given.inpatient_facts()
    codes = [flag.code for flag in bill_flags(facts, given.PLANS)]
    assert codes == ["PRICE_LIST_UNKNOWN", "CONNECT_INSTITUTION_UNKNOWN", "CONNECT_ITEM_UNKNOWN"]
    flagged, clean = allocate(facts, given.PLANS), allocate(facts, SHOWN)
    assert [flag.code for flag in flagged.flags] == codes and clean.flags == []
    assert flagged.model_copy(update={"flags": []}) == clean


def test_invented_lists_are_refused_outside_a_demonstration() -> None:
    files = sorted((DATA / EXAMPLES).glob("*.yaml"))
    assert len(files) >= 2
    for file in files:
        assert load_plan(file, demonstration=True).example
        with pytest.raises(PlanInvalid, match="refused outside demonstration"):
            load_plan(file)
    assert not any(plan.example for plan in load_plans().plans)


def test_an_invented_list_dropped_among_the_real_ones_is_refused(tmp_path: Any) -> None:
    text = (DATA / EXAMPLES / "hkmo-connect-example.yaml").read_text("utf-8")
    (tmp_path / "hkmo-connect-example.yaml").write_text(text, "utf-8")
    with pytest.raises(PlanInvalid, match="refused outside demonstration"):
        load_plans(tmp_path)


def test_a_twin_that_looks_at_the_newest_price_only_lets_an_early_rise_pass() -> None:
    case: Case = {"period": date(2026, 4, 30), "input": {}}
    facts = bill(case, [["intl-consult", "consultation", 88000, 1]])
    lists = price_lists(SHOWN, "hku-szh")
    newest = lists[0].parameters["prices.intl-consult"].values[-1].value
    assert isinstance(newest, int) and facts.bill.lines[0].amount.amount_minor <= newest
    assert told(price_flags(facts, lists)) == [["PRICE_ABOVE_FILED", "/lines/0/amount"]]


def test_a_flag_names_line_item_and_hospital_each_in_its_place() -> None:
    plan = connect_plan(SHOWN)
    assert plan is not None
    key = "connect.items.hkmo-d001.institutions"
    silent = plan.model_copy(
        update={"parameters": {k: v for k, v in plan.parameters.items() if k != key}}
    )
    case: Case = {"period": date(2026, 4, 30), "input": {}}
    facts = bill(case, [["hkmo-d001", "special_drug", 100, 1]])
    (flag,) = connect_flags(facts, silent)
    assert [flag.code, flag.pointer] == ["CONNECT_INSTITUTION_UNKNOWN", "/lines/0/code"]
    assert "hku-szh" in flag.text.en
    (own,) = connect_flags(facts, given.with_value(plan, key, ("jiangmen-central",)))
    assert [own.code, own.pointer] == ["CONNECT_ITEM_OTHER_INSTITUTION", "/lines/0/code"]


def test_a_hospital_that_is_not_designated_is_flagged_with_hospital_and_day() -> None:
    case: Case = {"period": date(2026, 4, 30), "input": {"hospital": "jiangmen-central"}}
    facts = bill(case, [["intl-consult", "consultation", 100, 1]])
    pilot = SHOWN.find(PILOT_PLAN)
    assert pilot is not None
    (flag,) = designation_flags(facts, pilot)
    assert "jiangmen-central" in flag.text.en and "2026-04-30" in flag.text.en
    assert flag.text.en.index("jiangmen-central") != flag.text.en.index("2026-04-30")
    assert flag.code in [one.code for one in bill_flags(facts, SHOWN)]


def test_each_reason_against_a_hospital_comes_once_in_the_order_of_the_days() -> None:
    pilot = SHOWN.find(PILOT_PLAN)
    assert pilot is not None
    key = "international.hospitals.hku-szh"
    like = pilot.parameters[key].values[0]
    days = {date(2026, 4, 1): False, date(2026, 4, 10): Unknown.UNKNOWN, date(2026, 4, 20): False}
    values = tuple(like.model_copy(update={"since": d, "value": v}) for d, v in days.items())
    dated = pilot.parameters[key].model_copy(update={"values": values})
    changed = pilot.model_copy(update={"parameters": pilot.parameters | {key: dated}})
    case: Case = {"period": date(2026, 4, 5), "input": {}}
    facts = bill(case, [["intl-consult", "consultation", 100, 1]] * 3)
    lines = [
        line.model_copy(update={"service_date": date(2026, 4, day)})
        for line, day in zip(facts.bill.lines, (5, 15, 25), strict=True)
    ]
    facts = facts.model_copy(update={"bill": facts.bill.model_copy(update={"lines": lines})})
    first, second = designation_flags(facts, changed)
    assert first.code == "INTERNATIONAL_NOT_DESIGNATED" and "2026-04-05" in first.text.en
    assert second.code == "INTERNATIONAL_UNKNOWN" and "2026-04-15" in second.text.en


@pytest.mark.parametrize("turned", [False, True])
def test_a_bundle_of_the_second_list_is_found_behind_a_list_without_it(turned: bool) -> None:
    (full,) = price_lists(SHOWN, "hku-szh")
    keys = {k: v for k, v in full.parameters.items() if not k.startswith("bundles.")}
    bare = full.model_copy(update={"id": "bare", "parameters": keys})
    case: Case = {"period": date(2026, 4, 30), "input": {}}
    lines = [["check-up-day", "treatment", 100, 1], ["intl-lab", "examination", 1, 1]]
    facts = bill(case, lines)
    lists = [full, bare] if turned else [bare, full]
    flags = [flag for flag in price_flags(facts, lists) if flag.code == "BUNDLE_PART_BILLED"]
    wanted = [flag for flag in price_flags(facts, [full]) if flag.code == "BUNDLE_PART_BILLED"]
    assert flags == wanted and len(flags) == 1


def test_a_price_list_belongs_to_the_hospital_that_it_names_last() -> None:
    (full,) = price_lists(SHOWN, "hku-szh")
    named = full.parameters["price_list.hospital"]
    before = named.values[0].model_copy(update={"since": date(2020, 1, 1), "value": "other"})
    moved = named.model_copy(update={"values": (before, *named.values)})
    plan = full.model_copy(update={"parameters": full.parameters | {"price_list.hospital": moved}})
    assert price_lists(PlanSet(plans=(plan,)), "hku-szh") == [plan]
    assert price_lists(PlanSet(plans=(plan,)), "other") == []
