"""A later decision on what an insurer pays the patient himself: papers, or beyond a guarantee."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from activities.quotes import quoted_rate
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.accumulators import paid_ever, paid_in
from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.cover import policy_year
from crossclaim.domain.errors import Final
from crossclaim.domain.examination import LineDecision
from crossclaim.domain.money import Money, fen
from crossclaim.domain.records import ClaimRow, CoverKey, EpisodeRows
from crossclaim.domain.redecision import (
    benefit_of,
    promised,
    promised_by,
    share_of,
    supplements,
    with_later,
)
from crossclaim.domain.submission import BillSubmission, FunderKind
from crossclaim.domain.tender_apart import paid_for_care

_PAID_OF_YEAR = re.compile(r"year\.\d+\.paid")


@dataclass(frozen=True)
class Afterwards:
    """The split with its new later part, and fen that the patient gets more or gives back."""

    result: AllocationResult
    change: int
    room: int
    """Fen that the insurer may pay in all: what the patient has paid of what is paid for."""


def decided_afterwards(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    benefit: Money,
    lines: Sequence[LineDecision],
) -> Afterwards:
    """More is worth what the charges' days say, until its payout's own rate; what was paid too much
    comes back at the rate at which it was paid. Never above what the patient has paid."""
    old, before = tx.split(claim.bill_id), benefit_of(rows, claim)
    later = old.later_of(claim.organisation_id)
    nothing = FunderTotal(
        funder=FunderKind.INSURER,
        organisation=claim.organisation_id,
        amount=fen(0),
        in_funder_currency=claim.counted(0),
    )
    worth = _worth(tx, world, rows, claim, old, benefit, lines)
    known = promised(rows, claim)
    room = _room(tx, rows, claim, old, lines)
    if benefit < before:
        kept = share_of(known, benefit.amount_minor, before.amount_minor)
        change = kept - known
    else:
        held = _held(later, before, worth, benefit)
        change = max(min(worth - held, room - known), 0)
    own = nothing.model_copy(update={"amount": fen(max(worth, 0)), "in_funder_currency": benefit})
    return Afterwards(with_later(old, own), change, room)


def _held(later: FunderTotal | None, before: Money, worth: int, benefit: Money) -> int:
    """Fen that the decision before was worth: as the split has it, else its share of this one."""
    if later is not None and later.in_funder_currency == before:
        return later.amount.amount_minor
    return share_of(worth, before.amount_minor, benefit.amount_minor) if benefit.amount_minor else 0


def _worth(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    old: AllocationResult,
    benefit: Money,
    lines: Sequence[LineDecision],
) -> int:
    """Fen of a benefit: papers at the rate of each line's day, all else at the bill's."""
    if not old.papers:
        rate = old.rate_of(claim.organisation_id)
        if rate is None:
            raise Final("the bill's rate is not known", code="RATE_MISSING")
        return rate.to_fen(benefit).amount_minor
    charged = {line.number: line for line in tx.bill_content(claim.bill_id).lines}
    worth = 0
    for one in lines:
        line = charged[one.line]
        day, insurer = line.service_date, claim.organisation_id
        rate = quoted_rate(world.reference, day, insurer, claim.benefit_currency)
        if rate is None:
            raise Final("the rate of a day of service is not known", code="RATE_MISSING")
        worth += min(rate.to_fen(one.approved), line.amount).amount_minor
    return worth


def _room(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    claim: ClaimRow,
    old: AllocationResult,
    lines: Sequence[LineDecision],
) -> int:
    """Fen that the insurer may pay the patient in all: what he has paid of what is paid for."""
    if old.papers:
        return eligible_fen(tx.bill_content(claim.bill_id), lines)
    own = {claim.id, *(c.id for c in supplements(rows, claim.id))}
    others = (c for c in rows.claims_of(claim.bill_id, "reimbursement") if c.id not in own)
    given = promised_by(rows, others)
    return max(paid_for_care(rows, rows.bill(claim.bill_id)) - given, 0)


def eligible_fen(bill: BillSubmission, lines: Sequence[LineDecision]) -> int:
    """CNY of the charge lines that a decision pays anything of."""
    named = {one.line for one in lines if one.approved.amount_minor}
    return sum(line.amount.amount_minor for line in bill.lines if line.number in named)


def count_again(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    benefit: Money,
    version: int,
    at: datetime,
) -> None:
    """The cover's counters of what was paid follow; days and visits stay as they were judged.

    Only papers count by themselves: a bill's cover was counted when the bill was judged.
    """
    if not tx.split(claim.bill_id).papers:
        return
    content, insurer = tx.episode_content(rows.episode.id), claim.organisation_id or ""
    claimed = next(c for c in content.coverages if c.organisation == insurer)
    number, plan = claimed.policy_number or "", claimed.plan or ""
    key = CoverKey(organisation=insurer, policy_number=number, plan=plan)
    without = tx.cover_used(key, claim.bill_id)
    whole = tx.cover_used(key)
    use = {n: whole.of(n) - without.of(n) for n in sorted({*whole.used, *without.used})}
    change = benefit.amount_minor - benefit_of(rows, claim).amount_minor
    years = [name for name in use if _PAID_OF_YEAR.fullmatch(name)]
    policy = world.reference.policy(insurer, number)
    if not years and policy is not None:
        first = min(line.service_date for line in tx.bill_content(claim.bill_id).lines)
        years = [paid_in(policy_year(policy.since, first))]
    for name in (*years[:1], paid_ever()):
        use[name] = use.get(name, 0) + change
    tx.reverse_cover_use(claim.bill_id, at)
    counted = {name: count for name, count in use.items() if count}
    noted = tx.cover_version(claim.bill_id, version)
    tx.add_cover_use(key, rows.episode.id, claim.bill_id, noted, counted, at)
