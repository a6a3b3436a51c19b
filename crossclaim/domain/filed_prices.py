"""Bill lines against the prices that a hospital filed for international medical services.

Pure checks: a flag says what is wrong with a charge or what a person must decide; they change no
split. A filed price holds from the day on which it was filed, and a line is judged by the prices of
its day of service. Lists that are invented (``example``) load in a demonstration only.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import BillFacts, Fault
from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.money import Money
from crossclaim.domain.plan import Plan, PlanAt, PlanSet, Rule, RuleMissing, Unknown
from crossclaim.domain.sentences import Reason
from crossclaim.domain.submission import ChargeLine
from crossclaim.domain.trace import fault

PILOT_PLAN = "intl-medical-pilot"


def item_name(code: str) -> str:
    """A charge line's code as plan files name it."""
    return code.lower().replace(".", "-").replace(":", "-")


def designation_flags(facts: BillFacts, pilot: Plan) -> list[Fault]:
    """Whether the hospital may bill international services: on the day that the episode was opened,
    since a hospital that leaves the pilot keeps its running episodes; before it is known, on each
    day that the bill has lines of, each reason once."""
    if facts.episode.visit.channel != "international":
        return []
    days = sorted({line.service_date for line in facts.bill.lines})
    if facts.opened_on is not None:
        days = [facts.opened_on]
    first: dict[str, Fault] = {}
    for day in days:
        for flag in designation_faults(facts.episode.hospital, pilot.on(day)):
            first.setdefault(flag.code, flag)
    return list(first.values())


def designation_faults(hospital: str, at: PlanAt) -> Iterator[Fault]:
    """Why a hospital may not offer international services on a day, or that nobody knows."""
    rule = at.find(f"international.hospitals.{hospital}")
    if rule is not None and rule.value is True:
        return
    unknown = rule is not None and isinstance(rule.value, Unknown)
    complete = at.find("international.list_complete")
    if rule is None and complete is not None and complete.value is False:
        unknown = True
    reason = CombinationReason.INTERNATIONAL_NOT_DESIGNATED
    if unknown:
        reason = CombinationReason.INTERNATIONAL_UNKNOWN
    yield fault(reason, "/episode/hospital", hospital=hospital, on=at.on)


def price_lists(plans: PlanSet, hospital: str) -> list[Plan]:
    """The plans that hold filed prices of a hospital."""
    wanted = (hospital,)
    return [
        plan
        for plan in plans.plans
        if (named := plan.parameters.get("price_list.hospital")) is not None
        and tuple(dated.value for dated in named.values)[-1:] == wanted
    ]


def price_flags(facts: BillFacts, lists: list[Plan]) -> list[Fault]:
    """Charges above the filed price, without one, or billed beside the bundle that holds them."""
    if facts.episode.visit.channel != "international":
        return []
    if not lists:
        hospital = facts.episode.hospital
        reason = CombinationReason.PRICE_LIST_UNKNOWN
        return [fault(reason, "/episode/hospital", hospital=hospital)]
    found: list[Fault] = []
    for index, line in enumerate(facts.bill.lines):
        if line.bundle is not None:
            continue  # the bundle has a price, its parts have none of their own
        at = [plan.on(line.service_date) for plan in lists]
        found.extend(_line_flags(index, line, at))
    found.extend(_bundle_flags(facts, lists))
    return found


def _line_flags(index: int, line: ChargeLine, lists: list[PlanAt]) -> Iterator[Fault]:
    name, place = item_name(line.code), f"/lines/{index}"
    keys = (f"prices.{name}", f"bundles.{name}.price")
    rules = [rule for at in lists for key in keys if (rule := at.find(key)) is not None]
    if not rules:
        words = {"line": line.number, "item": line.code, "on": line.service_date}
        yield fault(CombinationReason.PRICE_NOT_FILED, place, **words)
        return
    known = [rule for rule in rules if not isinstance(rule.value, Unknown)]
    if not known:
        words = {"rule": rules[0].name, "on": line.service_date}
        yield fault(Reason.RULE_NEEDS_PERSON, place, **words)
        return
    newest = max(known, key=lambda rule: rule.since)
    allowed = filed_amount(newest, line.quantity)
    if line.amount > allowed:
        words = {
            "line": line.number,
            "charged": line.amount,
            "filed": newest.since,
            "allowed": allowed,
        }
        yield fault(CombinationReason.PRICE_ABOVE_FILED, f"{place}/amount", **words)


def filed_amount(rule: Rule, quantity: int) -> Money:
    """The filed price of so many; less than one counts as one."""
    assert rule.unit.currency is not None and isinstance(rule.value, int), "prices are in CNY"
    return Money(amount_minor=rule.value * max(quantity, 1), currency=rule.unit.currency)


def _bundle_flags(facts: BillFacts, lists: list[Plan]) -> Iterator[Fault]:
    """Lines that cost something and belong to a bundle that is billed on the same bill."""
    for bundle in facts.bill.lines:
        key = f"bundles.{item_name(bundle.code)}.includes"
        for plan in lists:
            try:
                included = plan.on(bundle.service_date).codes(key)
            except RuleMissing:
                continue
            for index, line in enumerate(facts.bill.lines):
                part = line.number != bundle.number and line.category.value in included
                itself = f"bundles.{item_name(line.code)}.includes" in plan.parameters
                part = part and line.bundle is None
                if part and not itself and line.amount.amount_minor > 0:
                    words = {"line": line.number, "category": line.category.value}
                    reason = CombinationReason.BUNDLE_PART_BILLED
                    yield fault(reason, f"/lines/{index}", bundle=bundle.code, **words)
