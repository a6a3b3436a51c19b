"""Builds covers and bills of insurers' cases from what a YAML case says."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from crossclaim.domain.accumulators import Accumulators
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.cover import Claiming, Confirmed, Cover, Statement
from crossclaim.domain.eligibility import REGION_TIME
from crossclaim.domain.guarantee_terms import GuaranteeTerms
from crossclaim.domain.money import ConversionRate, Money, fen, hk_cents
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.rates import Rates
from tests.rules import facts as given

Case = dict[str, Any]
HOSPITAL = "hku-szh"


def rate(text: str, on: date) -> ConversionRate:
    moment = datetime.combine(on, time(1, 15), UTC)
    return ConversionRate(cny_per_hkd=Decimal(text), source="central parity", as_of=moment)


def rates(asked: Case, on: date) -> Rates:
    """``quote``, ``approval``, ``payout`` and ``days``, as texts."""
    named = {
        name: rate(asked[name], on) for name in ("quote", "approval", "payout") if name in asked
    }
    days = {day: rate(text, day) for day, text in asked.get("days", {}).items()}
    return Rates(**named, by_day=days)


def cover(asked: Case, on: date) -> Cover:
    confirmed = asked.get("confirmed")
    guarantee = asked.get("guarantee_c")
    return Cover(
        plan=asked["plan"],
        organisation=asked.get("organisation", "harbour-life"),
        rank=asked.get("rank"),
        claiming=Claiming(asked.get("claiming", "direct")),
        since=asked.get("since"),
        until=asked.get("until"),
        accident=asked.get("accident"),
        pre_existing=asked.get("pre_existing"),
        used=Accumulators(used=asked["used"]) if "used" in asked else None,
        guarantee_limit=None if guarantee is None else hk_cents(guarantee),
        guarantee_terms=GuaranteeTerms(**asked["terms"]) if "terms" in asked else None,
        rates=rates(asked.get("rates", {"quote": "1.0000"}), on),
        confirmed=None if confirmed is None else as_confirmed(confirmed),
        other_insurers=tuple(asked.get("other_insurers", ())),
        statements=tuple(
            Statement(organisation=one["organisation"], bill=one["bill"], paid=fen(one["fen"]))
            for one in asked.get("statements", ())
        ),
    )


def as_confirmed(asked: Case) -> Confirmed:
    direct, cents = asked.get("direct_fen", asked["fen"]), asked.get("direct_c", asked["c"])
    return Confirmed(
        benefit=hk_cents(asked["c"]),
        paid=fen(asked["fen"]),
        direct=fen(direct),
        direct_benefit=hk_cents(cents),
        lines=asked.get("lines", {}),
    )


def bill(asked: Case, on: date) -> BillFacts:
    """``lines``: category → fen, or a list of lines; ``day``: that of the service."""
    day = asked.get("day", on)
    lines = asked["lines"]
    if isinstance(lines, dict):
        lines = [{"category": category, "fen": amount} for category, amount in lines.items()]
    wire = [wire_line(number, dict(one), day) for number, one in enumerate(lines, 1)]
    nights = asked.get("nights")
    facts = given.with_episode(
        given.inpatient_facts(),
        hospital=asked.get("hospital", HOSPITAL),
        coverages=[],
        visit={
            "encounter_class": asked.get("encounter", "inpatient" if nights else "outpatient"),
            "number": asked.get("visit", "V-1"),
        },
    )
    facts = given.with_lines(facts, wire, number=asked.get("number", "B-1"))
    done = datetime.combine(day, time(10, 20), REGION_TIME)
    changes = {"service_completed_at": done, "issued_at": done + timedelta(minutes=10)}
    return facts.model_copy(
        update={
            "bill": facts.bill.model_copy(update=changes),
            "admitted_on": day if nights else None,
            "discharged_on": day + timedelta(days=nights) if nights else None,
        }
    )


def wire_line(number: int, one: Case, day: date) -> Case:
    on = one.pop("day", day)
    return given.line(number, one.pop("category"), one.pop("fen"), on, **one)


def left(facts: BillFacts) -> dict[int, Money]:
    return {line.number: line.amount for line in facts.bill.lines}


def plans(changes: Case | None) -> PlanSet:
    """The delivered plans with some values changed: ``{plan: {key: value}}``."""
    changed = []
    for name, values in (changes or {}).items():
        plan = given.PLANS.find(name)
        assert plan is not None
        for key, value in values.items():
            ratio = (
                Decimal(value) if isinstance(value, str) and value[:2] in ("0.", "1.") else value
            )
            typed = tuple(ratio) if isinstance(ratio, list) else ratio
            plan = given.with_value(plan, key, typed)
        changed.append(plan)
    return given.PLANS.replacing(changed)
