"""Who pays what of a bill: vouchers first, then the insurer on the rest, then the patient.

``allocate`` is a pure function of facts and plans: the same facts and plan versions give the same
result, byte for byte. Every fault of the bill comes back at once, and then nothing is allocated.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

from crossclaim.domain.allocation import (
    AllocationResult,
    BillFacts,
    Fault,
    Frozen,
    FunderTotal,
    RuleUsed,
    Share,
    TraceStep,
)
from crossclaim.domain.insurer_leg import InsurerLeg, insurer_leg
from crossclaim.domain.money import ConversionRate, Currency, Money, fen, hk_cents, total
from crossclaim.domain.plan import PlanAt, PlanSet, RuleMissing
from crossclaim.domain.reconcile import Reconciliation, reconcile_with_decision
from crossclaim.domain.sentences import Reason
from crossclaim.domain.spread import RULE as SPREAD_RULE
from crossclaim.domain.spread import in_number_order, largest_remainder
from crossclaim.domain.submission import CoverageClaimed, FunderKind
from crossclaim.domain.trace import fault, plain, traced
from crossclaim.domain.voucher import VoucherLeg, service_day, voucher_faults, voucher_leg

__all__ = ["Reconciliation", "allocate", "reconcile_with_decision"]

_JUDGED = (FunderKind.VOUCHER, FunderKind.INSURER, FunderKind.PATIENT)


class _Part(Frozen):
    """One funder's part: its total, its shares by line, its steps."""

    total: FunderTotal
    shares: list[Share]
    trace: list[TraceStep]


def allocate(facts: BillFacts, plans: PlanSet) -> AllocationResult:
    """The split of a bill, interim (a forecast) or final.

    Faults, never exceptions, tell what is wrong with the bill or what a person must decide.
    """
    faults = list(_bill_faults(facts))
    if faults:
        return AllocationResult(total=facts.bill.total, faults=faults)
    coverages = facts.episode.coverages
    voucher, voucher_plan, more = _voucher(facts, plans)
    faults = [*_coverage_faults(facts), *more]
    left = _left(facts, [voucher] if voucher else [])
    insurer, insurer_plan, more = _insurer(facts, plans, left)
    faults += more
    used = [p.used for p in (voucher_plan, insurer_plan) if p is not None]
    basic = _basic_insurance(facts, plans)
    used += [rule for rule, _ in basic]
    steps = [step for _, step in basic]
    if faults:
        return AllocationResult(total=facts.bill.total, rules=used, trace=steps, faults=faults)
    parts = [voucher] if voucher else []
    if insurer is not None:
        claimed = next(c for c in coverages if c.funder is FunderKind.INSURER)
        parts.append(_insurer_part(facts, insurer, claimed))
    parts.append(_patient_part(facts, parts))
    return _assembled(facts, parts, insurer, used, steps)


def _assembled(
    facts: BillFacts,
    parts: list[_Part],
    insurer: InsurerLeg | None,
    used: list[RuleUsed],
    steps: list[TraceStep],
) -> AllocationResult:
    later = None
    if insurer is not None and insurer.later > fen(0):
        funder = next(p.total for p in parts if p.total.funder is FunderKind.INSURER)
        update = {"amount": insurer.later, "in_funder_currency": insurer.later_benefit}
        later = funder.model_copy(update=update)
    return AllocationResult(
        total=facts.bill.total,
        totals=[part.total for part in parts],
        shares=sorted(
            (share for part in parts for share in part.shares),
            key=attrgetter("line"),
        ),
        rate=facts.insurer_rate if insurer is not None else _voucher_rate(facts, parts),
        rules=used,
        trace=[step for part in parts for step in part.trace] + steps,
        later_reimbursement=later,
        direct_limit=insurer.direct_limit if insurer is not None else None,
    )


def _voucher_rate(facts: BillFacts, parts: list[_Part]) -> ConversionRate | None:
    used = any(part.total.funder is FunderKind.VOUCHER for part in parts)
    return facts.voucher_rate if used else None


