"""A plan: dated rule values of one funder, each with its unit, source and review date.

``Plan.on(day)`` gives the values in force: the newest that is not after the day; ``None`` closes a
rule, ``Unknown.UNKNOWN`` means that nobody has stated the value and a person must decide.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.allocation import Frozen, RuleUsed, Sentence
from crossclaim.domain.money import Currency, Money, counted
from crossclaim.domain.submission import FunderKind
from crossclaim.domain.unit import Unit as Unit


class Unknown(Enum):
    """The one value that stands for: nobody has stated it."""

    UNKNOWN = "unknown"


Value = bool | int | Decimal | str | tuple[str, ...] | Unknown | None


class RuleMissing(LookupError):
    """A rule asks for a value that the plan does not have on that day: a person must decide."""

    def __init__(self, rule: str, on: date, why: str = "has no value") -> None:
        super().__init__(f"{rule} {why} on {on.isoformat()}")
        self.rule = rule
        self.on = on


class RuleUnknown(RuleMissing):
    """The plan says that nobody has stated the value."""

    def __init__(self, rule: str, on: date) -> None:
        super().__init__(rule, on, "is unknown")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Source(_Strict):
    title: str
    reference: str


class DatedValue(_Strict):
    since: date
    """First day the value holds."""
    value: Value


class Parameter(_Strict):
    """One rule value through time."""

    key: str
    unit: Unit
    values: tuple[DatedValue, ...]
    """Ascending by date, at least one."""
    source: str
    """Key into the plan's sources."""
    quote: str = ""
    """The source's own words."""
    says: str = ""
    """What the source says, in ours."""
    last_reviewed: date
    assumption: bool = False
    note: str = ""


class Rule(Frozen):
    """A value in force on one day, with all that a trace must say about it."""

    __slots__ = ("_texts",)
    if TYPE_CHECKING:
        _texts: tuple[str, str]

    plan: str
    key: str
    unit: Unit
    value: Value
    since: date
    source: str
    assumption: bool

    @property
    def name(self) -> str:
        return self.texts[0]

    @property
    def text(self) -> str:
        """The value as a trace prints it, with its unit."""
        return self.texts[1]

    @property
    def texts(self) -> tuple[str, str]:
        """Name and text, made once: a slot is no part of the value and is never copied."""
        try:
            return self._texts
        except AttributeError:
            texts = f"{self.plan}:{self.key}", self._written()
            object.__setattr__(self, "_texts", texts)
            return texts

    def _written(self) -> str:
        if isinstance(self.value, tuple):
            return " ".join(self.value)
        if isinstance(self.value, Unknown):
            return self.value.value
        if self.unit.currency and isinstance(self.value, int):
            return f"{self.unit.value} {Decimal(self.value).scaleb(-2):.2f}"
        if self.unit in (Unit.CODE, Unit.SWITCH):
            return str(self.value).lower() if isinstance(self.value, bool) else str(self.value)
        return f"{self.value} {self.unit.value}"


Derived = TypeVar("Derived")


class PlanAt(Frozen):
    """The values of one plan that hold on one day."""

    __slots__ = ("_derived",)
    if TYPE_CHECKING:
        _derived: dict[object, Any]

    plan: str
    version: str
    on: date
    funder: FunderKind
    fx_basis: str
    rules: dict[str, Rule]

    @property
    def used(self) -> RuleUsed:
        return RuleUsed(plan=self.plan, version=self.version, on=self.on)

    def find(self, key: str) -> Rule | None:
        """The rule, or None when the plan has none that day: never stated, not begun, closed."""
        rule = self.rules.get(key)
        return None if rule is None or rule.value is None else rule

    def rule(self, key: str) -> Rule:
        """The rule with a known value; raises RuleMissing or RuleUnknown."""
        rule = self.find(key)
        if rule is None:
            raise RuleMissing(f"{self.plan}:{key}", self.on)
        if isinstance(rule.value, Unknown):
            raise RuleUnknown(rule.name, self.on)
        return rule

    def amount(self, key: str) -> Money:
        """A money value in the currency of its unit."""
        rule = self.rule(key)
        if rule.unit.currency is None or not isinstance(rule.value, int):
            raise RuleMissing(rule.name, self.on, "is not an amount")
        return Money(amount_minor=rule.value, currency=rule.unit.currency)

    def ratio(self, key: str) -> Decimal:
        """A share between 0 and 1."""
        value = self.rule(key).value
        if not isinstance(value, Decimal):
            raise RuleMissing(f"{self.plan}:{key}", self.on, "is not a ratio")
        return value

    def count(self, key: str) -> int:
        """A whole number of years, days, hours."""
        rule = self.rule(key)
        if rule.unit.currency is not None or not isinstance(rule.value, int):
            raise RuleMissing(rule.name, self.on, "is not a count")
        return rule.value

    def code(self, key: str) -> str:
        value = self.rule(key).value
        if not isinstance(value, str):
            raise RuleMissing(f"{self.plan}:{key}", self.on, "is not a code")
        return value

    def codes(self, key: str) -> tuple[str, ...]:
        value = self.rule(key).value
        if not isinstance(value, tuple):
            raise RuleMissing(f"{self.plan}:{key}", self.on, "is not a list of codes")
        return value

    @property
    def currency(self) -> Currency:
        """What the plan counts in: the currency of its amounts, those of a bill set aside."""
        return self.derived(_counted_in)

    def money(self, amount_minor: int) -> Money:
        """An amount in the plan's currency."""
        return counted(amount_minor, self.currency)

    def under(self, prefix: str) -> list[str]:
        """Names one level below a key, in the order of the file, closed ones left out."""
        return list(self.derived(names_below).get(prefix, ()))

    def derived(self, read: Callable[[PlanAt], Derived]) -> Derived:
        """What a function reads out of the rules alone, worked out once for all days alike.

        ``read`` is named at the top of a module, looks at ``rules`` and never at ``on``. What it
        raises is raised anew each time.
        """
        try:
            kept = self._derived
        except AttributeError:
            kept = {}
            object.__setattr__(self, "_derived", kept)
        if read not in kept:
            kept[read] = read(self)
        found: Derived = kept[read]
        return found


