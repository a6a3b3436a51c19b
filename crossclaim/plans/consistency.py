"""Checks how the values of one plan stand to each other: gaps, currencies, shares of shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from crossclaim.domain.plan import OF_CHARGES, DatedValue, Parameter, Plan, Value
from crossclaim.plans.catalogue import CATALOGUE, COMPANIONS
from crossclaim.plans.reading import PlanReader

_ONE_DAY = timedelta(days=1)


def check_consistency(plan: Plan, reader: PlanReader) -> None:
    """Adds a fault for each gap in time, foreign currency and circular share."""
    for parameter in plan.parameters.values():
        _check_gap(parameter, reader)
    _check_required(plan, reader)
    _check_companions(plan, reader)
    _check_currency(plan, reader)
    _check_shares(plan, reader)


def _fault(reader: PlanReader, key: str, reason: str, allowed: str) -> None:
    reader.fault(reader.lines[key], f"parameters.{key}", reason, allowed)


def _value_on(parameter: Parameter, day: date) -> Value:
    begun = [dated.value for dated in parameter.values if dated.since <= day]
    return begun[-1] if begun else None


def _check_gap(parameter: Parameter, reader: PlanReader) -> None:
    """What was closed does not begin again: what held in between must be said."""
    for closed, again in zip(parameter.values, parameter.values[1:], strict=False):
        if closed.value is None and again.value is not None:
            end = again.since - _ONE_DAY
            reason = f"leaves a gap from {closed.since} to {end}"
            _fault(reader, parameter.key, reason, "a value, or unknown, for these days")


def _closed(parameter: Parameter) -> DatedValue | None:
    last = parameter.values[-1]
    return last if last.value is None else None


def _check_required(plan: Plan, reader: PlanReader) -> None:
    """A plan ends as a whole: no rule that it needs ends while another goes on."""
    needed = [
        plan.parameters[entry.pattern]
        for entry in CATALOGUE.get(plan.funder, ())
        if entry.required and entry.pattern in plan.parameters
    ]
    for parameter in needed:
        closed = _closed(parameter)
        if closed is not None and any(_value_on(p, closed.since) is not None for p in needed):
            reason = f"leaves a gap from {closed.since} on"
            _fault(reader, parameter.key, reason, "a value, or unknown, as long as the plan holds")


def _check_companions(plan: Plan, reader: PlanReader) -> None:
    """What is needed beside a value holds on every day on which that value holds."""
    for key, parameter in plan.parameters.items():
        head, _, name = key.rpartition(".")
        for wanted in COMPANIONS.get(name, ()) if head.startswith("benefits.") else ():
            other = plan.parameters.get(f"{head}.{wanted}")
            if other is not None:
                check_pair(parameter, other, reader)


def check_pair(parameter: Parameter, other: Parameter, reader: PlanReader) -> None:
    """Adds a fault when ``other`` has no value on a day on which the parameter has one."""
    for day in sorted({dated.since for dated in (*parameter.values, *other.values)}):
        if _value_on(parameter, day) is not None and _value_on(other, day) is None:
            name = parameter.key.rpartition(".")[2]
            reason = f"leaves a gap from {day} on, when {name} holds"
            _fault(reader, other.key, reason, f"a value, or unknown, as long as {name} holds")
            return


def _check_currency(plan: Plan, reader: PlanReader) -> None:
    """All amounts of a plan are in the currency that most of them are in."""
    found = {
        key: p.unit.currency
        for key, p in plan.parameters.items()
        if p.unit.currency and key not in OF_CHARGES
    }
    if not found:
        return
    currency = Counter(found.values()).most_common(1)[0][0]
    for key, own in found.items():
        if own is not currency:
            reason = f"is in {own.value}; the plan counts in {currency.value}"
            _fault(reader, key, reason, f"amounts in {currency.value}")


def _check_shares(plan: Plan, reader: PlanReader) -> None:
    shares = dict(_shares(plan))
    for benefit in shares:
        way = [benefit]
        while way[-1] in shares and shares[way[-1]] not in way:
            way.append(shares[way[-1]])
        if shares.get(way[-1]) == benefit:
            reason = f"is a circular percentage: {' of '.join([*way, benefit])}"
            allowed = "a share of a benefit that is not a share itself"
            _fault(reader, f"benefits.{benefit}.share_of", reason, allowed)


def _shares(plan: Plan) -> Iterator[tuple[str, str]]:
    """Benefit → the benefit that it is a share of, as it was last stated."""
    for key, parameter in plan.parameters.items():
        parts = key.split(".")
        value = parameter.values[-1].value
        if len(parts) == 3 and parts[::2] == ["benefits", "share_of"] and isinstance(value, str):
            yield parts[1], value