def _bill_faults(facts: BillFacts) -> Iterator[Fault]:
    """What would make any split meaningless; the same is judged when a submission comes in."""
    bill = facts.bill
    seen: set[int] = set()
    for index, line in enumerate(bill.lines):
        if line.number in seen:
            yield fault(Reason.BILL_LINE_TWICE, f"/lines/{index}/number", line=line.number)
        seen.add(line.number)
        if line.amount.amount_minor < 0:
            yield fault(Reason.AMOUNT_NEGATIVE, f"/lines/{index}/amount", line=line.number)
        if line.amount.currency is not Currency.CNY:
            where = {"line": line.number, "currency": line.amount.currency.value}
            yield fault(Reason.CURRENCY_NOT_CNY, f"/lines/{index}/amount", **where)
    if all(line.amount.currency is Currency.CNY for line in bill.lines):
        summed = total((line.amount for line in bill.lines), Currency.CNY)
        if summed != bill.total:
            words = {"stated": bill.total, "summed": summed}
            yield fault(Reason.BILL_TOTAL_DIFFERS, "/total", **words)


def _coverage_faults(facts: BillFacts) -> Iterator[Fault]:
    coverages = facts.episode.coverages
    international = facts.episode.visit.channel == "international"
    with_voucher = any(c.funder is FunderKind.VOUCHER for c in coverages)
    if sum(c.funder is FunderKind.INSURER for c in coverages) > 1:
        yield fault(Reason.DUAL_COVER_NEEDS_PERSON, "/episode/coverages")
    for index, coverage in enumerate(coverages):
        basic = coverage.funder is FunderKind.BASIC_INSURANCE
        settled = basic and (international or with_voucher)
        if coverage.funder not in _JUDGED and not settled:
            place = f"/episode/coverages/{index}/funder"
            yield fault(Reason.FUNDER_NEEDS_PERSON, place, funder=coverage.funder.value)


def _first_day(facts: BillFacts) -> date:
    """The day whose rules hold for a bill: admission, else the day of the service."""
    return facts.admitted_on or service_day(facts)


def _unknown_plan(index: int, coverage: CoverageClaimed) -> Fault:
    words = {"plan": coverage.plan or "-", "funder": coverage.funder.value}
    return fault(Reason.PLAN_UNKNOWN, f"/episode/coverages/{index}/plan", **words)


def _left(facts: BillFacts, parts: list[_Part]) -> dict[int, Money]:
    """What the funders so far leave of each line."""
    left = {line.number: line.amount for line in facts.bill.lines}
    for part in parts:
        for share in part.shares:
            left[share.line] = left[share.line] - share.amount
    return left


def _voucher(facts: BillFacts, plans: PlanSet) -> tuple[_Part | None, PlanAt | None, list[Fault]]:
    found = [
        (i, c) for i, c in enumerate(facts.episode.coverages) if c.funder is FunderKind.VOUCHER
    ]
    if not found:
        return None, None, []
    index, coverage = found[0]
    dated = plans.find(coverage.plan) if coverage.plan else plans.of_funder(FunderKind.VOUCHER)
    if dated is None or dated.funder is not FunderKind.VOUCHER:
        return None, None, [_unknown_plan(index, coverage)]
    plan = dated.on(service_day(facts))
    faults = voucher_faults(facts, plan)
    balance, rate = facts.voucher_balance, facts.voucher_rate
    if faults or balance is None or rate is None:
        return None, plan, faults
    leg = voucher_leg(facts.bill.total, balance, rate)
    return _voucher_part(facts, plan, rate, balance, leg), plan, []


def _voucher_part(
    facts: BillFacts, plan: PlanAt, rate: ConversionRate, balance: Money, leg: VoucherLeg
) -> _Part:
    step = traced(
        plan,
        ["rounding.dollars", "rounding.fen", "amounts.face_value"],
        Reason.VOUCHER_LEG,
        leg.amount,
        inputs={
            "bill": facts.bill.total,
            "balance": balance,
            "rate": rate.cny_per_hkd,
            "rate_source": rate.source,
            "rate_as_of": rate.as_of.isoformat(),
            "fx_basis": plan.fx_basis,
            "balance_after": leg.balance_after,
            "spread": SPREAD_RULE,
        },
        words={"dollars": leg.dollars, "amount": leg.amount},
    )
    lines = in_number_order(facts.bill.lines)
    weights = [line.amount.amount_minor for line in lines]
    parts = largest_remainder(leg.amount.amount_minor, weights)
    shares = [
        Share(line=line.number, funder=FunderKind.VOUCHER, amount=fen(part))
        for line, part in zip(lines, parts, strict=True)
    ]
    summed = FunderTotal(
        funder=FunderKind.VOUCHER,
        amount=leg.amount,
        in_funder_currency=hk_cents(100 * leg.dollars),
    )
    return _Part(total=summed, shares=shares, trace=[step])


