"""Links of the mainland's funders: pooled fund, personal and family account, pay-after-care.

Each link is made of the facts that only its funder knows; the coverage names the plan. A relative's
account stands behind the patient's own. Of pay-after-care the account and the credit carry a part;
what its bound card or cash pays is the patient's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crossclaim.domain.allocation import BillFacts, Fault, FunderTotal, TraceStep, share_of
from crossclaim.domain.basic_facts import BasicFacts, BasicLine
from crossclaim.domain.basic_insurance import basic_leg
from crossclaim.domain.chain import Left, LegAnswer, Link, Part, first_claimed
from crossclaim.domain.combination import first_day, plan_unknown
from crossclaim.domain.family_account import (
    AccountFacts,
    AccountLeg,
    account_leg,
    family_leg,
)
from crossclaim.domain.money import Currency, Money, total
from crossclaim.domain.pay_later import PayLaterFacts, Tender, pay_later_leg
from crossclaim.domain.plan import PlanAt, PlanSet
from crossclaim.domain.submission import FunderKind

_FUNDER_OF = {
    Tender.ACCOUNT: FunderKind.PERSONAL_ACCOUNT,
    Tender.CREDIT: FunderKind.PAY_LATER,
}


def basic_link(told: BasicFacts) -> Link:
    """The pooled fund. A line that its facts do not tell of is asked for, never left out."""

    def carry(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        plan, missing = _plan(facts, plans, FunderKind.BASIC_INSURANCE)
        if plan is None:
            return LegAnswer(faults=missing)
        stated = {line.number: line for line in told.lines}
        wholes = {line.number: line.amount for line in facts.bill.lines}
        lines = [_line(stated.get(n), n, left[n], wholes[n]) for n in sorted(left)]
        leg = basic_leg(told.model_copy(update={"lines": lines}), plan)
        if leg.faults:
            return LegAnswer(rules=[plan.used], faults=leg.faults)
        funder = FunderKind.BASIC_INSURANCE
        part = _part(facts, funder, funder, leg.shares, leg.trace, leg.reasons)
        return LegAnswer(parts=[part], rules=[plan.used])

    return Link(FunderKind.BASIC_INSURANCE, carry)


def account_link(told: AccountFacts) -> Link:
    """The patient's own account if he has one, then a relative's that is bound to him."""

    def carry(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        plan, missing = _plan(facts, plans, FunderKind.PERSONAL_ACCOUNT)
        if plan is None:
            return LegAnswer(faults=missing)
        legs: list[AccountLeg] = []
        rest: Mapping[int, Money] = left
        if told.holder is not None:
            own = account_leg(told, plan, left)
            legs, rest = [own], own.left
        if told.holder is None or told.sharing is not None or told.code_link is not None:
            legs.append(family_leg(told, plan, rest))
        faults = [fault for leg in legs for fault in leg.faults]
        if faults:
            return LegAnswer(rules=[plan.used], faults=faults)
        funder = FunderKind.PERSONAL_ACCOUNT
        parts = [_part(facts, funder, funder, leg.shares, leg.trace) for leg in legs]
        return LegAnswer(parts=parts, rules=[plan.used])

    return Link(FunderKind.PERSONAL_ACCOUNT, carry)


def pay_later_link(told: PayLaterFacts) -> Link:
    """The payer's account and credit under pay-after-care."""

    def carry(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
        plan, missing = _plan(facts, plans, FunderKind.PAY_LATER)
        if plan is None:
            return LegAnswer(faults=missing)
        leg = pay_later_leg(told, plan, left)
        if leg.faults:
            return LegAnswer(rules=[plan.used], faults=leg.faults)
        paying = [part for part in leg.parts if part.tender in _FUNDER_OF]
        parts = [
            _part(facts, FunderKind.PAY_LATER, _FUNDER_OF[part.tender], part.shares, trace)
            for part, trace in zip(paying, _told_once(leg.trace, len(paying)), strict=True)
        ]
        return LegAnswer(parts=parts, rules=[plan.used])

    return Link(FunderKind.PAY_LATER, carry)


def _told_once(trace: list[TraceStep], parts: int) -> list[list[TraceStep]]:
    """The whole leg's steps with its first part."""
    return [trace if part == 0 else [] for part in range(parts)]


def _plan(
    facts: BillFacts, plans: PlanSet, funder: FunderKind
) -> tuple[PlanAt | None, list[Fault]]:
    """The plan that the coverage names, else the funder's only one, on the bill's first day."""
    claimed = first_claimed(facts, funder)
    assert claimed is not None, "only claimed funders have a link"
    index, coverage = claimed
    dated = plans.find(coverage.plan) if coverage.plan else plans.of_funder(funder)
    if dated is None or dated.funder is not funder:
        return None, [plan_unknown(index, coverage)]
    return dated.on(first_day(facts)), []


def _line(stated: BasicLine | None, number: int, left: Money, whole: Money) -> BasicLine:
    """The line as the fund may see it: no more is eligible of it than earlier funders left."""
    if stated is None:
        return BasicLine(number=number, amount=left)
    eligible = stated.eligible
    if eligible is not None and left < whole:
        eligible = min(eligible, left)
    if (stated.amount, stated.eligible) == (left, eligible):
        return stated
    return stated.model_copy(update={"amount": left, "eligible": eligible})


def _part(
    facts: BillFacts,
    coverage_of: FunderKind,
    funder: FunderKind,
    shares: Mapping[int, Money],
    trace: Sequence[TraceStep],
    reasons: Mapping[int, list[str]] | None = None,
) -> Part:
    claimed = first_claimed(facts, coverage_of)
    organisation = claimed[1].organisation if claimed else None
    found = [
        share_of(number, funder, shares[number], organisation, (reasons or {}).get(number))
        for number in sorted(shares)
    ]
    summed = FunderTotal(
        funder=funder,
        organisation=organisation,
        amount=total(shares.values(), Currency.CNY),
    )
    return Part(total=summed, shares=found, trace=list(trace))
