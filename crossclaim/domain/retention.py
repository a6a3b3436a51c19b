"""How long records must be kept: dated rules per kind of record, the longest that applies holds."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.plan import PlanAt, PlanSet

RETENTION_PLAN = "retention"
_PLANS = ("consent-withdrawal", RETENTION_PLAN)
SPOUSE = "voucher_spouse"
"""What another patient's episode says of whoever gave vouchers to it."""
WITH_THE_RECORD = "mention_of_before"
"""The same from before it had a key of its own: it ends with that episode. No rule names it."""
LEGAL_HOLD = "legal_hold"
"""Two persons end it; until then no rule's end frees what it holds."""
_INPATIENT = frozenset({"inpatient", "day_procedure"})


class Held(Frozen):
    """One data key's worth of records, by what decides how long it is kept."""

    scope: str
    kind: str
    """``episode``, ``family_binding``, ``family_code_link``, ``credit_account``, ``SPOUSE`` or
    ``WITH_THE_RECORD``."""
    encounter_class: str = ""
    insurer_regions: tuple[str, ...] = ()
    """Where its insurers sit: ``CN``, ``HK``, ``MO``."""
    ended_on: date | None = None
    """Last day on which something happened; None: it is not over."""
    on_hold: bool = False
    """One of its documents is under a legal hold."""


class Keeping(StrEnum):
    OPEN = "open"
    """It is not over: nothing is erased under a case that still moves money."""
    KEPT = "kept"
    """A rule holds it: storage and protection only."""
    FREE = "free"


class Verdict(Frozen):
    keeping: Keeping
    rule: str = ""
    """The rule that holds longest, or held."""
    until: date | None = None
    """Last day on which the rule holds; None: nobody has stated it."""


def rules_for(held: Held) -> list[str]:
    """The rules that name records of this kind."""
    if held.kind != "episode":
        return [f"retention.{held.kind}"]
    care = "inpatient" if held.encounter_class in _INPATIENT else "outpatient"
    regions = sorted({region.lower() for region in held.insurer_regions})
    return [f"retention.{care}", *(f"retention.insurer.{region}" for region in regions)]


class RetentionRules:
    """The rules of one day, of both plans that have some."""

    def __init__(self, plans: PlanSet, on: date) -> None:
        found = [plan.on(on) for name in _PLANS if (plan := plans.find(name)) is not None]
        self._plans: list[PlanAt] = found
        self._on = on

    def verdict(self, held: Held) -> Verdict:
        """Whether the records may go on this day. What is unknown keeps them."""
        if held.ended_on is None:
            return Verdict(keeping=Keeping.OPEN)
        if held.on_hold:
            return Verdict(keeping=Keeping.KEPT, rule=LEGAL_HOLD)
        longest: Verdict | None = None
        for key in rules_for(held):
            rule = next((r for p in self._plans if (r := p.find(key)) is not None), None)
            name = key if rule is None else rule.name
            if rule is None or isinstance(rule.value, bool) or not isinstance(rule.value, int):
                return Verdict(keeping=Keeping.KEPT, rule=name)
            until = _years_on(held.ended_on, rule.value)
            if longest is None or longest.until is None or until > longest.until:
                keeping = Keeping.FREE if self._on > until else Keeping.KEPT
                longest = Verdict(keeping=keeping, rule=name, until=until)
        assert longest is not None, "every kind of record has a rule"
        return longest

    def copies_before(self) -> date | None:
        """Copies of banks' files from before this day have been kept long enough; None: nobody has
        stated how long."""
        rule = next((r for p in self._plans if (r := p.find("retention.bank_copy"))), None)
        if rule is None or isinstance(rule.value, bool) or not isinstance(rule.value, int):
            return None
        return _years_on(self._on, -rule.value)

    def export_days(self) -> int:
        """How long an export lies ready."""
        return next(p.count("export.ready") for p in self._plans if p.plan == RETENTION_PLAN)


def _years_on(day: date, years: int) -> date:
    """The same day, years later; 29 February becomes the last of the month."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
