"""A bundle of medical care, insurance and travel: what is no medical care stays the patient's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from crossclaim.domain import allocate as allocation_rules
from crossclaim.domain.allocate import LINKS, allocate, split
from crossclaim.domain.allocation import AllocationResult, BillFacts, Fault
from crossclaim.domain.bundles import bundle_faults, bundle_flags
from crossclaim.domain.filed_prices import price_lists
from crossclaim.domain.ledger import bill_entry, non_medical_of, tender_entry
from crossclaim.domain.money import hk_cents, total
from crossclaim.domain.non_medical import NON_MEDICAL, medical_part, medical_split, redone
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import FunderKind
from crossclaim.plans.loader import load_plans
from tests.rules import facts as given
from tests.rules.test_tables import Case, cases

SHOWN = load_plans(demonstration=True)
DAY = date(2026, 4, 14)
PLUS = {"funder": "insurer", "organisation": "kowloon-mutual", "plan": "gba-care-plus-example"}


def bill(case: Case) -> BillFacts:
    asked, day = case["input"], case["period"]
    wire = [
        given.line(n, category, fen, *(on or [day]))
        | {"code": code}
        | ({"bundle": name} if name else {})
        for n, (code, category, fen, name, *on) in enumerate(asked["lines"], 1)
    ]
    if asked.get("bill") == "voucher":
        facts = given.with_lines(given.voucher_facts(1_000_000), wire)
        encounter = asked.get("encounter", "outpatient")
        return given.with_episode(facts, visit={"encounter_class": encounter})
    facts = given.with_lines(given.inpatient_facts(), wire)
    facts = given.with_episode(facts, coverages=[PLUS], visit={"encounter_class": "outpatient"})
    update = {"admitted_on": None, "discharged_on": None, "counters": {}, "cover_since": day}
    return facts.model_copy(update=update | {"guarantee_limit": hk_cents(4_000_000)})


def decided(case: Case) -> AllocationResult:
    return allocate(bill(case), SHOWN)


def told(flags: list[Fault]) -> list[list[str]]:
    return [[flag.code, flag.pointer] for flag in flags]


@pytest.mark.parametrize("case", cases("bundles.yaml"))
def test_a_bundle_is_split_as_the_table_says(case: Case) -> None:
    wanted, result = case["output"], decided(case)
    assert told(result.faults) == wanted.get("codes", [])
    own = {"PRICE_LIST_UNKNOWN", "INTERNATIONAL_UNKNOWN", "INTERNATIONAL_NOT_DESIGNATED"}
    flags = [flag for flag in told(result.flags) if flag[0] not in own]
    assert result.refused or flags == wanted.get("flags", [])
    figures = {
        "insurer_fen": result.of(FunderKind.INSURER).amount_minor,
        "voucher_fen": result.of(FunderKind.VOUCHER).amount_minor,
        "patient_fen": result.of(FunderKind.PATIENT).amount_minor,
        "non_medical_fen": result.non_medical.amount_minor if result.non_medical else 0,
    }
    assert {n: figures[n] for n in wanted if n in figures} == {
        n: figure for n, figure in wanted.items() if n in figures
    }
    if not result.refused:
        assert result.total == sum(
            (t.amount for t in result.totals[1:]), start=result.totals[0].amount
        )


@pytest.mark.parametrize("case", [c for c in cases("bundles.yaml") if "codes" not in str(c.values)])
def test_the_non_medical_part_stands_on_accounts_of_its_own(case: Case) -> None:
    result = decided(case)
    own, apart = result.of(FunderKind.PATIENT).amount_minor, result.non_medical
    assert apart is not None
    first, left = non_medical_of(result, 0, own - 1), non_medical_of(result, own - 1, 1)
    entries = [
        bill_entry("b", "h", result),
        tender_entry("t-1", "h", own - 1, first),
        tender_entry("t-2", "h", 1, left),
    ]
    balances: dict[str, int] = {}
    for posting in (posting for entry in entries for posting in entry.postings):
        account = posting.account.id
        balances[account] = balances.get(account, 0) + posting.amount_minor
    assert sum(balances.values()) == 0
    assert balances["patient:non_medical"] == balances["hospital:h:non_medical"] == 0
    assert balances.get("funder:patient:due", 0) == 0
    billed = {p.account.id: p.amount_minor for p in entries[0].postings}
    assert billed["patient:non_medical"] == apart.amount_minor
    owed = apart.amount_minor - result.total.amount_minor
    assert billed.get("hospital:h:bills", 0) == owed


def test_a_split_is_taken_apart_and_put_together_without_a_fen_moving() -> None:
    lines = [["cons", "consultation", 130000, None], ["trip", "travel", 50000, None]]
    facts = bill({"period": DAY, "input": {"lines": lines}})
    whole = split(facts, SHOWN)
    medical = medical_split(whole)
    assert (medical.total.amount_minor, medical.non_medical) == (130000, None)
    assert {share.line for share in medical.shares} == {1}
    assert {share.line for share in whole.shares if "NON_MEDICAL" in share.reasons} == {2}
    assert redone(whole, lambda part: part) == whole
    assert medical_split(medical) == medical == redone(medical, lambda part: part)
    refused = medical.model_copy(update={"faults": [flagged([lines[1]])[0]]})
    assert redone(whole, lambda part: refused) == refused


def flagged(lines: list[list[Any]], plans: PlanSet = SHOWN) -> list[Fault]:
    return list(bundle_flags(bill({"period": DAY, "input": {"lines": lines}}), plans))


CHECK_UP = [["c", "consultation", 200000, "check-up-day"], ["l", "laboratory", 1, "check-up-day"]]


def test_a_bundle_of_care_alone_may_be_billed_in_one_sum_or_by_its_parts() -> None:
    whole = bill({"period": DAY, "input": {"lines": [["check-up-day", "treatment", 500000, None]]}})
    assert list(bundle_faults(whole, SHOWN)) == [] and list(bundle_flags(whole, SHOWN)) == []
    assert flagged(CHECK_UP) == []


def test_a_bundle_that_nobody_filed_is_told_with_its_line_name_and_day() -> None:
    (flag,) = flagged([["x", "treatment", 1, "unknown-journey"]] * 2)
    assert flag.text.en.startswith("Line 1: no bundle unknown-journey was filed by 2026-04-14.")


def test_what_a_bundle_includes_is_found_behind_a_list_that_does_not_have_it() -> None:
    (full,) = price_lists(SHOWN, "hku-szh")
    keys = {k: v for k, v in full.parameters.items() if not k.startswith("bundles.")}
    bare = full.model_copy(update={"id": "bare", "parameters": keys})
    others = tuple(plan for plan in SHOWN.plans if plan.id != full.id)
    assert flagged(CHECK_UP, PlanSet(plans=(bare, full, *others))) == []
    beside = [*CHECK_UP, ["e", "examination", 1, None]]
    (flag,) = flagged(beside, PlanSet(plans=(bare, full, *others)))
    assert (flag.code, flag.pointer) == ("BUNDLE_PART_BILLED", "/lines/2")


def test_a_naive_split_of_the_whole_bill_lets_vouchers_pay_the_journey() -> None:
    """The twin: without the part kept apart, the same rules reach it."""
    (case,) = [
        c.values[0]
        for c in cases("bundles.yaml")
        if c.values[0]["name"] == "vouchers pay the visit, never the journey"
    ]
    facts = bill(case)
    naive = allocation_rules._medical_split(facts, SHOWN, LINKS)
    assert naive.of(FunderKind.VOUCHER).amount_minor > 91500
    assert split(facts, SHOWN).of(FunderKind.VOUCHER).amount_minor == 91500


@drawn(
    st.lists(
        st.tuples(
            st.sampled_from(["consultation", "treatment", "drug", "travel", "insurance_premium"]),
            st.integers(0, 900_000),
        ),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["voucher", "insurer"]),
)
def test_no_fen_of_what_is_no_medical_care_ever_reaches_a_funder(
    lines: list[tuple[str, int]], of: str
) -> None:
    wire = [["x", category, fen, None] for category, fen in lines]
    facts = bill({"period": date(2025, 10, 14), "input": {"bill": of, "lines": wire}})
    result = split(facts, SHOWN)
    apart = {line.number for line in facts.bill.lines if line.category in NON_MEDICAL}
    if result.refused:
        return
    for share in result.shares:
        assert share.line not in apart or share.funder is FunderKind.PATIENT
    whole = {line.number: line.amount for line in facts.bill.lines}
    for number, amount in whole.items():
        parts = [s.amount for s in result.shares if s.line == number]
        assert total(parts, amount.currency) == amount
    assert redone(result, lambda medical: medical) == result
    assert medical_split(result).total == medical_part(facts.bill).total
