"""How long one decision takes, on one core, measured over many repetitions."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median, quantiles
from time import perf_counter_ns, process_time_ns

from crossclaim.backtest.claim import Claim
from crossclaim.backtest.synthetic import synthetic_claim
from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.chain import Link
from crossclaim.domain.insured import InsuredStatus
from crossclaim.domain.money import Currency, fen, total
from crossclaim.domain.pay_later import Payer, PayLaterFacts
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import CoverageClaimed, EncounterClass, FunderKind

WARM_UP = 20


class Speed(Frozen):
    """Milliseconds of one claim's decisions. ``processor_ms`` leaves out waiting for a core."""

    bill: str
    lines: int
    funders: int
    """Who carries a part, the patient among them."""
    refused: bool
    median_ms: float
    p95_ms: float
    processor_ms: float


def speed_of(facts: Claim, plans: PlanSet, times: int) -> Speed:
    """Decides one claim so many times, at least twice."""
    links = facts.links
    for _ in range(WARM_UP):
        result = allocate(facts, plans, links)
    begun = process_time_ns()
    taken = [_decide(facts, plans, links) for _ in range(times)]
    spent = process_time_ns() - begun
    return Speed(
        bill=facts.bill.number,
        lines=len(facts.bill.lines),
        funders=len(result.totals),
        refused=result.refused,
        median_ms=round(median(taken) / 1e6, 3),
        p95_ms=round(quantiles(taken, n=20)[-1] / 1e6, 3),
        processor_ms=round(spent / times / 1e6, 3),
    )


def _decide(facts: Claim, plans: PlanSet, links: Sequence[Link]) -> int:
    begun = perf_counter_ns()
    allocate(facts, plans, links)
    return perf_counter_ns() - begun


def long_stay(lines: int) -> Claim:
    """An invented stay that an insurer pays, its lines repeated until there are so many."""
    stays = (synthetic_claim(1, number) for number in range(1000))
    return _repeated(next(c for c in stays if c.admitted_on and len(c.bill.lines) > 6), lines)


def long_visit(lines: int) -> Claim:
    """An invented visit that four carry: fund, account, credit and the patient."""
    visits = (synthetic_claim(1, number) for number in range(1000))
    claim = _repeated(next(c for c in visits if c.basic and len(c.bill.lines) > 3), lines)
    day = claim.bill.lines[0].service_date
    eighth = fen(claim.bill.total.amount_minor // 8)
    payer = Payer(status=InsuredStatus.ACTIVE, account=eighth, credit_available=claim.bill.total)
    paying = PayLaterFacts(
        on=day,
        hospital="dongguan-tcm",
        encounter_class=EncounterClass.OUTPATIENT,
        payer=payer,
    )
    coverages = [
        claim.episode.coverages[0],
        CoverageClaimed(funder=FunderKind.PAY_LATER),
    ]
    episode = claim.episode.model_copy(update={"coverages": coverages, "hospital": paying.hospital})
    changes = {"episode": episode, "account": None, "pay_later": paying}
    return claim.model_copy(update=changes)


def _repeated(claim: Claim, lines: int) -> Claim:
    bill, basic = claim.bill, claim.basic
    places = [(place + 1, place % len(bill.lines)) for place in range(lines)]
    charges = [bill.lines[at].model_copy(update={"number": number}) for number, at in places]
    summed = total([line.amount for line in charges], Currency.CNY)
    changes: dict[str, object] = {
        "bill": bill.model_copy(update={"lines": charges, "total": summed})
    }
    if basic is not None:
        told = [basic.lines[at].model_copy(update={"number": number}) for number, at in places]
        changes["basic"] = basic.model_copy(update={"lines": told})
    return claim.model_copy(update=changes)
