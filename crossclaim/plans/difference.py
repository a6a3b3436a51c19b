"""What differs between two versions of a plan: which value, from which day to which, how far."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import half_up
from crossclaim.domain.plan import Parameter, Plan, Rule, Value

_ABOUT_PARAMETER = ("source", "quote", "says", "last_reviewed", "assumption", "note")
_ABOUT_PLAN = (
    "id",
    "title",
    "funder",
    "jurisdiction",
    "owner",
    "fx_basis",
    "clock_basis",
    "last_reviewed",
    "note",
    "example",
)


class ValueChange(Frozen):
    """One rule whose value differs in one span of time."""

    key: str
    since: date
    until: date | None
    """Last day of the span; None: it goes on."""
    before: str | None
    """The value with its unit; None: the plan has none on these days."""
    after: str | None
    by: str
    """How far it moves: a percentage, or the codes that come (+) and go (-)."""


class TextChange(Frozen):
    """Words about a rule, a source, a term or the plan that differ; no figure moves by them."""

    place: str
    before: str | None
    after: str | None


class Difference(Frozen):
    """``values`` by key and date, ``texts`` by place."""

    before: str
    """Plan id and version."""
    after: str
    values: list[ValueChange]
    texts: list[TextChange]

    @property
    def none(self) -> bool:
        return not self.values and not self.texts


def difference(before: Plan, after: Plan) -> Difference:
    """Both plans compared by key and date; dates without a change of value say nothing."""
    keys = dict.fromkeys([*before.parameters, *after.parameters])
    return Difference(
        before=f"{before.id} {before.version}",
        after=f"{after.id} {after.version}",
        values=[change for key in keys for change in _values(key, before, after)],
        texts=[*_texts(before, after)],
    )


def _values(key: str, before: Plan, after: Plan) -> Iterator[ValueChange]:
    """Spans of time in which the two differ, neighbours with the same values joined."""
    parameters = [p for p in (before.parameters.get(key), after.parameters.get(key)) if p]
    days = sorted({dated.since for p in parameters for dated in p.values})
    spans: list[tuple[date, Rule | None, Rule | None]] = []
    for day in days:
        old, new = before.on(day).find(key), after.on(day).find(key)
        if not spans or _meaning(old, new) != _meaning(*spans[-1][1:]):
            spans.append((day, old, new))
    ends = [since - timedelta(days=1) for since, _, _ in spans[1:]]
    for (since, old, new), until in zip(spans, [*ends, None], strict=True):
        if _one(old) != _one(new):
            yield ValueChange(
                key=key,
                since=since,
                until=until,
                before=old.text if old else None,
                after=new.text if new else None,
                by=_by(old.value if old else None, new.value if new else None),
            )


def _one(rule: Rule | None) -> object:
    return None if rule is None else (rule.unit, rule.value)


def _meaning(old: Rule | None, new: Rule | None) -> tuple[object, object]:
    return _one(old), _one(new)


def _by(old: Value, new: Value) -> str:
    if isinstance(old, tuple) and isinstance(new, tuple):
        come = [f"+{code}" for code in new if code not in old]
        gone = [f"-{code}" for code in old if code not in new]
        return " ".join([*come, *gone]) or "another order"
    if isinstance(old, bool) or isinstance(new, bool):
        return ""
    if isinstance(old, int | Decimal) and isinstance(new, int | Decimal) and old:
        tenths = half_up((Decimal(new) - Decimal(old)) * 1000 / Decimal(old))
        return f"{Decimal(tenths).scaleb(-1):+.1f} %"
    return ""


def _texts(before: Plan, after: Plan) -> Iterator[TextChange]:
    for name in _ABOUT_PLAN:
        yield from _text(name, getattr(before, name), getattr(after, name))
    for name in ("sources", "terms"):
        old, new = getattr(before, name), getattr(after, name)
        for key in dict.fromkeys([*old, *new]):
            yield from _text(f"{name}.{key}", old.get(key), new.get(key))
    for key, parameter in after.parameters.items():
        was = before.parameters.get(key)
        for name in _ABOUT_PARAMETER if was is not None else ():
            yield from _about(key, name, was, parameter)


def _about(key: str, name: str, old: Parameter | None, new: Parameter) -> Iterator[TextChange]:
    yield from _text(f"{key}.{name}", getattr(old, name), getattr(new, name))


def _text(place: str, old: object, new: object) -> Iterator[TextChange]:
    if old != new:
        yield TextChange(place=place, before=_written(old), after=_written(new))


def _written(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "model_dump"):
        return " / ".join(str(part) for part in value.model_dump().values())
    return str(value)
