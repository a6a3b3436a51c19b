"""The medical credit of pay-after-care: who may have it, when it is due, its instalments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from crossclaim.domain.allocation import Fault, Frozen, TraceStep
from crossclaim.domain.eligibility import birthday, has_age
from crossclaim.domain.insured import InsuredStatus
from crossclaim.domain.money import Money, fen, half_up
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.trace import fault, traced
from crossclaim.domain.waiting import months_later


class CreditApplication(Frozen):
    """``asked`` in CNY."""

    birth_date: date
    status: InsuredStatus
    asked: Money
    on: date


class Instalment(Frozen):
    due: date
    amount: Money
    """CNY, the fee included."""


class Repayment(Frozen):
    """How one draw is paid back; Σ instalments = the draw and its fee."""

    drawn: Money
    drawn_on: date
    fee: Money
    instalments: list[Instalment]
    trace: list[TraceStep]


def application_faults(application: CreditApplication, plan: PlanAt) -> list[Fault]:
    """Every reason to refuse the credit; a bank card can be bound all the same.

    Raises RuleMissing when the plan has no such rule on that day.
    """
    found: list[Fault] = []
    if application.status is not InsuredStatus.ACTIVE:
        found.append(fault(BasicReason.INSURED_STATUS, "/credit/status", on=application.on))
    least, most = plan.count("credit.age_least"), plan.count("credit.age_most")
    old_enough = has_age(application.birth_date, least, application.on)
    if not old_enough or application.on >= birthday(application.birth_date, most + 1):
        words: dict[str, object] = {"least": least, "most": most}
        found.append(fault(BasicReason.CREDIT_AGE, "/credit/birth_date", **words))
    low, high = plan.amount("credit.least"), plan.amount("credit.most")
    if not low <= application.asked <= high:
        words = {"least": low, "most": high, "asked": application.asked}
        found.append(fault(BasicReason.CREDIT_AMOUNT, "/credit/asked", **words))
    return found


def due_date(drawn_on: date, plan: PlanAt) -> date:
    """The first first-of-month that is at least the plan's days after the draw."""
    least = drawn_on + timedelta(days=plan.count("credit.grace_least"))
    return least if least.day == 1 else months_later(least.replace(day=1), 1)


def equal_instalments(amount: int, count: int) -> list[int]:
    """Equal parts rounded down; the last takes the rest."""
    each = amount // count
    return [each] * (count - 1) + [amount - each * (count - 1)]


def instalment_faults(count: int, plan: PlanAt) -> list[Fault]:
    """Whether so many instalments are offered; one means: in full within the grace."""
    allowed = plan.codes("credit.instalments")
    if count == 1 or str(count) in allowed:
        return []
    words = {"count": count, "allowed": ", ".join(allowed)}
    return [fault(BasicReason.CREDIT_INSTALMENTS, "/credit/instalments", **words)]


def repayment(drawn: Money, drawn_on: date, count: int, plan: PlanAt) -> Repayment:
    """Due in full at the end of the grace, or in monthly instalments that begin there.

    ``count`` must be one that ``instalment_faults`` allows. Raises RuleMissing.
    """
    first = due_date(drawn_on, plan)
    in_parts = count > 1
    ratio = plan.ratio("credit.instalment_fee") if in_parts else plan.ratio("credit.grace_interest")
    fee = fen(half_up(drawn.amount_minor * ratio))
    parts = equal_instalments((drawn + fee).amount_minor, count)
    instalments = [
        Instalment(due=months_later(first, number), amount=fen(part))
        for number, part in enumerate(parts)
    ]
    days = (first - drawn_on).days
    words = {"drawn": drawn_on, "due": first, "days": days}
    keys = ["credit.grace_least", "credit.grace_most", "credit.due_rule", "credit.grace_interest"]
    steps = [traced(plan, keys, BasicReason.CREDIT_DUE, first, words=words)]
    if in_parts:
        steps.append(_plan_step(plan, drawn + fee, parts))
    return Repayment(drawn=drawn, drawn_on=drawn_on, fee=fee, instalments=instalments, trace=steps)


def _plan_step(plan: PlanAt, amount: Money, parts: Sequence[int]) -> TraceStep:
    words = {
        "amount": amount,
        "count": len(parts),
        "each": fen(parts[0]),
        "last": fen(parts[-1]),
    }
    keys = ["credit.instalments", "credit.instalment_rounding", "credit.instalment_fee"]
    return traced(plan, keys, BasicReason.INSTALMENT_PLAN, amount, words=words)
