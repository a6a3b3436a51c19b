"""The chain of funders: each link carries its part of what the links before it leave of each line.

A funder joins with one ``Link``; two links may share a funder (a second insurer), and then stand in
the order in which they were joined.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from crossclaim.domain.allocation import (
    BillFacts,
    CoverTerms,
    Fault,
    Frozen,
    FunderTotal,
    RuleUsed,
    Share,
    TraceStep,
    VoucherUse,
)
from crossclaim.domain.money import ConversionRate, Money
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import CoverageClaimed, FunderKind

Left = dict[int, Money]
"""Line number → CNY that nobody carries yet."""


class Part(Frozen):
    """One funder's part: its total, its shares by line (each line at most once), its steps."""

    total: FunderTotal
    shares: list[Share]
    trace: list[TraceStep]


class LegAnswer(Frozen):
    """What a link says about a bill. Without ``parts`` the funder carries nothing of it."""

    parts: list[Part] = []
    """Mostly one; several where one link pays from more than one purse (fund, family account)."""
    rules: list[RuleUsed] = []
    faults: list[Fault] = []
    rate: ConversionRate | None = None
    """The exchange rate that the part rests on."""
    later: list[FunderTotal] = []
    """What the funder, or each of several insurers, owes the patient afterwards."""
    direct_limit: Money | None = None
    voucher_uses: list[VoucherUse] = []
    cover_use: dict[str, int] = {}
    """What the bill adds to the member's counters, of a bill's only insurer."""
    covers: list[CoverTerms] = []
    """Of insurers judged on covers of their own: the terms of each."""


class Link(NamedTuple):
    """A funder's place in the chain. ``carry``: pure, (facts, plans, left) → its answer."""

    funder: FunderKind
    carry: Callable[[BillFacts, PlanSet, Left], LegAnswer]
    every: bool = False
    """It judges every coverage of its funder, not only the first."""


def whole(facts: BillFacts) -> Left:
    """Every line in full."""
    return {line.number: line.amount for line in facts.bill.lines}


def carried(
    facts: BillFacts, plans: PlanSet, links: Sequence[Link]
) -> tuple[list[LegAnswer], Left]:
    """Every link's answer, each on what those before leave, and what is left after the last."""
    answers: list[LegAnswer] = []
    left = whole(facts)
    for link in links:
        answer = link.carry(facts, plans, dict(left))
        for share in (share for part in answer.parts for share in part.shares):
            left[share.line] = left[share.line] - share.amount
        over = [number for number, amount in left.items() if amount.amount_minor < 0]
        assert not over, f"{link.funder.value} carries more than is left of lines {over}"
        answers.append(answer)
    return answers, left


def first_claimed(facts: BillFacts, funder: FunderKind) -> tuple[int, CoverageClaimed] | None:
    """The first coverage of a funder that this bill is laid on, with its place."""
    return next(((at, c) for at, c in facts.claimed if c.funder is funder), None)
