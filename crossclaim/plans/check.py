"""Checks one readable plan against the catalogue of its funder."""

from __future__ import annotations

from crossclaim.domain.plan import Parameter, Plan
from crossclaim.plans.catalogue import CATALOGUE, COMPANIONS, expected
from crossclaim.plans.check_basic import check_basic
from crossclaim.plans.check_episode import check_episode
from crossclaim.plans.check_insurer import check_insurer
from crossclaim.plans.consistency import check_consistency
from crossclaim.plans.expected import BENEFITS, TERMS
from crossclaim.plans.reading import PlanReader, known_words


def check_plan(plan: Plan, reader: PlanReader) -> None:
    """Adds a fault to the reader for each key, unit, word or companion that is not as expected."""
    entries = CATALOGUE.get(plan.funder)
    if entries is None:
        allowed = [funder.value for funder in CATALOGUE]
        reader.fault(1, "funder", f"there are no rules for {plan.funder.value} yet", allowed)
        return
    for parameter in plan.parameters.values():
        _check_parameter(plan, parameter, reader)
    for entry in entries:
        if entry.required and not any(entry.fits(key) for key in plan.parameters):
            reader.fault(1, f"parameters.{entry.pattern}", "is missing", "a value or unknown")
    _check_benefits(plan, reader)
    check_insurer(plan, reader)
    _check_terms(plan, reader)
    check_basic(plan, reader)
    check_episode(plan, reader)
    check_consistency(plan, reader)


def _check_parameter(plan: Plan, parameter: Parameter, reader: PlanReader) -> None:
    key = f"parameters.{parameter.key}"
    line = reader.lines[parameter.key]
    entry = expected(plan.funder, parameter.key)
    if entry is None:
        allowed = [e.pattern for e in CATALOGUE[plan.funder]]
        reader.fault(line, key, f"is not a parameter of a {plan.funder.value} plan", allowed)
        return
    if parameter.unit not in entry.units:
        allowed = [unit.value for unit in entry.units]
        reader.fault(line, key, f"is in {parameter.unit.value}", allowed)
    words = _words(entry.words, plan)
    for word in known_words(parameter):
        if words is not None and word not in words:
            reader.fault(line, key, f"names the unknown {word}", words)
    names = _words(entry.names, plan)
    if names is not None and (name := entry.name_in(parameter.key)) not in names:
        reader.fault(line, key, f"names the unknown {name}", names)


def _words(words: frozenset[str] | None, plan: Plan) -> frozenset[str] | None:
    if words is TERMS:
        return frozenset(plan.terms)
    if words is BENEFITS:
        return frozenset(
            b for b in _benefits(plan) if f"benefits.{b}.share_of" not in plan.parameters
        )
    return words


def _benefits(plan: Plan) -> list[str]:
    keys = (key.split(".") for key in plan.parameters)
    return list(dict.fromkeys(parts[1] for parts in keys if parts[0] == "benefits"))


def _check_benefits(plan: Plan, reader: PlanReader) -> None:
    """Every benefit has its categories and companions; no category falls under two benefits."""
    owner: dict[str, str] = {}
    for benefit in _benefits(plan):
        here = f"benefits.{benefit}"
        line = min((n for key, n in reader.lines.items() if key.startswith(f"{here}.")), default=1)
        categories = plan.parameters.get(f"{here}.categories")
        if categories is None:
            reader.fault(line, f"parameters.{here}.categories", "is missing", "a list of codes")
            continue
        for category in dict.fromkeys(known_words(categories)):
            if category in owner:
                reason = f"{category} stands under {owner[category]} too"
                reader.fault(line, f"parameters.{here}.categories", reason)
            owner.setdefault(category, benefit)
        for name, wanted in COMPANIONS.items():
            for other in wanted if f"{here}.{name}" in plan.parameters else ():
                if f"{here}.{other}" not in plan.parameters:
                    key, reason = f"parameters.{here}.{other}", f"is missing beside {name}"
                    reader.fault(line, key, reason, "a value or unknown")


def _check_terms(plan: Plan, reader: PlanReader) -> None:
    """A service point states both when it opened and which departments it designates."""
    keys = [key.split(".") for key in plan.parameters if key.startswith("service_points.")]
    for point in dict.fromkeys(parts[1] for parts in keys):
        for name in ("open", "departments"):
            key = f"service_points.{point}.{name}"
            if key not in plan.parameters:
                line = min(n for k, n in reader.lines.items() if k.split(".")[1:2] == [point])
                reader.fault(line, f"parameters.{key}", "is missing", "a value or unknown")
