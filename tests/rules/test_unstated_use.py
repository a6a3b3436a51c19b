"""What was used of a cover and nobody stated: the plan's word decides, and none is without it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crossclaim.domain.accumulators import Accumulators
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.dual_cover import InsurersLegs, insurers_legs
from crossclaim.domain.money import counted
from crossclaim.domain.plan import DatedValue, Plan, PlanSet, Unknown
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.unstated_use import UnstatedUse, key_of
from crossclaim.domain.unstated_use import counted as used_up
from crossclaim.plans.fault import PlanFault, PlanInvalid
from crossclaim.plans.loader import DATA, load_plans, read_plan, read_stored, version_of
from tests.rules import insurer_facts as given
from tests.rules.insurer_facts import Case
from tests.rules.test_insurers_tables import agree, cases

SHOWN = load_plans(demonstration=True)
INSURERS = [plan for plan in SHOWN.plans if plan.funder is FunderKind.INSURER]
VHIS, MACAO = "vhis-standard-hk", "macao-hospital-example"
OPERATION = [{"category": "surgeon", "fen": 3_000_000, "surgery_class": "complex"}]
START = date(2020, 1, 1)


def saying(plan: Plan, said: dict[str, Any]) -> Plan:
    """The plan with another word on what nobody stated; None: without one."""
    parameters = dict(plan.parameters)
    for name, word in said.items():
        old = parameters.pop(key_of(name))
        if word is not None:
            dated = word if isinstance(word, dict) else {old.values[0].since: word}
            values = tuple(
                DatedValue(since=since, value=Unknown.UNKNOWN if one == "unknown" else one)
                for since, one in dated.items()
            )
            parameters[old.key] = old.model_copy(update={"values": values})
    return plan.model_copy(update={"parameters": parameters})


def legs_of(case: Case) -> tuple[InsurersLegs, BillFacts]:
    asked, day = case["input"], case["period"]
    plan = SHOWN.find(asked.get("plan", VHIS))
    assert plan is not None
    begun = {"plan": plan.id, "since": START, "accident": False}
    cover = given.cover(begun | {k: asked[k] for k in asked if k not in ("plan", "told")}, day)
    if "told" in asked:
        told = Accumulators(used=asked["told"], only=tuple(asked["told"]))
        cover = cover.model_copy(update={"used": told})
    quote = given.rate("1.0000", day).model_copy(update={"currency": plan.currency})
    update = {
        "guarantee_limit": counted(90_000_000, plan.currency),
        "rates": cover.rates.model_copy(update={"quote": quote}),
    }
    facts = given.bill({"nights": 3, "lines": OPERATION} | asked, day)
    plans: PlanSet = SHOWN.replacing([saying(plan, asked.get("says", {}))])
    return insurers_legs(facts, [cover.model_copy(update=update)], plans, given.left(facts)), facts


@pytest.mark.parametrize("case", cases("unstated-use.yaml"))
def test_what_nobody_stated_is_asked_for_or_forecast_as_the_plan_says(case: Case) -> None:
    found, _ = legs_of(case)
    leg = found.parts[0].leg
    silent = [step for step in leg.trace if "not stated" in step.inputs.values()]
    assert all(step.assumption for step in silent)
    agree(
        case["output"],
        {
            "codes": [one.code for one in found.faults],
            "benefit_c": (leg.direct_benefit + leg.later_benefit).amount_minor,
            "not_stated": [step.rule.split(":")[1].split()[0] for step in silent],
        },
    )


def test_the_naive_default_of_nothing_used_pays_what_the_plan_asks_about(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The naive twin: the code takes it that nothing was used, whatever the plan says."""
    case = {"input": {"plan": MACAO}, "period": date(2026, 3, 11)}
    assert legs_of(case)[0].parts[0].leg.direct_benefit.amount_minor == 0
    monkeypatch.setattr("crossclaim.domain.reductions.asked", lambda *_: False)
    assert legs_of(case)[0].parts[0].leg.direct_benefit.amount_minor == 2_000_000


@pytest.mark.parametrize("plan", INSURERS, ids=lambda plan: plan.id)
def test_every_delivered_plan_says_it_of_all_that_it_counts_and_of_nothing_else(plan: Plan) -> None:
    said = {key for key in plan.parameters if key.startswith("unstated_use.")}
    assert said == {key_of(name) for name in used_up(plan.parameters)} != set()


def test_one_delivered_plan_asks_and_the_others_forecast() -> None:
    asking = {
        plan.id
        for plan in INSURERS
        for key, said in plan.parameters.items()
        if key.startswith("unstated_use.")
        if any(dated.value == UnstatedUse.ASK for dated in said.values)
    }
    assert asking == {MACAO}


def text_of(name: str) -> str:
    return (DATA / f"{name}.yaml").read_text(encoding="utf-8")


