"""Bills that no funder's rule is asked about, the order of funders, and decisions of insurers."""

from __future__ import annotations

import pytest

from crossclaim.domain.allocate import allocate, reconcile_with_decision
from crossclaim.domain.allocation import AllocationResult, BillFacts
from crossclaim.domain.money import Currency, Money, fen, hk_cents
from crossclaim.domain.submission import FunderKind
from tests.rules import facts as given
from tests.rules.test_scenarios import answer
from tests.rules.test_tables import Case, cases

COVERAGES = {
    "voucher": {"funder": "voucher"},
    "insurer": {"funder": "insurer", "organisation": "harbour-life", "plan": given.INSURER_PLAN},
}
DIFFERENCES = {"DECISION_DIFFERS", "DECISION_ABOVE_BILL"}


def with_currency(facts: BillFacts, currency: str, since: int) -> BillFacts:
    """The lines from that place on in another currency."""
    lines = facts.bill.lines[:since] + [
        one.model_copy(
            update={
                "amount": Money(amount_minor=one.amount.amount_minor, currency=Currency(currency))
            }
        )
        for one in facts.bill.lines[since:]
    ]
    return facts.model_copy(update={"bill": facts.bill.model_copy(update={"lines": lines})})


def facts_of(case: Case) -> BillFacts:
    asked, day = case["input"], case["period"]
    guarantee = asked.get("guarantee_c", 5000000)
    inpatient = asked["bill"] == "inpatient"
    facts = given.inpatient_facts(guarantee) if inpatient else given.voucher_facts()
    if "lines" in asked:
        wire = [
            given.line(number, category, amount, day) for number, category, amount in asked["lines"]
        ]
        facts = given.with_lines(facts, wire)
    if "currency" in asked:
        facts = with_currency(facts, asked["currency"], asked.get("currency_from", 0))
    if "total" in asked:
        wrong = facts.bill.model_copy(update={"total": fen(asked["total"])})
        facts = facts.model_copy(update={"bill": wrong})
    if "funders" in asked:
        facts = given.with_episode(facts, coverages=[COVERAGES[name] for name in asked["funders"]])
        known = {"insurer_rate": given.rate(), "guarantee_limit": hk_cents(guarantee)}
        facts = facts.model_copy(update=known)
    return facts.model_copy(update=dict.fromkeys(asked.get("without", [])))


def decided(case: Case) -> AllocationResult:
    result = allocate(facts_of(case), given.PLANS)
    if "decided_c" not in case["input"]:
        return result
    return reconcile_with_decision(result, answer(case["input"]["decided_c"])).result


@pytest.mark.parametrize("case", cases("bill-refusals.yaml"))
def test_a_bill_is_asked_about_refused_or_decided_as_the_table_says(case: Case) -> None:
    wanted, found = dict(case["output"]), decided(case)
    assert [one.code for one in found.faults] == wanted.pop("codes")
    places = [one.pointer for one in found.faults]
    assert places == wanted.pop("at", places)
    told = {step.result.split()[0] for step in found.trace}
    expected = set(wanted.pop("told", []))
    assert expected <= told
    assert told & DIFFERENCES == expected & DIFFERENCES
    figures = {f"{kind.value}_fen": found.of(kind).amount_minor for kind in FunderKind}
    assert {name: figures[name] for name in wanted} == wanted
