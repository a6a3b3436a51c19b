"""By which rail a claim payout goes, and what a bank's refusal makes of it (scenario E7).

Rails are tried in the plan's order; what is above a rail's limit of a day or a year goes by the
next one as a whole. A payout is one payment in one sum: nothing here splits it.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Fault, Frozen, TraceStep
from crossclaim.domain.money import ConversionRate, Money, hk_cents
from crossclaim.domain.payout_rail import Payer, Rail, RailFacts, RailUse, rail_for
from crossclaim.domain.plan import FxBasis, PlanAt
from crossclaim.domain.rates import Rates
from crossclaim.domain.sentences_insurer import InsurerReason
from crossclaim.domain.sentences_payout import PayoutReason
from crossclaim.domain.trace import fault, plain, traced

ROUTE_PLAN = "payout-rails"


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
    return _routed(facts, plan, rate)


def _routed(facts: PayoutFacts, plan: PlanAt, rate: ConversionRate) -> PayoutRoute:
    amount = rate.to_fen(facts.net)
    steps = [_converted(facts, plan, rate, amount)]
    use = RailUse(on_day=facts.used_on_day, in_year=facts.used_in_year)
    asked = RailFacts(
        amount=amount,
        net=facts.net,
        payer=facts.payer,
        on=facts.on,
        use=dict.fromkeys(Rail, use),
    )
    choice = rail_for(asked, plan)
    if choice.faults:
        return PayoutRoute(trace=[*steps, *choice.trace], faults=choice.faults)
    return PayoutRoute(rail=choice.rail, amount=amount, trace=[*steps, *choice.trace])


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