OF_CHARGES = frozenset({"guarantee.required_above"})
"""Amounts of a bill: in the hospital's currency, whatever the plan counts in."""


def _counted_in(plan: PlanAt) -> Currency:
    return _first_currency((key, rule.unit) for key, rule in plan.rules.items())


def _first_currency(units: Iterable[tuple[str, Unit]]) -> Currency:
    """All amounts of a plan are in one currency, which its file is checked for."""
    stated = (unit.currency for key, unit in units if key not in OF_CHARGES)
    return next((currency for currency in stated if currency is not None), Currency.HKD)


def names_below(plan: PlanAt) -> dict[str, list[str]]:
    """Key → names one level below it, in the order of the file, closed rules left out."""
    found: dict[str, dict[str, None]] = {}
    for key, rule in plan.rules.items():
        parts = key.split(".") if rule.value is not None else []
        for depth in range(1, len(parts)):
            found.setdefault(".".join(parts[:depth]), {})[parts[depth]] = None
    return {prefix: list(names) for prefix, names in found.items()}


class _InForce(NamedTuple):
    """What is the same on every day between two dates of a plan."""

    rules: dict[str, Rule]
    derived: dict[object, Any]
    days: dict[date, PlanAt]


_DAYS_MAX = 1000
"""Days remembered of one span; a bound so that nothing can grow for ever."""


class FxBasis(StrEnum):
    """The moment whose exchange rate a plan uses."""

    QUOTE = "quote"
    SERVICE_DATE = "service_date"
    PAYOUT_DATE = "payout_date"
    APPROVAL = "approval"


class ClockBasis(StrEnum):
    """How a plan counts the days of its time limits."""

    ELAPSED_HOURS = "elapsed_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


class Plan(_Strict):
    """One rule file. ``version``: first 16 hex digits of SHA-256 of the canonical content."""

    __slots__ = ("_spans",)
    if TYPE_CHECKING:
        _spans: tuple[list[date], dict[int, _InForce]]

    id: str
    title: Sentence
    funder: FunderKind
    jurisdiction: Literal["HK", "CN", "CN-GD", "CN-SD", "MO"]
    owner: str
    fx_basis: FxBasis
    clock_basis: ClockBasis
    last_reviewed: date
    note: str = ""
    example: bool = False
    """Invented; refused outside demonstration."""
    sources: dict[str, Source]
    terms: dict[str, Sentence] = {}
    """Names of the codes that the file uses."""
    parameters: dict[str, Parameter]
    version: str = ""

    @property
    def currency(self) -> Currency:
        """What the plan counts in, on every day."""
        return _first_currency((key, one.unit) for key, one in self.parameters.items())

    def on(self, day: date) -> PlanAt:
        """The values in force on a day; what has not begun is absent, what is closed is None."""
        held = self._held(day)
        found = held.days.get(day)
        if found is not None:
            return found
        if len(held.days) >= _DAYS_MAX:
            held.days.clear()
        found = held.days[day] = PlanAt.model_construct(
            plan=self.id,
            version=self.version,
            on=day,
            funder=self.funder,
            fx_basis=self.fx_basis.value,
            rules=held.rules,
        )
        object.__setattr__(found, "_derived", held.derived)
        return found

    def _held(self, day: date) -> _InForce:
        """Made once for the days between two dates of the file.

        It is remembered in a slot, which a copy with other values does not take over.
        """
        try:
            starts, spans = self._spans
        except AttributeError:
            dates = {dated.since for p in self.parameters.values() for dated in p.values}
            starts, spans = sorted(dates), {}
            object.__setattr__(self, "_spans", (starts, spans))
        place = bisect_right(starts, day)
        held = spans.get(place)
        if held is None:
            rules = {
                parameter.key: rule
                for parameter in self.parameters.values()
                if (rule := self._in_force(parameter, day)) is not None
            }
            held = spans[place] = _InForce(rules, {}, {})
        return held

    def _in_force(self, parameter: Parameter, day: date) -> Rule | None:
        begun = [dated for dated in parameter.values if dated.since <= day]
        if not begun:
            return None
        source = self.sources[parameter.source]
        words = parameter.quote or parameter.says
        quote = f": {words}" if words else ""
        return Rule(
            plan=self.id,
            key=parameter.key,
            unit=parameter.unit,
            value=begun[-1].value,
            since=begun[-1].since,
            source=f"{source.title} ({source.reference}){quote}",
            assumption=parameter.assumption,
        )


class PlanSet(Frozen):
    """The plans that are active, handed to the rules as a value."""

    plans: tuple[Plan, ...]

    def find(self, plan: str) -> Plan | None:
        return next((p for p in self.plans if p.id == plan), None)

    def of_funder(self, funder: FunderKind) -> Plan | None:
        """The only plan of a funder; None when there is none, or when one must be named."""
        found = [p for p in self.plans if p.funder is funder]
        return found[0] if len(found) == 1 else None

    def replacing(self, changed: Iterable[Plan]) -> PlanSet:
        """The same set with some plans exchanged or added: what a what-if question needs."""
        by_id = {p.id: p for p in self.plans} | {p.id: p for p in changed}
        return PlanSet(plans=tuple(by_id.values()))
