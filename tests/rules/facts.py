"""Builds the facts of rule cases: the episodes of ``examples/`` with what a case changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.eligibility import REGION_TIME
from crossclaim.domain.money import ConversionRate, fen, hk_cents
from crossclaim.domain.plan import DatedValue, Plan, PlanSet
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission
from crossclaim.plans.loader import load_plans

EXAMPLES = Path(__file__).parents[2] / "examples"
PLANS: PlanSet = load_plans()
VOUCHER_PLAN = "voucher-ehcv-gba"
INSURER_PLAN = "vhis-standard-hk"


def episode(name: str) -> EpisodeSubmission:
    return EpisodeSubmission.model_validate_json((EXAMPLES / name).read_text())


def bill(name: str) -> BillSubmission:
    return BillSubmission.model_validate_json((EXAMPLES / name).read_text())


def rate(text: str = "0.9150") -> ConversionRate:
    moment = datetime(2025, 10, 14, 1, 0, tzinfo=UTC)
    return ConversionRate(cny_per_hkd=Decimal(text), source="voucher system", as_of=moment)


def voucher_facts(balance_cents: int = 350000, rate_text: str = "0.9150") -> BillFacts:
    """Scenario E1 as the example files state it."""
    given = episode("episode-2-voucher.json")
    return BillFacts(
        episode=given,
        bill=bill("episode-2-bill-1.json"),
        consents=[consent.type.value for consent in given.consents],
        voucher_balance=hk_cents(balance_cents),
        voucher_rate=rate(rate_text),
    )


def inpatient_facts(guarantee_cents: int | None = 5000000, name: str = "final") -> BillFacts:
    """Scenario E5 as the example files state it."""
    given = episode("episode-1-inpatient.json")
    return BillFacts(
        episode=given,
        bill=bill(f"episode-1-bill-{name}.json"),
        consents=[consent.type.value for consent in given.consents],
        admitted_on=date(2026, 3, 11),
        discharged_on=date(2026, 3, 14) if name == "final" else None,
        guarantee_limit=None if guarantee_cents is None else hk_cents(guarantee_cents),
        insurer_rate=rate(),
    )


def line(number: int, category: str, amount: int, on: date, **more: Any) -> dict[str, Any]:
    """One charge line on the wire; ``amount`` in fen."""
    return {
        "number": number,
        "category": category,
        "code": f"CODE-{number}",
        "description": category,
        "service_date": on.isoformat(),
        "quantity": more.pop("quantity", 1),
        "unit_price": fen(amount).model_dump(),
        "amount": fen(amount).model_dump(),
        **more,
    }


def with_lines(facts: BillFacts, lines: list[dict[str, Any]], **bill_changes: Any) -> BillFacts:
    wire = facts.bill.model_dump(mode="json")
    total = sum(int(Decimal(one["amount"]["amount"]).scaleb(2)) for one in lines)
    wire |= {"lines": lines, "total": fen(total).model_dump(), **bill_changes}
    return facts.model_copy(update={"bill": BillSubmission.model_validate(wire)})


def with_episode(facts: BillFacts, **changes: Any) -> BillFacts:
    """``changes`` on the wire: ``visit`` and ``patient`` are merged, the rest replaced."""
    wire = facts.episode.model_dump(mode="json")
    for part in ("visit", "patient"):
        wire[part] |= changes.pop(part, {})
    return facts.model_copy(update={"episode": EpisodeSubmission.model_validate(wire | changes)})


def served_on(facts: BillFacts, day: date) -> BillFacts:
    """The same visit on another day: treated until 10:20, billed at 10:30."""
    done = datetime.combine(day, time(10, 20), REGION_TIME)
    billed = datetime.combine(day, time(10, 30), REGION_TIME)
    lines = [one.model_copy(update={"service_date": day}) for one in facts.bill.lines]
    changes = {"service_completed_at": done, "issued_at": billed, "lines": lines}
    return facts.model_copy(update={"bill": facts.bill.model_copy(update=changes)})


def with_value(plan: Plan, key: str, value: Any) -> Plan:
    """The plan with one parameter's value changed for all its time."""
    old = plan.parameters[key]
    dated = DatedValue(since=old.values[0].since, value=value)
    changed = old.model_copy(update={"values": (dated,)})
    return plan.model_copy(update={"parameters": plan.parameters | {key: changed}})
