"""By which rail a claim payout goes, and what a bank's refusal makes of it (scenario E7).

Rails are tried in the plan's order; what is above a rail's limit of a day or a year goes by the
next one as a whole. A payout is one payment in one sum: nothing here splits it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from crossclaim.domain.allocation import Fault, Frozen, TraceStep
from crossclaim.domain.money import ConversionRate, Money, hk_cents
from crossclaim.domain.plan import FxBasis, PlanAt, RuleMissing
from crossclaim.domain.rates import Rates
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.sentences_payout import PayoutReason
from crossclaim.domain.trace import fault, plain, traced

ROUTE_PLAN = "payout-rails"


class Rail(StrEnum):
    PAYMENT_CONNECT = "payment_connect"
    """跨境支付通: at once, within limits of a day and a year."""
    CIPS = "cips"


class Payer(StrEnum):
    INSURER = "insurer"
    PERSON = "person"


RAILS = frozenset(rail.value for rail in Rail)
PAYERS = frozenset(payer.value for payer in Payer)


class PayoutFacts(Frozen):
    """A claim's net benefit (HKD) on its way to one mainland account.

    ``used_on_day`` and ``used_in_year``: HKD that went over a limited rail on that calendar day and
    in that calendar year before; None when nobody stated it.
    """

    net: Money
    payer: Payer
    on: date
    basis: FxBasis
    """The moment whose rate the insurer's plan pays at."""
    rates: Rates
    used_on_day: Money | None = None
    used_in_year: Money | None = None


class PayoutRoute(Frozen):
    """``amount``: CNY, in one payment. With ``faults`` nothing is paid."""

    rail: Rail | None = None
    amount: Money | None = None
    trace: list[TraceStep] = []
    faults: list[Fault] = []


def payout_route(facts: PayoutFacts, plan: PlanAt) -> PayoutRoute:
    """The rail and the amount, or every reason why it cannot be paid.

    Raises ValueError for an amount that is not above zero or not in HKD.
    """
    if facts.net <= hk_cents(0):
        raise ValueError("a payout is above zero")
    rate = facts.rates.of(facts.basis, facts.on)
    if rate is None:
        words = {"basis": facts.basis.value, "day": facts.on}
        return PayoutRoute(faults=[fault(InsurerReason.RATE_NOT_STATED, "/rates", **words)])
    try:
        return _routed(facts, plan, rate)
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        return PayoutRoute(faults=[fault(Reason.RULE_NEEDS_PERSON, "/rails", **words)])


def _routed(facts: PayoutFacts, plan: PlanAt, rate: ConversionRate) -> PayoutRoute:
    amount = rate.to_fen(facts.net)
    steps = [_converted(facts, plan, rate, amount)]
    for rail in (Rail(code) for code in plan.codes("rails.order")):
        judged = _judged(facts, plan, rail)
        steps += judged.steps
        if judged.faults:
            return PayoutRoute(trace=steps, faults=judged.faults)
        if not judged.steps:
            steps.append(_chosen(plan, rail, amount))
            return PayoutRoute(rail=rail, amount=amount, trace=steps)
    return PayoutRoute(trace=steps, faults=[fault(PayoutReason.RAIL_NONE, "/rails", on=facts.on)])


def _converted(facts: PayoutFacts, plan: PlanAt, rate: ConversionRate, amount: Money) -> TraceStep:
    words = {"net": facts.net, "amount": amount, "basis": facts.basis.value}
    at = rate.cny_per_hkd
    inputs: dict[str, object] = {
        "net": facts.net,
        "rate": at,
        "rate_source": rate.source,
        "rate_as_of": rate.as_of.isoformat(),
        "rounding": "half_up",
    }
    rule, reason = f"fx:{facts.basis.value}", PayoutReason.PAYOUT_CONVERTED
    return plain(rule, plan.on, reason, amount, inputs, rate=at, **words)


