"""Whether an insurer's cover stands on the day of a charge: in force, past its waiting periods.

A fact that a condition needs and nobody gave is a question, asked only where the answer matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crossclaim.domain.allocation import BillFacts, Fault, TraceStep
from crossclaim.domain.cover import Cover, months_after
from crossclaim.domain.plan import PlanAt, Unit
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.submission import ChargeLine
from crossclaim.domain.trace import fault, plain, traced

ILLNESS = "waiting.illness"
SCALE = "pre_existing"
"""Prefix of the share that the plan pays for a condition from before the cover, by policy year."""


def place(facts: BillFacts, cover: Cover) -> str:
    """Where the submission names a cover."""
    for index, claimed in enumerate(facts.episode.coverages):
        if (claimed.plan, claimed.organisation) == (cover.plan, cover.organisation):
            return f"/episode/coverages/{index}"
    return "/episode/coverages"


def cover_faults(
    facts: BillFacts, plan: PlanAt, cover: Cover, benefit_of: dict[str, str]
) -> Iterator[Fault]:
    """What must be known of the cover before this bill can be judged."""
    pointer, lines = place(facts, cover), facts.bill.lines
    waiting = plan.derived(_waiting)
    waits = [line for line in lines if benefit_of.get(line.category) in waiting]
    if cover.since is None:
        if waits or plan.under(SCALE):
            yield fault(InsurerReason.COVER_START_NOT_STATED, pointer, plan=plan.plan)
        return
    until = illness_until(plan, cover)
    if cover.accident is None and any(until and line.service_date < until for line in waits):
        yield fault(InsurerReason.CAUSE_NOT_STATED, pointer, until=until)
    scale = scale_key(plan, cover.year_on(plan.on))
    if cover.pre_existing is None and scale is not None and plan.ratio(scale) < 1:
        yield fault(InsurerReason.PRE_EXISTING_NOT_STATED, pointer, year=cover.year_on(plan.on))


def _waiting(plan: PlanAt) -> dict[str, list[str]]:
    """Benefit → the waiting periods that it falls under, its own first."""
    keys = {b: (f"benefits.{b}.waiting", ILLNESS) for b in plan.under("benefits")}
    found = {b: [key for key in both if plan.find(key) is not None] for b, both in keys.items()}
    return {benefit: waits for benefit, waits in found.items() if waits}


def first_day(plan: PlanAt, cover: Cover, key: str) -> date | None:
    """The first day after a waiting period that counts from the first day of cover."""
    if cover.since is None:
        return None
    count = plan.count(key)
    if plan.rule(key).unit is Unit.MONTHS:
        return months_after(cover.since, count)
    return cover.since + timedelta(days=count)


def illness_until(plan: PlanAt, cover: Cover) -> date | None:
    """The first day on which illness is covered; None when the plan has no such waiting."""
    return first_day(plan, cover, ILLNESS) if plan.find(ILLNESS) else None


def not_covered(
    line: ChargeLine, plan: PlanAt, cover: Cover, benefit: str | None
) -> TraceStep | None:
    """Why the cover does not stand on the day of a line; None when it does."""
    on = line.service_date
    begun = cover.since is None or cover.since <= on
    if not begun or (cover.until is not None and cover.until < on):
        given: dict[str, object] = {
            "line": line.number,
            "since": cover.since or "not stated",
            "until": cover.until or "open",
        }
        words: dict[str, object] = {"line": line.number, "day": on}
        return plain(
            "cover:in_force", plan.on, InsurerReason.COVER_NOT_IN_FORCE, on, given, **words
        )
    for key in plan.derived(_waiting).get(benefit or "", ()):
        if key == ILLNESS and cover.accident:
            continue
        covered = first_day(plan, cover, key)
        if covered is not None and on < covered:
            inputs = {"line": line.number, "since": cover.since, "on": on}
            words = {"line": line.number, "covered": covered}
            reason = InsurerReason.INSURER_WAITING_PERIOD
            return traced(plan, [key], reason, covered, inputs=inputs, words=words)
    return None


def scale_key(plan: PlanAt, year: int) -> str | None:
    """The scale's step for a policy year: the last one that is not after it."""
    steps = sorted((int(name.removeprefix("year_")), name) for name in plan.under(SCALE))
    reached = [name for first, name in steps if first <= year]
    return f"{SCALE}.{reached[-1]}" if reached else None


def in_network(facts: BillFacts, plan: PlanAt) -> bool:
    """True when the plan has no network. Raises RuleUnknown when nobody stated its hospitals."""
    key = "network.hospitals"
    return plan.find(key) is None or facts.episode.hospital in plan.codes(key)
