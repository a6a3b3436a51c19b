"""What the keys of a basic insurance or pay-later plan must have together."""

from __future__ import annotations

from datetime import date

from crossclaim.domain.basic_facts import Care
from crossclaim.domain.insured import GROUPS
from crossclaim.domain.plan import Plan
from crossclaim.domain.submission import FunderKind
from crossclaim.plans.reading import PlanReader, known_words

_WAITING = ("groups", "fixed", "per_missed_year", "most", "most_counts", "exempt")
_TOLD_APART = (
    "ratio",
    "above_ratio",
    "deductible",
    "per_month",
    "per_year",
)


def check_basic(plan: Plan, reader: PlanReader) -> None:
    """Adds a fault for each key that stands without the others it needs."""
    if plan.funder is FunderKind.BASIC_INSURANCE:
        cares = [care.value for care in Care if _under(plan, care.value)]
        if not cares and "excluded_channels" not in plan.parameters:
            allowed = ["excluded_channels", *(care.value for care in Care)]
            reader.fault(1, "parameters", "judges no care", allowed)
        for care in cares:
            _check_care(plan, care, reader)
        _check_together(plan, "waiting", _WAITING, reader)
        _check_together(plan, "enrolment", ("opens", "closes"), reader)
        _check_dates(plan, reader)
    if plan.funder is FunderKind.PAY_LATER:
        _check_instalments(plan, reader)


def _under(plan: Plan, head: str) -> list[str]:
    return [key for key in plan.parameters if key.startswith(f"{head}.")]


def _check_care(plan: Plan, care: str, reader: PlanReader) -> None:
    keys = _under(plan, care)
    for key in keys:
        _, name, *names = key.split(".")
        if name in _TOLD_APART and names and names[0] not in GROUPS:
            reason = f"names the unknown {names[0]}"
            reader.fault(reader.lines[key], f"parameters.{key}", reason, GROUPS)
        if name == "limits":
            _check_limits(plan, care, key, reader)
        if name == "extra" and _under(plan, f"{care}.ratio.{names[0]}"):
            reason = f"stands beside a ratio of {names[0]} itself"
            reader.fault(reader.lines[key], f"parameters.{key}", reason)
    if not _under(plan, f"{care}.ratio") and not _under(plan, f"{care}.general_consult_fee"):
        reader.fault(
            reader.lines[keys[0]], f"parameters.{care}.ratio", "is missing", "a value or unknown"
        )
    if not _under(plan, f"{care}.limits"):
        line = reader.lines[keys[0]]
        reader.fault(line, f"parameters.{care}.limits", "is missing", "[per_year] or []")
    if f"{care}.elsewhere_spared" in keys and f"{care}.elsewhere_less" not in keys:
        line = reader.lines[f"{care}.elsewhere_spared"]
        reader.fault(line, f"parameters.{care}.elsewhere_less", "is missing", "a value or unknown")
    border = (f"{care}.above.from" in plan.parameters, bool(_under(plan, f"{care}.above_ratio")))
    if any(border) and not all(border):
        missing = "above_ratio" if border[0] else "above.from"
        reader.fault(
            reader.lines[keys[0]],
            f"parameters.{care}.{missing}",
            "is missing",
            "a value or unknown",
        )


def _check_limits(plan: Plan, care: str, key: str, reader: PlanReader) -> None:
    """A limit that is named has an amount somewhere."""
    for period in dict.fromkeys(known_words(plan.parameters[key])):
        if not _under(plan, f"{care}.{period}"):
            reason = f"names {period}, which has no amount"
            reader.fault(reader.lines[key], f"parameters.{key}", reason)


def _check_together(plan: Plan, head: str, names: tuple[str, ...], reader: PlanReader) -> None:
    keys = _under(plan, head)
    for name in names if keys else ():
        if f"{head}.{name}" not in plan.parameters:
            reader.fault(
                reader.lines[keys[0]],
                f"parameters.{head}.{name}",
                "is missing",
                "a value or unknown",
            )


def _check_dates(plan: Plan, reader: PlanReader) -> None:
    for key in _under(plan, "enrolment"):
        for word in known_words(plan.parameters[key]):
            try:
                date.fromisoformat(word)
            except ValueError:
                reason = f"{word} is not a date"
                reader.fault(reader.lines[key], f"parameters.{key}", reason, "2025-02-25")


def _check_instalments(plan: Plan, reader: PlanReader) -> None:
    key = "credit.instalments"
    for word in known_words(plan.parameters[key]) if key in plan.parameters else ():
        if not word.isdecimal() or int(word) < 2:
            reason = f"{word} is not a number of instalments"
            reader.fault(reader.lines[key], f"parameters.{key}", reason, "2 or more")