def _insurer(
    facts: BillFacts, plans: PlanSet, left: dict[int, Money]
) -> tuple[InsurerLeg | None, PlanAt | None, list[Fault]]:
    found = [
        (i, c) for i, c in enumerate(facts.episode.coverages) if c.funder is FunderKind.INSURER
    ]
    if not found:
        return None, None, []
    index, coverage = found[0]
    dated = plans.find(coverage.plan) if coverage.plan else None
    if dated is None or dated.funder is not FunderKind.INSURER:
        return None, None, [_unknown_plan(index, coverage)]
    plan = dated.on(_first_day(facts))
    rate, pointer = facts.insurer_rate, f"/episode/coverages/{index}"
    if rate is None:
        return None, plan, [fault(Reason.INSURER_RATE_NOT_STATED, pointer)]
    try:
        leg = insurer_leg(facts, plan, rate, left)
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        return None, plan, [fault(Reason.RULE_NEEDS_PERSON, f"{pointer}/plan", **words)]
    return leg, plan, leg.faults


def _insurer_part(facts: BillFacts, leg: InsurerLeg, coverage: CoverageClaimed) -> _Part:
    shares = [
        Share(
            line=line.number,
            funder=FunderKind.INSURER,
            organisation=coverage.organisation,
            amount=leg.shares[line.number],
            reasons=leg.reasons[line.number],
        )
        for line in facts.bill.lines
    ]
    summed = FunderTotal(
        funder=FunderKind.INSURER,
        organisation=coverage.organisation,
        amount=leg.direct,
        in_funder_currency=leg.direct_benefit,
    )
    return _Part(total=summed, shares=shares, trace=leg.trace)


def _patient_part(facts: BillFacts, parts: list[_Part]) -> _Part:
    left = _left(facts, parts)
    why = {share.line: share.reasons for part in parts for share in part.shares}
    shares = [
        Share(
            line=number,
            funder=FunderKind.PATIENT,
            amount=amount,
            reasons=why.get(number, []) if amount.amount_minor else [],
        )
        for number, amount in left.items()
    ]
    amount = total(left.values(), Currency.CNY)
    carried: dict[str, object] = {p.total.funder.value: p.total.amount for p in parts}
    step = plain(
        "allocation:patient",
        _first_day(facts),
        Reason.PATIENT_REST,
        amount,
        {"bill": facts.bill.total, **carried},
        amount=amount,
    )
    summed = FunderTotal(funder=FunderKind.PATIENT, amount=amount)
    return _Part(total=summed, shares=shares, trace=[step])


def _basic_insurance(facts: BillFacts, plans: PlanSet) -> list[tuple[RuleUsed, TraceStep]]:
    """Basic insurance never pays an international-medical line; the trace says so."""
    dated = plans.find(BASIC_EXCLUSIONS)
    if dated is None:
        return []
    plan = dated.on(_first_day(facts))
    rule = plan.find("excluded_channels")
    channel = facts.episode.visit.channel
    if rule is None or not isinstance(rule.value, tuple) or channel not in rule.value:
        return []
    reason = Reason.BASIC_NOT_COVERED_INTERNATIONAL
    inputs: dict[str, object] = {"channel": channel, "lines": len(facts.bill.lines)}
    return [(plan.used, traced(plan, ["excluded_channels"], reason, fen(0), inputs=inputs))]


BASIC_EXCLUSIONS = "basic-insurance-exclusions"
"""Id of the plan that says what basic insurance never pays."""
