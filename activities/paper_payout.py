"""RMB for a claim with papers: its benefit at the rate of the moment that its plan names."""

from __future__ import annotations

from datetime import date, datetime

from activities.quotes import counts_in, quoted_rate
from activities.world import World
from crossclaim.domain.accumulators import Accumulators
from crossclaim.domain.errors import Final
from crossclaim.domain.money import Currency, total
from crossclaim.domain.rates import RateMissing, Rates
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.reimbursement import Payout, Reimbursement, pay_out
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import FunderKind


def rates_of_days(world: World, insurer: str, days: list[date], plan: str) -> Rates:
    """The insurer's rates of days of service, as far as they are known."""
    currency = counts_in(world.plans, plan)
    found = {day: quoted_rate(world.reference, day, insurer, currency) for day in days}
    return Rates(by_day={day: rate for day, rate in found.items() if rate is not None})


def rmb_of_papers(world: World, rows: EpisodeRows, claim: ClaimRow, at: datetime) -> Payout | None:
    """None for a claim of another kind, or one that was decided otherwise than by its papers.

    Raises ``Final`` when the rate is not known: nothing is paid by a guess.
    """
    allocation = rows.allocation(claim.bill_id)
    papers = allocation.result.papers if allocation else []
    approved = Reimbursement(
        bills=papers,
        benefit=total((one.benefit for one in papers), claim.benefit_currency),
        eligible=total((one.eligible for one in papers), Currency.CNY),
        after=Accumulators(),
        trace=[],
        faults=[],
    )
    if not papers or approved.benefit.amount_minor != claim.benefit_minor:
        return None
    insurer, coverage = claim.organisation_id or "", rows.coverage(FunderKind.INSURER)
    plan = world.plans.find((coverage and coverage.plan) or "")
    if plan is None:
        raise Final("the claim's plan is not active", code="PLAN_UNKNOWN")
    decided = claim.decided_at or at
    rates = Rates(
        quote=quoted_rate(world.reference, local_day(decided), insurer, plan.currency),
        approval=quoted_rate(world.reference, local_day(decided), insurer, plan.currency),
        payout=quoted_rate(world.reference, local_day(at), insurer, plan.currency),
    )
    try:
        return pay_out(approved, plan.on(local_day(at)), rates)
    except RateMissing:
        raise Final("the rate that the plan pays at is not known", code="RATE_MISSING") from None
