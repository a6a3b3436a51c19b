"""Runs any case of this folder's tables and tells what people read and what the ledger needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import AllocationResult, FunderTotal, Sentence, TraceStep
from crossclaim.domain.connect_items import connect_flags, connect_plan
from crossclaim.domain.cover import Cover
from crossclaim.domain.credit import (
    CreditApplication,
    application_faults,
    instalment_faults,
    repayment,
)
from crossclaim.domain.dual_cover import InsurersLegs, insurers_legs
from crossclaim.domain.filed_prices import PILOT_PLAN, designation_flags, price_flags, price_lists
from crossclaim.domain.insured import InsuredStatus
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.reimbursement import Payout, pay_out, reimburse
from crossclaim.domain.submission import FunderKind
from tests.rules import (
    basic_scene,
    insurer_facts,
    payout_scene,
    test_alternatives,
    test_basic_ledger,
    test_bill_flags,
    test_bill_refusals,
    test_bundles,
    test_bureau_links,
    test_claim_review,
    test_insurers_tables,
    test_spouse,
    test_switched_on,
    test_tables,
    test_true_up,
    test_unstated_use,
    withdrawal_scene,
)
from tests.rules import facts as given

HERE = Path(__file__).parent
Case = dict[str, Any]


class Told(NamedTuple):
    """``result``: how the bill is laid, where a case lays one; ``payout``: what papers are paid."""

    trace: list[TraceStep]
    texts: list[Sentence]
    codes: list[str]
    result: AllocationResult | None = None
    payout: Payout | None = None


@lru_cache
def table(file: str) -> tuple[Case, ...]:
    return tuple(yaml.load((HERE / file).read_text("utf-8"), Loader=yaml.CSafeLoader))


def case_of(file: str, name: str) -> Case:
    return next(one for one in table(file) if one["name"] == name)


def of_result(result: AllocationResult) -> Told:
    texts = [one.text for one in (*result.faults, *result.alternatives)]
    return Told(result.trace, texts, [one.code for one in result.faults], result)


def of_faults(faults: list[Any], trace: list[TraceStep] | None = None) -> Told:
    return Told(trace or [], [one.text for one in faults], [one.code for one in faults])


def voucher(case: Case) -> Told:
    asked = case["input"]
    facts = given.voucher_facts(asked["balance_hkd"] * 100)
    line = given.line(1, "consultation", asked["fen"], case["period"])
    return of_result(allocate(given.with_lines(facts, [line]), given.PLANS))


def spouse(case: Case) -> Told:
    return of_result(allocate(test_spouse.paired_facts(case), given.PLANS))


def choice(case: Case) -> Told:
    links = test_alternatives.links_of(case)
    return of_result(allocate(test_alternatives.choice_facts(case), given.PLANS, links))


def refused_voucher(case: Case) -> Told:
    return of_result(allocate(test_tables.voucher_case(case), given.PLANS))


def stay(case: Case) -> Told:
    plans = test_tables.plans_of(case["input"])
    return of_result(allocate(test_tables.inpatient_case(case), plans))


def laid(bill: Money, found: InsurersLegs) -> AllocationResult:
    """The bill as its insurers pay it directly; what they owe the patient comes later."""
    parts = [
        FunderTotal(funder=FunderKind.INSURER, organisation=part.organisation, amount=amount)
        for part in found.parts
        if fen(0) < (amount := part.leg.direct)
    ]
    later = [
        FunderTotal(funder=FunderKind.INSURER, organisation=part.organisation, amount=amount)
        for part in found.parts
        if fen(0) < (amount := part.leg.later)
    ]
    own = bill - total((one.amount for one in parts), Currency.CNY)
    patient = FunderTotal(funder=FunderKind.PATIENT, amount=own)
    return AllocationResult(total=bill, totals=[*parts, patient], further_reimbursements=later)


def of_legs(bill: Money, found: InsurersLegs) -> Told:
    trace = [step for part in found.parts for step in part.leg.trace]
    told = of_faults(list(found.faults), trace)
    return told if found.faults else told._replace(result=laid(bill, found))


def network(case: Case) -> Told:
    asked, day = case["input"], case["period"]
    begun = {"since": insurer_facts.date(2025, 1, 1), "accident": False, "used": {}}
    known = {
        "plan": asked.get("plan", "gba-network-hk"),
        "rates": {"quote": asked.get("rate", "1.0000")},
    }
    cover: Cover = insurer_facts.cover(begun | asked | known, day)
    facts = insurer_facts.bill(asked, day)
    plans = insurer_facts.plans(asked.get("plans"))
    legs = insurers_legs(facts, [cover], plans, insurer_facts.left(facts))
    return of_legs(facts.bill.total, legs)


def dual(case: Case) -> Told:
    found, facts = test_insurers_tables.dual(case)
    return of_legs(facts.bill.total, found)


def visits(case: Case) -> Told:
    asked, day = case["input"], case["period"]
    rates = asked.get("rates", {"payout": "1.0000", "days": {day: "1.0000"}})
    plan = insurer_facts.plans(None).find(asked.get("plan", "outpatient-visits-hk"))
    assert plan is not None
    known = {name: value for name, value in asked.items() if name != "bills"}
    begun = {"since": insurer_facts.date(2025, 1, 1), "used": {}, "plan": plan.id}
    cover = insurer_facts.cover(begun | known | {"rates": rates}, day)
    bills = [insurer_facts.bill(one, day) for one in asked["bills"]]
    found = reimburse(bills, plan, cover)
    told = of_faults(found.faults, found.trace)
    if found.faults:
        return told
    whole = total((one.bill.total for one in bills), Currency.CNY)
    own = [FunderTotal(funder=FunderKind.PATIENT, amount=whole)]
    paid = pay_out(found, plan.on(day), cover.rates)
    result = AllocationResult(total=whole, totals=own)
    return told._replace(trace=[*found.trace, *paid.trace], result=result, payout=paid)


def mainland(case: Case) -> Told:
    paid = basic_scene.pay(case)
    bill = sum(line["fen"] for line in case["input"]["lines"])
    totals = [
        FunderTotal(
            funder=funder,
            organisation=organisation,
            amount=fen(sum(paid.figures.get(name, 0) for name in names)),
        )
        for funder, organisation, names in test_basic_ledger.PURSES
    ]
    told = of_faults(paid.faults, paid.trace)
    return told._replace(result=AllocationResult(total=fen(bill), totals=totals))


def credit(case: Case) -> Told:
    asked = case["input"]
    plan = basic_scene.plan_at(basic_scene.PAY_LATER_PLAN, case["period"])
    if "born" in asked:
        application = CreditApplication(
            birth_date=asked["born"],
            status=InsuredStatus(asked.get("status", "ACTIVE")),
            asked=fen(asked["asked"]),
            on=case["period"],
        )
        return of_faults(list(application_faults(application, plan)))
    faults = list(instalment_faults(asked["instalments"], plan))
    if faults:
        return of_faults(faults)
    back = repayment(fen(asked["drawn"]), case["period"], asked["instalments"], plan)
    return Told(back.trace, [], [])


def true_up(case: Case) -> Told:
    asked = case["input"]
    facts = given.voucher_facts() if asked["bill"] == "voucher" else given.inpatient_facts()
    return of_result(test_true_up.split(facts, asked["now"]))


def refusal(case: Case) -> Told:
    return of_result(test_bill_refusals.decided(case))


def at_the_bureau(case: Case) -> Told:
    return of_result(test_bureau_links.decided(case))


def prices(case: Case) -> Told:
    facts = test_bill_flags.bill(case, case["input"]["lines"])
    pilot = test_bill_flags.SHOWN.find(PILOT_PLAN)
    assert pilot is not None
    lists = price_lists(test_bill_flags.SHOWN, facts.episode.hospital)
    return of_faults([*designation_flags(facts, pilot), *price_flags(facts, lists)])


def bundle(case: Case) -> Told:
    result = test_bundles.decided(case)
    told, flags = of_result(result), list(result.flags)
    texts = [*told.texts, *(flag.text for flag in flags)]
    return told._replace(texts=texts, codes=[*told.codes, *(flag.code for flag in flags)])


def switched_on(case: Case) -> Told:
    found, facts = test_switched_on.legs_of(case)
    return of_legs(facts.bill.total, found)


def unstated(case: Case) -> Told:
    found, facts = test_unstated_use.legs_of(case)
    return of_legs(facts.bill.total, found)


def items(case: Case) -> Told:
    code, category = case["input"]["line"]
    facts = test_bill_flags.bill(case, [[code, category, 100, 1]])
    shown = case["input"]["list"] == "example"
    plan = connect_plan(test_bill_flags.SHOWN if shown else given.PLANS)
    assert plan is not None
    return of_faults(list(connect_flags(facts, plan)))


def route(case: Case) -> Told:
    found = payout_scene.routed(case)
    return of_faults(found.faults, found.trace)


def rails(case: Case) -> Told:
    found = payout_scene.railed(case)
    return of_faults(found.faults, found.trace)


def returns(case: Case) -> Told:
    after = payout_scene.told_by_bank(case).after
    return Told(after.trace if after else [], [], [])


def clock(case: Case) -> Told:
    return Told(payout_scene.clocked(case).trace, [], [])


def consent(case: Case) -> Told:
    found = withdrawal_scene.withdrawn(case)
    return of_faults([*found.faults, *found.alerts], found.trace)


def checked(case: Case) -> Told:
    found = test_claim_review.reviewed(case)
    return Told(found.trace, [], [reason.value for reason in found.reasons])


RUNS: dict[str, Callable[[Case], Told]] = {
    "e1-voucher-outpatient.yaml": voucher,
    "e2-spouse.yaml": spouse,
    "e3-alternatives.yaml": choice,
    "e4-voucher-refused.yaml": refused_voucher,
    "e5-inpatient.yaml": stay,
    "e5-network.yaml": network,
    "e6-reimbursement.yaml": visits,
    "e6-payout-clock.yaml": clock,
    "e7-payout-route.yaml": route,
    "e7-payout-rails.yaml": rails,
    "e7-payout-returns.yaml": returns,
    "e8-jiangmen.yaml": mainland,
    "e8-other-cities.yaml": mainland,
    "e9-family-and-waiting.yaml": mainland,
    "e10-dongguan.yaml": mainland,
    "e10-credit.yaml": credit,
    "e11-dual-cover.yaml": dual,
    "e12-consent-withdrawn.yaml": consent,
    "true-up.yaml": true_up,
    "bill-refusals.yaml": refusal,
    "bureau-answers.yaml": at_the_bureau,
    "filed-prices.yaml": prices,
    "hkmo-connect.yaml": items,
    "bundles.yaml": bundle,
    "switched-on.yaml": switched_on,
    "unstated-use.yaml": unstated,
    "claim-review.yaml": checked,
}
"""Every table but those that say nothing to people and post nothing."""


@cache
def run(file: str, name: str) -> Told:
    """What a case tells; worked out once, as several tests read it."""
    return RUNS[file](case_of(file, name))
