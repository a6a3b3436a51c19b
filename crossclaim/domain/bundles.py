"""A bundled price (打包付费) against what was filed: what it includes, and its non-medical part.

A bundle is billed by its parts, each a line that names it. What is no medical care must not be
hidden in the others, so that much is refused; the rest is for a person to look at. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crossclaim.domain.allocation import BillFacts, Fault
from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.filed_prices import filed_amount, item_name, price_lists
from crossclaim.domain.money import Currency, fen, total
from crossclaim.domain.non_medical import NON_MEDICAL
from crossclaim.domain.plan import Plan, PlanSet, Rule, RuleMissing, Unknown
from crossclaim.domain.sentences_bundle import BundleReason
from crossclaim.domain.submission import ChargeLine
from crossclaim.domain.trace import fault


def bundle_faults(facts: BillFacts, plans: PlanSet) -> Iterator[Fault]:
    """Why the bill's bundles cannot be split: what is no medical care is not told apart."""
    lists = price_lists(plans, facts.episode.hospital)
    if not lists:
        return
    for index, line in enumerate(facts.bill.lines):
        other = _non_medical_in(line.code, line.service_date, lists)
        if line.bundle is None and other and line.category not in NON_MEDICAL:
            words = {"line": line.number, "bundle": line.code, "category": ", ".join(other)}
            yield fault(BundleReason.BUNDLE_NOT_DIVIDED, f"/lines/{index}", **words)
    for name, lines in _bundles(facts).items():
        yield from _short(facts, name, lines, lists)


def _short(
    facts: BillFacts, name: str, lines: list[ChargeLine], lists: list[Plan]
) -> Iterator[Fault]:
    day = lines[0].service_date
    if not _non_medical_in(name, day, lists):
        return
    filed = _filed_apart(name, day, lists)
    if filed is None:
        return
    least = filed_amount(filed, 1)
    charged = total((x.amount for x in lines if x.category in NON_MEDICAL), Currency.CNY)
    if charged < least:
        words = {"bundle": name, "filed": least, "charged": charged}
        place = next(i for i, x in enumerate(facts.bill.lines) if x.number == lines[0].number)
        yield fault(BundleReason.BUNDLE_NON_MEDICAL_SHORT, f"/lines/{place}/bundle", **words)


def bundle_flags(facts: BillFacts, plans: PlanSet) -> Iterator[Fault]:
    """What a person must look at: charges beyond the filed bundle, and around it."""
    if not any(line.bundle or line.category in NON_MEDICAL for line in facts.bill.lines):
        return
    lists = price_lists(plans, facts.episode.hospital)
    places = {line.number: index for index, line in enumerate(facts.bill.lines)}
    for line in facts.bill.lines:
        if line.category in NON_MEDICAL and line.bundle is None:
            words = {"line": line.number, "category": line.category.value}
            yield fault(BundleReason.NON_MEDICAL_ALONE, f"/lines/{places[line.number]}", **words)
    for name, lines in _bundles(facts).items():
        day, place = lines[0].service_date, f"/lines/{places[lines[0].number]}/bundle"
        price = _rule(f"bundles.{item_name(name)}.price", day, lists)
        if price is None or isinstance(price.value, Unknown):
            number = lines[0].number
            yield fault(BundleReason.BUNDLE_NOT_FILED, place, line=number, bundle=name, on=day)
            continue
        yield from _above(name, lines, price, place)
        yield from _beyond(facts, name, lines, lists, places)
        if _non_medical_in(name, day, lists) and _filed_apart(name, day, lists) is None:
            yield fault(BundleReason.BUNDLE_NON_MEDICAL_UNKNOWN, place, bundle=name)


def _above(name: str, lines: list[ChargeLine], price: Rule, place: str) -> Iterator[Fault]:
    charged, allowed = total((x.amount for x in lines), Currency.CNY), filed_amount(price, 1)
    if charged > allowed:
        words = {"bundle": name, "charged": charged, "filed": price.since, "allowed": allowed}
        yield fault(BundleReason.BUNDLE_ABOVE_FILED, place, **words)


def _beyond(
    facts: BillFacts,
    name: str,
    lines: list[ChargeLine],
    lists: list[Plan],
    places: dict[int, int],
) -> Iterator[Fault]:
    """Parts that the bundle does not include, and lines beside it that it does."""
    included = _included(name, lines[0].service_date, lists)
    own = {line.number for line in lines}
    for line in facts.bill.lines:
        place, category = f"/lines/{places[line.number]}", line.category.value
        words = {"line": line.number, "category": category, "bundle": name}
        if line.number in own and category not in included:
            yield fault(BundleReason.BUNDLE_PART_NOT_INCLUDED, f"{place}/category", **words)
        elif line.bundle is None and category in included and line.amount > fen(0):
            yield fault(CombinationReason.BUNDLE_PART_BILLED, place, **words)


def _bundles(facts: BillFacts) -> dict[str, list[ChargeLine]]:
    found: dict[str, list[ChargeLine]] = {}
    for line in facts.bill.lines:
        if line.bundle is not None:
            found.setdefault(line.bundle, []).append(line)
    return found


def _rule(key: str, day: date, lists: list[Plan]) -> Rule | None:
    found = (plan.on(day).find(key) for plan in lists)
    return next((rule for rule in found if rule is not None), None)


def _filed_apart(name: str, day: date, lists: list[Plan]) -> Rule | None:
    """What was filed for the part that is no medical care; None when nobody stated it."""
    filed = _rule(f"bundles.{item_name(name)}.non_medical", day, lists)
    return None if filed is None or isinstance(filed.value, Unknown) else filed


def _included(name: str, day: date, lists: list[Plan]) -> tuple[str, ...]:
    for plan in lists:
        try:
            return plan.on(day).codes(f"bundles.{item_name(name)}.includes")
        except RuleMissing:
            continue
    return ()


def _non_medical_in(name: str, day: date, lists: list[Plan]) -> list[str]:
    """The categories of a filed bundle that are no medical care."""
    return [code for code in _included(name, day, lists) if code in NON_MEDICAL]