def without(text: str, name: str) -> str:
    """A rule file without its word on one counter, as an older program wrote it."""
    (line,) = (
        one
        for one in text.splitlines(keepends=True)
        if one.startswith(f"    {name}: {{unit: code, ")
    )
    return text.replace(line, "")


def older(name: str) -> str:
    """A rule file of a program that had no such word."""
    text = text_of(name)
    head, _, tail = text.partition("  unstated_use:\n")
    lines = tail.splitlines(keepends=True)
    first = next(n for n, line in enumerate(lines) if not line.startswith("    "))
    return head + "".join(lines[first:])


def refused(text: str, name: str = VHIS) -> list[PlanFault]:
    with pytest.raises(PlanInvalid) as caught:
        read_plan(text, f"{name}.yaml")
    return caught.value.faults


@pytest.mark.parametrize(
    ("name", "beside", "allowed"),
    [
        ("deductible", "deductible.per_year", "ask, forecast_none"),
        ("annual_limit", "annual_limit", "ask, forecast_none"),
        ("benefits", "benefits.room.days_limit", "forecast_none"),
    ],
)
def test_a_plan_that_counts_and_does_not_say_it_is_refused_at_what_it_counts(
    name: str, beside: str, allowed: str
) -> None:
    text = without(text_of(VHIS), name)
    (fault,) = refused(text)
    assert (fault.file, fault.key) == (f"{VHIS}.yaml", f"parameters.unstated_use.{name}")
    assert (fault.reason, fault.allowed) == (f"is missing beside {beside}", allowed)
    assert beside.rpartition(".")[2] in text.splitlines()[fault.line - 1]


LINE = "    deductible: {unit: code, values: {2019-04-01: forecast_none}, source: reading, "


@pytest.mark.parametrize(
    ("old", "new", "key", "reason", "allowed"),
    [
        ("forecast_none}", "nothing}", "", "names the unknown nothing", "ask, forecast_none"),
        (", assumption: true", "", ".assumption", "is missing beside forecast_none", "true"),
        (
            "{2019-04-01",
            "{2020-01-01",
            "",
            "leaves a gap from 2019-04-01 on",
            "as long as per_year",
        ),
        ("none}", "none, 2025-01-01: null}", "", "leaves a gap from 2025-01-01 on", "a value"),
    ],
)
def test_a_word_that_leaves_something_open_is_refused(
    old: str, new: str, key: str, reason: str, allowed: str
) -> None:
    line = f"{LINE}assumption: true}}\n"
    faults = refused(text_of(VHIS).replace(line, line.replace(old, new)))
    hit = [one for one in faults if one.key == f"parameters.unstated_use.deductible{key}"]
    assert [one for one in hit if reason in one.reason and allowed in one.allowed], faults


def test_what_no_submission_can_state_is_not_asked_for() -> None:
    line = "    benefits: {unit: code, values: {2019-04-01: forecast_none}"
    (fault,) = refused(text_of(VHIS).replace(line, line.replace("forecast_none", "ask")))
    assert (fault.reason, fault.allowed) == ("names the unknown ask", "forecast_none")


def test_a_word_on_what_the_plan_does_not_count_is_refused() -> None:
    line = "    benefits: {unit: code, values: {2019-04-01: forecast_none}"
    more = line.replace("benefits", "lifetime_limit") + ", source: reading, assumption: true}\n"
    (fault,) = refused(text_of(VHIS).replace(line, more + line))
    assert fault.key == "parameters.unstated_use.lifetime_limit"
    assert fault.reason == "never applies: nothing of lifetime_limit is used up"


@pytest.mark.parametrize("plan", [p for p in INSURERS if not p.example], ids=lambda plan: plan.id)
def test_a_stored_file_of_an_older_program_is_read_as_that_program_read_it(plan: Plan) -> None:
    """Refused as a new file; stored it forecasts nothing used, under the version it was kept as."""
    text, file = older(plan.id), f"{plan.id}.yaml"
    assert refused(text, plan.id)
    stored = read_stored(text, file)
    bare = stored.model_copy(
        update={
            "parameters": {k: p for k, p in stored.parameters.items() if "unstated" not in k},
            "sources": {k: s for k, s in stored.sources.items() if k != "older-program"},
        }
    )
    assert stored.version == version_of(bare) != plan.version
    for key, said in plan.parameters.items():
        if key.startswith("unstated_use."):
            filled = stored.parameters[key]
            assert (filled.values[0].value, filled.assumption) == ("forecast_none", True)
            assert filled.values == said.values


def test_a_stored_file_that_says_it_is_left_as_it_is() -> None:
    text, file = text_of(VHIS), f"{VHIS}.yaml"
    assert read_stored(text, file) == read_plan(text, file)
    with pytest.raises(PlanInvalid):
        read_stored(without(text, "deductible"), file)
