"""RMB for a claim with papers: its benefit at the rate of the moment that its plan names."""

from __future__ import annotations

from datetime import date, datetime

from activities.quotes import counts_in, quoted_rate
from activities.world import World
from crossclaim.domain.accumulators import Accumulators
from crossclaim.domain.allocation import BillBenefit
from crossclaim.domain.errors import Final
from crossclaim.domain.money import Currency, fen, total
from crossclaim.domain.rates import RateMissing, Rates
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import revisions
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
    if papers and claim.supplements:
        approved = _difference(rows, claim)
    elif not papers or approved.benefit.amount_minor != claim.benefit_minor:
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


def _difference(rows: EpisodeRows, claim: ClaimRow) -> Reimbursement:
    """What a later decision pays more, as a claim of its own: with what was promised before it,
    never above what the patient has paid of what that decision pays for."""
    first = rows.claim(claim.supplements or "")
    (word,) = (r for r in revisions(rows, first.id) if r.decided_at == claim.decided_at)
    room = fen(max(word.room_fen - (word.pay_fen - word.change_fen), 0))
    more = BillBenefit(
        bill=claim.reference,
        claimed=room,
        eligible=room,
        benefit=claim.counted(claim.benefit_minor),
        forecast=fen(claim.pay_fen or 0),
        reasons=[],
    )
    return Reimbursement(
        bills=[more],
        benefit=more.benefit,
        eligible=room,
        after=Accumulators(),
        trace=[],
        faults=[],
    )
