"""Checks before a decision, as rules: what is a duplicate, what a sign of misuse, who must look."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, localcontext
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from crossclaim.domain.claim_review import (
    Channel,
    Match,
    Review,
    by_person_before,
    drawn,
    review,
    with_ebills,
)
from crossclaim.domain.claim_review import second_person_needed as second
from crossclaim.domain.ebill_reading import Compared, Outcome
from crossclaim.domain.misuse_signals import ReviewFacts
from crossclaim.domain.money import Money, avos, fen, hk_cents
from crossclaim.domain.plan import Plan, PlanSet
from crossclaim.domain.sentences import sentence
from crossclaim.domain.sentences_review import ReviewReason
from crossclaim.domain.submission import ChargeLine
from crossclaim.plans.loader import DATA, load_plans, read_plan
from tests.rules.facts import with_value

ON = date(2026, 4, 14)
PLANS = load_plans(demonstration=True)
NONE = ReviewFacts(lines=[])
CASES = yaml.load(
    Path(__file__).with_name("claim-review.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
H, P = Channel.HOSPITAL, Channel.PAPERS


def changed(old: str, new: str) -> PlanSet:
    name = "claim-review.yaml"
    text = (DATA / name).read_text(encoding="utf-8")
    assert text.count(old) == 1
    plan: Plan = read_plan(text.replace(old, new), name)
    return PLANS.replacing([plan])


def charge(code: str, category: str = "specialist", **more: Any) -> ChargeLine:
    amount = fen(10_000)
    whole = {
        "number": 1,
        "category": category,
        "code": code,
        "description": "as billed",
        "service_date": "2026-03-02",
        "quantity": 1,
        "unit_price": amount,
        "amount": amount,
        **more,
    }
    return ChargeLine.model_validate(whole)


def found(*matches: Match, channel: Channel = P, plans: PlanSet = PLANS) -> list[str]:
    return [r.value for r in review(matches, channel, NONE, plans, ON).reasons]


def signs(*lines: ChargeLine, diagnoses: list[str] | None = None) -> list[str]:
    facts = ReviewFacts(lines=list(lines), diagnoses=diagnoses or [])
    return [r.value for r in review([], P, facts, PLANS, ON).reasons]


def match(kind: str, channel: Channel, *, same: bool = True, **more: Any) -> Match:
    whole = {"kind": kind, "channel": channel, "same_insurer": same, "day": ON, **more}
    return Match.model_validate(whole)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("ebill", "EBILL_CLAIMED_BEFORE"),
        ("bill", "BILL_CLAIMED_BEFORE"),
        ("lines", "LINES_CLAIMED_BEFORE"),
    ],
)
@pytest.mark.parametrize("same", [True, False])
def test_what_is_the_same_is_asked_about_unless_two_insurers_know_of_each_other(
    kind: str, reason: str, same: bool
) -> None:
    assert found(match(kind, P, same=same)) == [reason]
    assert found(match(kind, P, same=same, named=True)) == ([reason] if same else [])


def test_the_near_is_asked_about_by_its_channel_or_its_insurer() -> None:
    assert found(match("day", H)) == ["VISIT_OTHER_CHANNEL"]
    assert found(match("day", P), channel=H) == ["VISIT_OTHER_CHANNEL"]
    assert found(match("day", P, same=False)) == ["VISIT_OTHER_INSURER"]
    assert found(match("day", P)) == []
    assert found(match("day", H, same=False, named=True)) == []


def test_two_visits_that_a_hospital_numbers_are_two_however_alike() -> None:
    for same in (True, False):
        assert found(match("day", H, same=same), match("lines", H, same=same), channel=H) == []
    assert found(match("bill", H), channel=H) == ["BILL_CLAIMED_BEFORE"]


def test_stays_overlap_between_houses_and_within_one_only_where_the_plan_says_so() -> None:
    elsewhere = match("stay", H, same_hospital=False)
    assert found(elsewhere, channel=H) == ["STAYS_OVERLAP"]
    assert found(match("stay", H), channel=H) == []
    assert found(match("stay", P), channel=H) == ["STAYS_OVERLAP"]
    strict = changed("values: {2014-07-01: false}", "values: {2014-07-01: true}")
    assert found(match("stay", H), channel=H, plans=strict) == ["STAYS_OVERLAP"]


def test_of_another_insurers_claim_the_trace_says_nothing_but_that_there_is_one() -> None:
    told = review([match("lines", P, same=False, reference="CR9")], P, NONE, PLANS, ON)
    assert "CR9" not in told.model_dump_json()
    own = review([match("lines", P, reference="CR9")], P, NONE, PLANS, ON)
    assert own.trace[0].inputs == {"claim": "CR9"}


def test_units_are_counted_over_all_lines_of_a_day_and_category() -> None:
    assert signs(charge("A", quantity=4)) == []
    assert signs(charge("A", quantity=3), charge("B", quantity=2, number=2)) == ["UNITS_UNLIKELY"]
    other_day = charge("B", quantity=2, number=2, service_date="2026-03-03")
    assert signs(charge("A", quantity=3), other_day) == []
    assert signs(charge("A", "drug", quantity=900)) == []


def test_items_that_exclude_each_other_do_so_on_one_day() -> None:
    plain, contrast = charge("MRI-PLAIN", "imaging"), charge("mri-contrast", "imaging", number=2)
    assert signs(plain, contrast) == ["ITEMS_EXCLUDE"]
    later = contrast.model_copy(update={"service_date": date(2026, 3, 9)})
    assert signs(plain, later) == [] == signs(plain, plain)


def test_what_excludes_each_other_is_named_both() -> None:
    lines = [charge("MRI-PLAIN", "imaging"), charge("mri-contrast", "imaging", number=2)]
    (step,) = review([], P, ReviewFacts(lines=lines), PLANS, ON).trace
    assert "mri-plain and mri-contrast of 2026-03-02 exclude" in step.text.en


def test_a_category_without_a_figure_hides_no_other() -> None:
    drugs = charge("A", "drug", quantity=900)
    assert signs(drugs, charge("B", "consultation", quantity=5, number=2)) == ["UNITS_UNLIKELY"]


def test_the_highest_norm_of_all_diagnoses_counts() -> None:
    plan = PLANS.find("claim-review-example")
    assert plan is not None
    like = plan.parameters["norms.l60"].model_copy(update={"key": "norms.k35"})
    plan = plan.model_copy(update={"parameters": plan.parameters | {"norms.k35": like}})
    plans = PLANS.replacing([with_value(plan, "norms.k35", "major")])
    for level, wanted in (("major", []), ("complex", ["LEVEL_ABOVE_NORM"])):
        facts = ReviewFacts(
            lines=[charge("S-1", "surgeon", surgery_class=level)], diagnoses=["L60.0", "K35.8"]
        )
        assert [r.value for r in review([], P, facts, plans, ON).reasons] == wanted


def test_what_is_no_duplicate_hides_none_behind_it() -> None:
    named, bill = match("day", H, same=False, named=True), match("bill", P)
    assert found(named, bill) == ["BILL_CLAIMED_BEFORE"]
    two_visits = match("lines", H)
    assert found(two_visits, match("bill", H), channel=H) == ["BILL_CLAIMED_BEFORE"]


@pytest.mark.parametrize(
    ("outcome", "members", "asked"),
    [
        (Outcome.AGREES, [], []),
        (Outcome.DIFFERS, ["amount"], ["EBILL_DIFFERS"]),
        (Outcome.OTHER_BILL, [], ["EBILL_DIFFERS"]),
    ],
)
def test_an_e_bill_is_asked_about_when_it_differs_or_is_of_another_bill(
    outcome: Outcome, members: list[str], asked: list[str]
) -> None:
    read = Compared(sha256="0" * 64, paper="1", outcome=outcome, members=members)
    assert [r.value for r in with_ebills(Review(), [read], ON).reasons] == asked


def test_a_figure_that_nobody_has_stated_is_named_with_its_day() -> None:
    (case,) = (one for one in CASES if one["name"] == "a figure that nobody has stated")
    (step,) = reviewed(case).trace
    assert (step.rule, step.on) == ("claim-review:units.per_day.consultation", ON)


def test_a_level_is_above_the_norm_only_where_every_diagnosis_has_one() -> None:
    surgery = charge("S-1", "surgeon", surgery_class="major")
    assert signs(surgery, diagnoses=["L60.0"]) == ["LEVEL_ABOVE_NORM"]
    assert signs(surgery, diagnoses=["L60.0", "K35"]) == [] == signs(surgery)
    small = surgery.model_copy(update={"surgery_class": "minor"})
    assert signs(small, diagnoses=["L60.0"]) == []


def test_goods_are_known_by_their_code_and_asked_about_as_a_service() -> None:
    assert signs(charge("GLASSES-FRAME", "consultation")) == ["GOODS_AS_SERVICE"]
    assert signs(charge("GLASSES-FRAME", "goods")) == []


def reviewed(case: dict[str, Any]) -> Review:
    """A case of ``claim-review.yaml``."""
    asked = case["input"]
    lines = [
        charge(code, category, quantity=units, number=n, surgery_class=(more or [None])[0])
        for n, (code, category, units, *more) in enumerate(asked.get("lines", []), 1)
    ]
    known = "consultation: {unit: count, values: {2014-07-01: 4}"
    unstated = changed(known, known.replace("4}", "unknown}")) if asked.get("unknown") else PLANS
    matches = [Match.model_validate(one) for one in asked.get("matches", [])]
    facts = ReviewFacts(lines=lines, diagnoses=asked.get("diagnoses", []))
    found = review(matches, Channel(asked["channel"]), facts, unstated, case["period"])
    differing = asked.get("ebill_differs", [])
    read = Compared(sha256="0" * 64, paper="1", outcome=Outcome.DIFFERS, members=differing)
    found = with_ebills(found, [read] if differing else [], case["period"])
    return by_person_before(found, case["period"]) if asked.get("person_before") else found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_claim_is_asked_about_for_these_reasons_and_no_others(case: dict[str, Any]) -> None:
    found = reviewed(case)
    assert [reason.value for reason in found.reasons] == case["output"]["reasons"]
    assert len(found.trace) == len(found.reasons)


@pytest.mark.parametrize("reason", ReviewReason)
def test_every_reason_speaks_three_languages(reason: ReviewReason) -> None:
    words = {"day": ON, "units": 9, "category": "specialist", "most": 4, "first": "a"}
    words |= {"second": "b", "line": 1, "level": "major", "norm": "minor", "name": "x"}
    told = sentence(reason, **words)
    assert len({told.en, told.zh_hant, told.zh_hans}) == 3


@pytest.mark.parametrize(
    ("benefit", "forecast", "needed"),
    [
        (hk_cents(2_000_000), hk_cents(2_000_000), False),
        (hk_cents(2_000_001), hk_cents(2_000_001), True),
        (hk_cents(101), hk_cents(100), True),
        (hk_cents(0), hk_cents(9_000_000), False),
        (avos(1), avos(1), True),
    ],
)
def test_a_second_person_looks_above_the_amount_and_above_the_rules(
    benefit: Money, forecast: Money, needed: bool
) -> None:
    assert second(PLANS, benefit, forecast, ON) is needed
    assert second(PlanSet(plans=()), benefit, forecast, ON)
    assert second(PLANS, benefit, forecast, date(2014, 6, 30)), "the figure begins a day later"


def test_a_claim_is_drawn_by_its_own_number_and_about_as_often_as_the_plan_says() -> None:
    ids = [f"cr_{number:026d}" for number in range(4000)]
    first = [one for one in ids if drawn(PLANS, one, ON)]
    assert first == [one for one in ids if drawn(PLANS, one, ON)]
    assert abs(Decimal(len(first)) / 4000 - Decimal("0.05")) < Decimal("0.015")
    all_ = changed("values: {2014-07-01: 0.05}", "values: {2014-07-01: 1}")
    assert all(drawn(all_, one, ON) for one in ids[:50])
    assert not drawn(PlanSet(plans=()), ids[0], ON)


def test_a_claim_that_stands_at_the_very_share_is_not_drawn() -> None:
    """Its place among 2^32 is the first four bytes of the digest of its number."""
    place = int.from_bytes(sha256(b"cr_1").digest()[:4])
    plan = PLANS.find("claim-review")
    assert plan is not None
    for share, wanted in ((place, False), (place + 1, True)):
        with localcontext(prec=60):
            ratio = Decimal(share) / 2**32
        assert (
            drawn(PLANS.replacing([with_value(plan, "sample.ratio", ratio)]), "cr_1", ON) is wanted
        )
