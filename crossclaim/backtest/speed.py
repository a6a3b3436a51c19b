"""How long one decision takes, on one core, measured over many repetitions."""

from __future__ import annotations

from statistics import median, quantiles
from time import perf_counter_ns, process_time_ns

from crossclaim.backtest.synthetic import synthetic_claim
from crossclaim.domain.allocate import allocate
from crossclaim.domain.allocation import BillFacts, Frozen
from crossclaim.domain.money import Currency, total
from crossclaim.domain.plan import PlanSet

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


def speed_of(facts: BillFacts, plans: PlanSet, times: int) -> Speed:
    """Decides one claim so many times, at least twice."""
    for _ in range(WARM_UP):
        result = allocate(facts, plans)
    begun = process_time_ns()
    taken = [_decide(facts, plans) for _ in range(times)]
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


def _decide(facts: BillFacts, plans: PlanSet) -> int:
    begun = perf_counter_ns()
    allocate(facts, plans)
    return perf_counter_ns() - begun


def long_stay(lines: int) -> BillFacts:
    """An invented stay whose lines are repeated until there are so many."""
    stays = (synthetic_claim(1, number) for number in range(1000))
    facts = next(found for found in stays if found.admitted_on and len(found.bill.lines) > 6)
    bill = facts.bill
    repeated = [
        bill.lines[place % len(bill.lines)].model_copy(update={"number": place + 1})
        for place in range(lines)
    ]
    summed = total((line.amount for line in repeated), Currency.CNY)
    changed = bill.model_copy(update={"lines": repeated, "total": summed})
    return facts.model_copy(update={"bill": changed})