def _chosen(plan: PlanAt, rail: Rail, amount: Money) -> TraceStep:
    if plan.rule("split").value is not False:
        raise RuleMissing(f"{plan.plan}:split", plan.on, "asks for parts, which no rule cuts")
    words = {"rail": rail.value, "amount": amount}
    keys = ["rails.order", "split"]
    return traced(plan, keys, PayoutReason.RAIL_CHOSEN, rail.value, words=words)


class _Judged(NamedTuple):
    """``steps``: why the rail does not carry the payout; none: it does, unless there are faults."""

    steps: list[TraceStep]
    faults: list[Fault]


class _Limit(NamedTuple):
    key: str
    reason: PayoutReason
    used: Money | None
    member: str


def _judged(facts: PayoutFacts, plan: PlanAt, rail: Rail) -> _Judged:
    here = f"rails.{rail.value}"
    if facts.payer.value not in plan.codes(f"{here}.payers"):
        words = {"rail": rail.value, "payer": facts.payer.value}
        reason = PayoutReason.RAIL_NOT_FOR_PAYER
        step = traced(plan, [f"{here}.payers"], reason, rail.value, words=words, inputs=words)
        return _Judged([step], [])
    limits = (
        _Limit("per_day", PayoutReason.RAIL_DAY_LIMIT, facts.used_on_day, "used_on_day"),
        _Limit("per_year", PayoutReason.RAIL_YEAR_LIMIT, facts.used_in_year, "used_in_year"),
    )
    stated = [limit for limit in limits if plan.find(f"{here}.{limit.key}")]
    steps = [s for limit in stated if (s := _over(facts.net, plan, here, limit)) is not None]
    if steps:
        return _Judged(steps, [])
    words = {"rail": rail.value, "on": facts.on.isoformat()}
    return _Judged(
        [],
        [
            fault(PayoutReason.RAIL_USE_NOT_STATED, f"/{limit.member}", **words)
            for limit in stated
            if limit.used is None
        ],
    )


def _over(net: Money, plan: PlanAt, here: str, limit: _Limit) -> TraceStep | None:
    """Above the limit with what was used before; what is above it alone needs no other fact."""
    key = f"{here}.{limit.key}"
    most, used = plan.amount(key), limit.used or hk_cents(0)
    if used + net <= most:
        return None
    rail = here.partition(".")[2]
    words = {"rail": rail, "limit": most, "used": used, "net": net}
    return traced(
        plan, [key], limit.reason, rail, words=words, inputs=words, assumed=limit.used is None
    )


class Next(StrEnum):
    """What follows a bank's refusal."""

    AGAIN = "again"
    NEEDS_ACCOUNT = "needs_account"
    INQUIRE = "inquire"
    STOP = "stop"
    PERSON = "person"


_LISTS = (
    # What stops comes first, what sends money again last: a code in two lists never pays twice.
    ("refusals.stop", Next.STOP, PayoutReason.REFUSED_STOP),
    ("refusals.inquire", Next.INQUIRE, PayoutReason.REFUSED_INQUIRE),
    ("refusals.new_account", Next.NEEDS_ACCOUNT, PayoutReason.REFUSED_NEEDS_ACCOUNT),
    ("refusals.again", Next.AGAIN, PayoutReason.REFUSED_SEND_AGAIN),
)


class AfterRefusal(Frozen):
    next: Next
    trace: list[TraceStep]


def after_refusal(reason: str, plan: PlanAt) -> AfterRefusal:
    """What a bank's reason code (ISO 20022) means; one that no list names goes to a person."""
    for key, following, code in _LISTS:
        if plan.find(key) and reason in plan.codes(key):
            step = traced(plan, [key], code, reason, words={"code": reason})
            return AfterRefusal(next=following, trace=[step])
    code = PayoutReason.REFUSED_NEEDS_PERSON
    step = plain("refusals", plan.on, code, reason, {"code": reason}, code=reason)
    return AfterRefusal(next=Next.PERSON, trace=[step])
