"""What a letter of guarantee, or its absence, makes of a benefit: how much is paid directly."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from crossclaim.domain.allocation import BillFacts, TraceStep
from crossclaim.domain.conditions import in_network
from crossclaim.domain.cover import Claiming, Cover
from crossclaim.domain.guarantee_terms import outside, unmet
from crossclaim.domain.money import Money, half_up
from crossclaim.domain.plan import PlanAt, Unknown
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.trace import plain, traced

PAYEES = frozenset({"hospital", "patient"})
"""Who is paid when there was no guarantee; a plan states which."""
_ENCOUNTERS = "guarantee.required_encounters"
_CATEGORIES = "guarantee.required_categories"
_ABOVE = "guarantee.required_above"


class Guaranteed(NamedTuple):
    """``benefit``, the most of it that goes to the hospital (None: all), and why."""

    benefit: Money
    limit: Money | None
    steps: list[TraceStep]
    reasons: list[StrEnum]
    outside: frozenset[int] = frozenset()
    """Lines of which nothing goes to the hospital."""


def guaranteed(facts: BillFacts, plan: PlanAt, cover: Cover, benefit: Money) -> Guaranteed:
    """The benefit and the direct limit under the guarantee, or under the rule for none."""
    found = _by_guarantee(facts, plan, cover, benefit)
    if cover.claiming is Claiming.REIMBURSEMENT:
        return found._replace(limit=plan.money(0))
    if in_network(facts, plan):
        return found
    hospital = facts.episode.hospital
    words = {"hospital": hospital}
    key, reason = "network.hospitals", InsurerReason.NOT_DIRECT_HOSPITAL
    step = traced(plan, [key], reason, plan.money(0), inputs=words, words=words)
    return Guaranteed(found.benefit, plan.money(0), [*found.steps, step], [*found.reasons, reason])


def _by_guarantee(facts: BillFacts, plan: PlanAt, cover: Cover, benefit: Money) -> Guaranteed:
    limit, terms = cover.guarantee_limit, cover.guarantee_terms
    broken = "" if limit is None or terms is None else unmet(facts, terms)
    if broken:
        found = _no_letter(facts, plan, benefit)
        reason = InsurerReason.GUARANTEE_CONDITION
        step = plain(
            "guarantee:condition", plan.on, reason, benefit, {"letter": broken}, condition=broken
        )
        return found._replace(steps=[step, *found.steps], reasons=[reason, *found.reasons])
    if limit is None:
        return _no_letter(facts, plan, benefit)
    lines = frozenset() if terms is None else outside(facts, terms)
    if limit >= benefit:
        return Guaranteed(benefit, limit, [], [], lines)
    words = {"limit": limit, "amount": limit}
    inputs: dict[str, object] = {"benefit": benefit, "guarantee_limit": limit}
    step = plain("guarantee:limit", plan.on, Reason.GUARANTEE_LIMIT, limit, inputs, **words)
    return Guaranteed(benefit, limit, [step], [Reason.GUARANTEE_LIMIT], lines)


def _no_letter(facts: BillFacts, plan: PlanAt, benefit: Money) -> Guaranteed:
    needed, why = guarantee_needed(facts, plan)
    if needed:
        return _without_guarantee(plan, benefit)
    step = traced(
        plan, why, InsurerReason.GUARANTEE_NOT_NEEDED, benefit, inputs={"guarantee": "none"}
    )
    return Guaranteed(benefit, None, [step], [])


def guarantee_needed(facts: BillFacts, plan: PlanAt) -> tuple[bool, list[str]]:
    """Whether this bill needs a guarantee, with the rules that say so; always, without any rule."""
    stated = [key for key in (_ENCOUNTERS, _CATEGORIES, _ABOVE) if plan.find(key)]
    if not stated:
        return True, []
    encounter = facts.episode.visit.encounter_class.value
    categories = {line.category.value for line in facts.bill.lines}
    needed = (
        (_ENCOUNTERS in stated and encounter in plan.codes(_ENCOUNTERS))
        or (_CATEGORIES in stated and not categories.isdisjoint(plan.codes(_CATEGORIES)))
        or (_ABOVE in stated and plan.amount(_ABOVE) < facts.bill.total)
    )
    return needed, stated


def _without_guarantee(plan: PlanAt, benefit: Money) -> Guaranteed:
    key, to = "guarantee.without_ratio", "guarantee.without_payee"
    rule = plan.find(key)
    inputs: dict[str, object] = {"benefit": benefit, "guarantee": "none"}
    if rule is None or isinstance(rule.value, Unknown):
        step = traced(plan, [key], Reason.GUARANTEE_MISSING, plan.money(0), inputs=inputs)
        return Guaranteed(plan.money(0), plan.money(0), [step], [Reason.GUARANTEE_MISSING])
    ratio = plan.ratio(key)
    reduced = plan.money(half_up(benefit.amount_minor * ratio))
    limit = None if plan.code(to) == "hospital" else plan.money(0)
    words = {"ratio": f"{ratio:.0%}", "amount": reduced}
    step = traced(plan, [key, to], Reason.WITHOUT_GUARANTEE, reduced, inputs=inputs, words=words)
    return Guaranteed(reduced, limit, [step], [Reason.WITHOUT_GUARANTEE])
