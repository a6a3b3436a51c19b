"""Checks of an insurer's plan that one key alone cannot fail: order, scale, visits, network."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

from crossclaim.domain.limits import VISIT_RULES
from crossclaim.domain.plan import FxBasis, Parameter, Plan, Value
from crossclaim.domain.rates import PAYOUT_BASIS
from crossclaim.domain.reductions import NEEDS
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.unstated_use import NAMES, UnstatedUse, counted, key_of, words_of
from crossclaim.plans.consistency import check_pair
from crossclaim.plans.reading import PlanReader, known_words


def check_insurer(plan: Plan, reader: PlanReader) -> None:
    """Adds a fault for each rule that would never apply, or that would lack its value."""
    if plan.funder is not FunderKind.INSURER:
        return
    _check_order(plan, reader)
    _check_scale(plan, reader)
    _check_visits(plan, reader)
    _check_unstated_use(plan, reader)
    if plan.fx_basis is FxBasis.SERVICE_DATE and PAYOUT_BASIS not in plan.parameters:
        reason = "is missing beside fx_basis: service_date"
        allowed = "quote, approval, payout_date or service_date"
        reader.fault(1, f"parameters.{PAYOUT_BASIS}", reason, allowed)


def _check_order(plan: Plan, reader: PlanReader) -> None:
    """What the order names has its value, and what has a value is named in the order."""
    order = plan.parameters.get("order")
    if order is None:
        return
    named = set(known_words(order))
    for name, key in NEEDS.items():
        if name in named and key not in plan.parameters:
            reason = f"is missing: order has {name}"
            reader.fault(reader.lines["order"], f"parameters.{key}", reason, "a value or unknown")
        if name not in named and key in plan.parameters:
            reason = f"never applies: order lacks {name}"
            reader.fault(reader.lines[key], f"parameters.{key}", reason)
        if name in named and key in plan.parameters:
            _check_gap(name, order, plan.parameters[key], reader)


def _check_gap(name: str, order: Parameter, needed: Parameter, reader: PlanReader) -> None:
    """A value that has begun does not end while the order names it."""
    days = {dated.since for dated in (*order.values, *needed.values)}
    for day in sorted(day for day in days if day >= needed.values[0].since):
        steps = _value_on(order, day)
        if isinstance(steps, tuple) and name in steps and _value_on(needed, day) is None:
            reason = f"leaves a gap from {day} on, when order has {name}"
            allowed = "a value, or unknown, as long as the plan holds"
            reader.fault(reader.lines[needed.key], f"parameters.{needed.key}", reason, allowed)
            return


def _value_on(parameter: Parameter, day: date) -> Value:
    begun = [dated.value for dated in parameter.values if dated.since <= day]
    return begun[-1] if begun else None


def _check_scale(plan: Plan, reader: PlanReader) -> None:
    """The steps of a scale by policy year are all there from the first, and never fall."""
    steps = sorted(key for key in plan.parameters if key.startswith("pre_existing."))
    wanted = [f"pre_existing.year_{n}" for n in range(1, len(steps) + 1)]
    for key, want in zip(steps, wanted, strict=True):
        if key != want:
            reader.fault(
                reader.lines[key], f"parameters.{want}", "is missing in the scale", "a ratio"
            )
            return
    for before, after in pairwise(steps):
        last, first = _newest(plan.parameters[before]), _newest(plan.parameters[after])
        if last is not None and first is not None and first < last:
            reader.fault(reader.lines[after], f"parameters.{after}", "falls below the year before")


def _newest(parameter: Parameter) -> Decimal | None:
    value = parameter.values[-1].value
    return value if isinstance(value, Decimal) else None


def _check_visits(plan: Plan, reader: PlanReader) -> None:
    """A benefit counts visits, or days or operations, or is a share of another: never two."""
    for key in plan.parameters:
        parts = key.split(".")
        if parts[0] != "benefits" or len(parts) < 3 or parts[2] not in VISIT_RULES:
            continue
        here = f"benefits.{parts[1]}"
        for other in ("per_day", "share_of"):
            if f"{here}.{other}" in plan.parameters:
                reason = f"stands beside {other}: a benefit counts one or the other"
                reader.fault(reader.lines[key], f"parameters.{key}", reason)
        if any(found.startswith(f"{here}.per_surgery.") for found in plan.parameters):
            reason = "stands beside per_surgery: a benefit counts one or the other"
            reader.fault(reader.lines[key], f"parameters.{key}", reason)


def _check_unstated_use(plan: Plan, reader: PlanReader) -> None:
    """Of what is used up the plan says what it means that nobody stated how much was."""
    wanted = counted(plan.parameters)
    for name in NAMES:
        key, used_up = f"parameters.{key_of(name)}", wanted.get(name, [])
        said = plan.parameters.get(key_of(name))
        if said is None:
            if used_up:
                line, reason = reader.lines[used_up[0]], f"is missing beside {used_up[0]}"
                reader.fault(line, key, reason, words_of(name))
            continue
        line = reader.lines[said.key]
        if not used_up:
            reader.fault(line, key, f"never applies: nothing of {name} is used up")
        for one in used_up:
            check_pair(plan.parameters[one], said, reader)
        if UnstatedUse.FORECAST_NONE in known_words(said) and not said.assumption:
            reason = f"is missing beside {UnstatedUse.FORECAST_NONE.value}"
            reader.fault(line, f"{key}.assumption", reason, "true")
