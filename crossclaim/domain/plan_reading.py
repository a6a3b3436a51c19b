"""A plan as a person reads it on a day: values with units, source and review. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from crossclaim.domain.allocation import Frozen, Sentence
from crossclaim.domain.money import counted
from crossclaim.domain.plan import Parameter, Plan, Unknown, Value
from crossclaim.domain.plan_words import GROUPS, JURISDICTIONS, SWITCH, UNITS, UNKNOWN
from crossclaim.domain.plan_words_parts import PARTS
from crossclaim.domain.sentence_words import WORDS
from crossclaim.domain.story_codes import CODES
from crossclaim.domain.story_phrase import filled, joined, plain, sentence_of
from crossclaim.domain.unit import Unit


class RuleRead(Frozen):
    """One rule on one day."""

    key: str
    name: Sentence
    value: Sentence
    unknown: bool
    """Nobody has stated it: a person decides."""
    since: date
    next_from: date | None
    """From when on another value of the same file holds."""
    source: str
    reference: str
    quote: str
    says: str
    last_reviewed: date
    assumption: bool
    note: str


class RuleGroup(Frozen):
    """Rules that begin with the same word of their keys."""

    name: Sentence
    rules: list[RuleRead]


class DayChange(Frozen):
    """A rule whose value differs between two readings."""

    key: str
    name: Sentence
    before: Sentence | None
    after: Sentence | None


def read_on(plan: Plan, day: date) -> list[RuleGroup]:
    """All rules of a day in the order of the file, by the first word of their keys."""
    groups: dict[str, list[RuleRead]] = {}
    for parameter in plan.parameters.values():
        begun = [dated for dated in parameter.values if dated.since <= day]
        if begun and begun[-1].value is not None:
            head = parameter.key.split(".")[0]
            later = [dated.since for dated in parameter.values if dated.since > day]
            read = _read(
                plan, parameter, begun[-1].value, begun[-1].since, min(later, default=None)
            )
            groups.setdefault(head, []).append(read)
    return [RuleGroup(name=_part(plan, head), rules=rules) for head, rules in groups.items()]


def between_days(plan: Plan, before: date, after: date) -> list[DayChange]:
    """What one file says otherwise on another day."""
    return _changes(plan, plan, before, after)


def between_plans(old: Plan, new: Plan, day: date) -> list[DayChange]:
    """What two files say otherwise on the same day."""
    return _changes(old, new, day, day)


def _changes(old: Plan, new: Plan, before: date, after: date) -> list[DayChange]:
    was, now = old.on(before), new.on(after)
    found = []
    for key in dict.fromkeys([*old.parameters, *new.parameters]):
        first, then = was.find(key), now.find(key)
        if (first and (first.unit, first.value)) != (then and (then.unit, then.value)):
            found.append(
                DayChange(
                    key=key,
                    name=named(new if key in new.parameters else old, key),
                    before=first and readable(old, first.unit, first.value),
                    after=then and readable(new, then.unit, then.value),
                )
            )
    return found


def readable_on(plan: Plan, key: str, day: date) -> Sentence | None:
    """One rule's value on a day; None where the plan has none."""
    rule = plan.on(day).find(key)
    return None if rule is None else readable(plan, rule.unit, rule.value)


def readable(plan: Plan, unit: Unit, value: Value) -> Sentence:
    """A value with its unit: money to the cent, shares as percentages, codes by their names."""
    if isinstance(value, Unknown):
        return sentence_of(UNKNOWN)
    if isinstance(value, bool):
        return sentence_of(SWITCH[value])
    if isinstance(value, tuple):
        return joined([_part(plan, code) for code in value]) if value else plain("–")
    if unit.currency and isinstance(value, int):
        _, _, per = unit.value.partition("/")
        amount = plain(str(counted(value, unit.currency)))
        return filled(UNITS[f"/{per}"], n=amount) if per else amount
    if unit is Unit.RATIO and isinstance(value, int | Decimal):
        return plain(f"{(Decimal(value) * 100).normalize():f} %")
    if unit in (Unit.CODE, Unit.SWITCH):
        return _part(plan, str(value))
    return filled(UNITS[unit.value], n=str(value)) if unit.value in UNITS else plain(str(value))


def named(plan: Plan, key: str) -> Sentence:
    """A rule's key in words, where the file or we have them for its parts."""
    return joined([_part(plan, part) for part in key.split(".")], (" · ", " · ", " · "))


def jurisdiction(code: str) -> Sentence:
    return sentence_of(JURISDICTIONS[code]) if code in JURISDICTIONS else plain(code)


def _read(
    plan: Plan, parameter: Parameter, value: Value, since: date, next_from: date | None
) -> RuleRead:
    source = plan.sources[parameter.source]
    return RuleRead(
        key=parameter.key,
        name=named(plan, parameter.key),
        value=readable(plan, parameter.unit, value),
        unknown=isinstance(value, Unknown),
        since=since,
        next_from=next_from,
        source=source.title,
        reference=source.reference,
        quote=parameter.quote,
        says=parameter.says,
        last_reviewed=parameter.last_reviewed,
        assumption=parameter.assumption,
        note=parameter.note,
    )


def _part(plan: Plan, code: str) -> Sentence:
    if code in plan.terms:
        return plan.terms[code]
    words = GROUPS.get(code) or PARTS.get(code) or WORDS.get(code) or CODES.get(code)
    return sentence_of(words) if words else plain(code.replace("_", " "))
