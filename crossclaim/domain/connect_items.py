"""Bill lines against the approvals of Hong Kong-Macao drugs and devices (港澳药械通).

Pure checks, like those of filed prices: the hospital is a designated institution, the item is
approved on its day of service, for this institution, and for what the patient is treated for.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import BillFacts, Fault
from crossclaim.domain.bundles import bundle_flags
from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.filed_prices import (
    PILOT_PLAN,
    designation_flags,
    item_name,
    price_flags,
    price_lists,
)
from crossclaim.domain.plan import Plan, PlanAt, PlanSet, Unknown
from crossclaim.domain.submission import ChargeLine, EpisodeSubmission
from crossclaim.domain.trace import fault

CONNECT_KEY = "connect.categories"


def connect_plan(plans: PlanSet) -> Plan | None:
    """The plan with the approvals; an invented one, where it was let in, before the real one."""
    found = [plan for plan in plans.plans if CONNECT_KEY in plan.parameters]
    return max(found, key=lambda plan: plan.example, default=None)


def connect_flags(facts: BillFacts, plan: Plan) -> list[Fault]:
    """What is wrong with each line of such an item, or what a person must decide about it."""
    bill, episode = facts.bill, facts.episode
    dated = {day: plan.on(day) for day in {line.service_date for line in bill.lines}}
    judged = {day: _judged(at) for day, at in dated.items()}
    found: list[Fault] = []
    for index, line in enumerate(bill.lines):
        day = line.service_date
        if line.category in judged[day]:
            found += _institution(line, episode.hospital, dated[day])
            found += _item(index, line, episode, dated[day])
    return found


def bill_flags(facts: BillFacts, plans: PlanSet) -> list[Fault]:
    """Every check of a bill's lines against filed prices and approved items."""
    found: list[Fault] = []
    pilot, connect = plans.find(PILOT_PLAN), connect_plan(plans)
    if pilot is not None:
        found += designation_flags(facts, pilot)
    if facts.episode.visit.channel == "international":
        found += price_flags(facts, price_lists(plans, facts.episode.hospital))
    found += bundle_flags(facts, plans)
    if connect is not None:
        found += connect_flags(facts, connect)
    return found


def _judged(at: PlanAt) -> tuple[str, ...]:
    """The categories whose lines are such items."""
    rule = at.find(CONNECT_KEY)
    return rule.value if rule is not None and isinstance(rule.value, tuple) else ()


def _institution(line: ChargeLine, hospital: str, at: PlanAt) -> Iterator[Fault]:
    rule = at.find("connect.institutions")
    words = {"line": line.number, "hospital": hospital}
    if rule is None or not isinstance(rule.value, tuple):
        reason = CombinationReason.CONNECT_INSTITUTION_UNKNOWN
        yield fault(reason, "/episode/hospital", **words)
    elif hospital not in rule.value:
        reason = CombinationReason.CONNECT_NOT_DESIGNATED
        yield fault(reason, "/episode/hospital", on=at.on, **words)


def _item(index: int, line: ChargeLine, episode: EpisodeSubmission, at: PlanAt) -> Iterator[Fault]:
    name, place, hospital = item_name(line.code), f"/lines/{index}/code", episode.hospital
    listed = at.find("connect.item_list")
    words = {"line": line.number, "item": line.code}
    if listed is None or not isinstance(listed.value, tuple):
        yield fault(CombinationReason.CONNECT_ITEM_UNKNOWN, place, **words)
        return
    if name not in listed.value:
        yield fault(CombinationReason.CONNECT_ITEM_NOT_LISTED, place, **words)
        return
    approved = at.find(f"connect.items.{name}.approved")
    if approved is not None and isinstance(approved.value, Unknown):
        yield fault(CombinationReason.CONNECT_ITEM_UNKNOWN, place, **words)
        return
    if approved is None or approved.value is False:
        yield fault(CombinationReason.CONNECT_ITEM_NOT_APPROVED, place, on=at.on, **words)
        return
    own = at.find(f"connect.items.{name}.institutions")
    if own is None or not isinstance(own.value, tuple):
        reason = CombinationReason.CONNECT_INSTITUTION_UNKNOWN
        yield fault(reason, place, line=line.number, hospital=hospital)
    elif hospital not in own.value:
        reason = CombinationReason.CONNECT_ITEM_OTHER_INSTITUTION
        yield fault(reason, place, hospital=hospital, **words)
    yield from _purpose(place, line, episode, at)


def _purpose(
    place: str, line: ChargeLine, episode: EpisodeSubmission, at: PlanAt
) -> Iterator[Fault]:
    """An approval is for named purposes: heads of the diagnosis codes that it may treat."""
    words = {"line": line.number, "item": line.code}
    approved = at.find(f"connect.items.{item_name(line.code)}.purposes")
    if approved is None or not isinstance(approved.value, tuple):
        yield fault(CombinationReason.CONNECT_PURPOSE_UNKNOWN, place, **words)
    elif not episode.diagnoses:
        reason = CombinationReason.CONNECT_PURPOSE_NOT_STATED
        yield fault(reason, "/episode/diagnoses", **words)
    elif not any(_treats(purpose, episode) for purpose in approved.value):
        reason = CombinationReason.CONNECT_OTHER_PURPOSE
        names = ", ".join(purpose.upper() for purpose in approved.value)
        yield fault(reason, place, approved=names, **words)


def _treats(purpose: str, episode: EpisodeSubmission) -> bool:
    return any(item_name(d.code).startswith(purpose) for d in episode.diagnoses)
