"""What an insurer's rules ask for is asked at the member that answers it, and answered there."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import DATA, read_plan
from tests.flows.hospital import Body, example, varied
from tests.steps.rig import HARBOUR, MUTUAL, Answer, Rig, bill_of, insured_by, policy_number, totals

SCALE, VISITS, NETWORK = "hospital-scale-hk", "outpatient-visits-hk", "gba-network-hk"
VHIS = "vhis-standard-hk"


def asked(answer: Answer) -> dict[str, str]:
    """Pointer → code of every fault."""
    return {error["pointer"]: error["code"] for error in answer.body.get("errors", [])}


def judged(rig: Rig, coverage: Body, **stated: object) -> Answer:
    """A consultation of CNY 900.00 on 2 April 2026, laid on one insurer."""
    episode = rig.open([coverage])
    bill = bill_of(f"MZF-FACTS-{policy_number()}") | stated
    return rig.say(SubmissionKind.BILL, bill, episode)[1]


def there(plan: str, **stated: object) -> Body:
    return insured_by(HARBOUR, "HL-FACTS") | {"plan": plan} | stated


def test_the_first_day_of_cover_is_asked_for_and_then_answered(rig: Rig) -> None:
    coverage = there(VISITS)
    question = {"/cover_facts/0/covered_since": "COVER_START_NOT_STATED"}
    assert asked(judged(rig, coverage)) == question
    told = {"0": {"covered_since": "2025-01-01"}}
    assert judged(rig, coverage, cover_facts=told).status == 200


def test_the_cause_is_asked_for_within_a_waiting_period_only(rig: Rig) -> None:
    early = there(VISITS, covered_since="2026-03-20")
    assert asked(judged(rig, early)) == {"/accident": "CAUSE_NOT_STATED"}
    for accident in (False, True):
        assert judged(rig, early, accident=accident).status == 200
    assert judged(rig, there(VISITS, covered_since="2026-01-01")).status == 200


def test_an_unknown_condition_is_asked_for_where_the_year_cuts_it(rig: Rig) -> None:
    second_year = there(SCALE, covered_since="2025-01-01")
    question = {"/cover_facts/0/pre_existing": "PRE_EXISTING_NOT_STATED"}
    assert asked(judged(rig, second_year)) == question
    assert judged(rig, second_year | {"pre_existing": False}).status == 200
    assert judged(rig, there(SCALE, covered_since="2020-01-01")).status == 200


def test_what_was_used_before_is_taken_as_stated_and_else_marked_as_assumed(rig: Rig) -> None:
    coverage = there(NETWORK, covered_since="2025-01-01")
    told = {"0": {"annual_benefit_used": {"amount": "999900.00", "currency": "HKD"}}}
    stated, silent = judged(rig, coverage, cover_facts=told).split, judged(rig, coverage).split
    assert totals(stated)["insurer"] == "91.50"
    of_limit = [
        [s for s in split.trace if s.rule == f"{NETWORK}:annual_limit"]
        for split in (stated, silent)
    ]
    assert [[step.inputs["used"] for step in steps] for steps in of_limit] == [
        ["HKD 999,900.00"],
        ["not stated"],
    ]
    assert of_limit[1][0].assumption


def asking(rig: Rig, plan: str, *names: str) -> Rig:
    """The same rows under a plan that asks for what was used before."""
    text = (DATA / f"{plan}.yaml").read_text(encoding="utf-8")
    for name in names:
        (line,) = re.findall(f"    {name}: {{unit: code, .*forecast_none", text)
        text = text.replace(line, line.replace("forecast_none", "ask"))
    plans: PlanSet = rig.world.plans.replacing([read_plan(text, f"{plan}.yaml")])
    return replace(rig, world=replace(rig.world, plan_shelf=lambda: plans))


def test_what_was_used_before_is_asked_for_where_the_plan_asks_and_then_answered(rig: Rig) -> None:
    rig = asking(rig, NETWORK, "annual_limit")
    coverage = there(NETWORK, covered_since="2025-01-01")
    question = {"/cover_facts/0/annual_benefit_used": "BENEFIT_USED_NOT_STATED"}
    assert asked(judged(rig, coverage)) == question
    used = {"annual_benefit_used": {"amount": "999900.00", "currency": "HKD"}}
    told = judged(rig, coverage, cover_facts={"0": used})
    assert (told.status, totals(told.split)["insurer"]) == (200, "91.50")
    assert judged(rig, coverage | used).status == 200, "said with the episode"


def test_the_deductible_is_asked_for_at_its_own_member(rig: Rig) -> None:
    rig = asking(rig, VHIS, "deductible", "annual_limit")
    visit = {"number": f"IP-FACTS-{policy_number()}"}
    coverages = [insured_by(HARBOUR, policy_number()) | {"plan": VHIS}]
    stay = varied(example("episode-1-inpatient"), visit=visit, coverages=coverages)
    episode, opened = rig.say(SubmissionKind.EPISODE, stay)
    assert opened.status == 201, opened.body
    for kind, name in (
        (SubmissionKind.ADMISSION, "episode-1-admission"),
        (SubmissionKind.DISCHARGE, "episode-1-discharge"),
    ):
        assert rig.say(kind, example(name), episode)[1].status == 200
    bill = varied(example("episode-1-bill-final"), number=f"F-FACTS-{policy_number()}")
    assert asked(rig.say(SubmissionKind.BILL, bill, episode)[1]) == {
        "/cover_facts/0/deductible_used": "DEDUCTIBLE_USED_NOT_STATED",
        "/cover_facts/0/annual_benefit_used": "BENEFIT_USED_NOT_STATED",
    }


def test_an_insurer_whose_book_is_here_is_asked_nothing(rig: Rig) -> None:
    rig = asking(rig, NETWORK, "annual_limit")
    assert judged(rig, insured_by(MUTUAL, policy_number())).status == 200


def test_the_bills_word_is_newer_than_the_episodes(rig: Rig) -> None:
    coverage = there(SCALE, covered_since="2020-01-01")
    told = {"0": {"covered_since": "2025-06-01"}}
    answer = judged(rig, coverage, cover_facts=told)
    assert asked(answer) == {"/cover_facts/0/pre_existing": "PRE_EXISTING_NOT_STATED"}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("covered_since", "2024-12-31"),
        ("covered_until", "2027-12-30"),
        ("annual_benefit_used", {"amount": "1.00", "currency": "HKD"}),
        ("deductible_used", {"amount": "0.01", "currency": "HKD"}),
    ],
)
def test_our_own_book_of_policies_is_right_and_who_contradicts_it_is_told(
    rig: Rig, member: str, value: object
) -> None:
    policy = policy_number()
    code = "COVER_FACT_CONTRADICTED"
    told = judged(rig, insured_by(MUTUAL, policy), cover_facts={"0": {member: value}})
    assert asked(told) == {f"/cover_facts/0/{member}": code}
    opened = judged(rig, insured_by(MUTUAL, policy) | {member: value})
    assert asked(opened) == {f"/episode/coverages/0/{member}": code}


def test_who_says_what_the_book_says_contradicts_nothing(rig: Rig) -> None:
    told = {
        "covered_since": "2025-01-01",
        "covered_until": "2027-12-31",
        "annual_benefit_used": {"amount": "0.00", "currency": "HKD"},
    }
    answer = judged(rig, insured_by(MUTUAL, policy_number()), cover_facts={"0": told})
    assert answer.status == 200


def test_facts_are_stated_of_insurers_coverages_only(rig: Rig) -> None:
    answer = judged(
        rig, there(NETWORK, covered_since="2025-01-01"), cover_facts={"3": {"order": 1}}
    )
    assert asked(answer) == {"/cover_facts/3": "NO_INSURERS_COVERAGE"}
