"""Which rails carry a payout, and by which one it is expected in time. Pure.

Rails are tried in the plan's order; what is above a rail's limit of a day or a year goes by the
next one as a whole. Hours and holidays of a rail move the forecast and the choice, never the time
by which the money is due. What the plan does not know is for a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from crossclaim.domain.allocation import Fault, Frozen, TraceStep
from crossclaim.domain.money import Money, hk_cents
from crossclaim.domain.plan import PlanAt, RuleMissing
from crossclaim.domain.rail_hours import Forecast, expected_credit, told_local
from crossclaim.domain.sentences import Reason
from crossclaim.domain.sentences_payout import PayoutReason
from crossclaim.domain.trace import fault, traced


class Rail(StrEnum):
    PAYMENT_CONNECT = "payment_connect"
    """跨境支付通: at once, within limits of a day and a year."""
    CIPS = "cips"
    BATCH_FILE = "batch_file"
    """Booked by the bank as one of many."""
    SINGLE_TRANSFER = "single_transfer"
    """Booked by itself."""


class Payer(StrEnum):
    INSURER = "insurer"
    PERSON = "person"


class Payee(StrEnum):
    ORGANISATION = "organisation"
    PERSON = "person"


RAILS = frozenset(rail.value for rail in Rail)
PAYERS = frozenset(payer.value for payer in Payer)
PAYEES = frozenset(payee.value for payee in Payee)


class RailUse(Frozen):
    """HKD that went over a limited rail on that calendar day and in that calendar year before; None
    when nobody stated it."""

    on_day: Money | None = None
    in_year: Money | None = None


class RailFacts(Frozen):
    """One payment of ``amount`` CNY; ``net`` is what it counts for in HKD."""

    amount: Money
    net: Money | None
    payer: Payer
    payee: Payee | None = None
    purpose: str = ""
    on: date
    at: datetime | None = None
    """When it is ordered; None where only the rules are asked."""
    due_at: datetime | None = None
    use: Mapping[Rail, RailUse] = {}


class RailChoice(Frozen):
    """With ``faults`` nothing is paid. ``expected_at`` is None where the plan cannot tell."""

    rail: Rail | None = None
    expected_at: datetime | None = None
    trace: list[TraceStep] = []
    faults: list[Fault] = []


class _Judged(NamedTuple):
    """``steps``: why the rail does not carry the payout; none: it does, unless there are faults."""

    steps: list[TraceStep]
    faults: list[Fault]


def limited_rails(plan: PlanAt, payer: Payer, payee: Payee) -> list[Rail]:
    """Rails with a limit that could carry such a payment: what was used of them must be known."""
    order = [Rail(code) for code in plan.codes("rails.order")]
    return [
        rail
        for rail in order
        if any(plan.find(f"rails.{rail.value}.{key}") for key in ("per_day", "per_year"))
        and payer.value in plan.codes(f"rails.{rail.value}.payers")
        and _allowed(plan, rail, "payees", payee.value)
    ]


def rail_for(facts: RailFacts, plan: PlanAt) -> RailChoice:
    """The rail, or every reason why none carries the payment."""
    try:
        return _chosen_of(facts, plan)
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        return RailChoice(faults=[fault(Reason.RULE_NEEDS_PERSON, "/rails", **words)])


def _chosen_of(facts: RailFacts, plan: PlanAt) -> RailChoice:
    steps: list[TraceStep] = []
    late: list[tuple[datetime, Rail, Forecast]] = []
    for rail in (Rail(code) for code in plan.codes("rails.order")):
        judged = _judged(facts, plan, rail)
        steps += judged.steps
        if judged.faults:
            return RailChoice(trace=steps, faults=judged.faults)
        if judged.steps:
            continue
        forecast = expected_credit(plan, rail.value, facts.at) if facts.at else Forecast()
        if forecast.at is None or facts.due_at is None or forecast.at <= facts.due_at:
            return _told(facts, plan, rail, forecast, steps)
        steps.append(_too_late(facts, plan, rail, forecast))
        late.append((forecast.at, rail, forecast))
    if late:
        _, rail, forecast = min(late, key=lambda one: one[0])
        return _told(facts, plan, rail, forecast, steps)
    return RailChoice(trace=steps, faults=[fault(PayoutReason.RAIL_NONE, "/rails", on=facts.on)])


def _told(
    facts: RailFacts, plan: PlanAt, rail: Rail, forecast: Forecast, steps: list[TraceStep]
) -> RailChoice:
    if plan.rule("split").value is not False:
        raise RuleMissing(f"{plan.plan}:split", plan.on, "asks for parts, which no rule cuts")
    words: dict[str, object] = {"rail": rail.value, "amount": facts.amount}
    keys = ["rails.order", "split"]
    told = [*steps, traced(plan, keys, PayoutReason.RAIL_CHOSEN, rail.value, words=words)]
    if forecast.at is not None:
        expected = told_local(forecast.at)
        more = {"rail": rail.value, "expected": expected}
        inputs = {**more, "causes": ",".join(forecast.causes)}
        told.append(
            traced(
                plan,
                forecast.keys,
                PayoutReason.RAIL_EXPECTED,
                expected,
                words=more,
                inputs=inputs,
                assumed=True,
            )
        )
    return RailChoice(rail=rail, expected_at=forecast.at, trace=told)


def _too_late(facts: RailFacts, plan: PlanAt, rail: Rail, forecast: Forecast) -> TraceStep:
    assert forecast.at is not None and facts.due_at is not None, "only a known time can be late"
    words = {
        "rail": rail.value,
        "expected": told_local(forecast.at),
        "due": told_local(facts.due_at),
    }
    reason = PayoutReason.RAIL_TOO_LATE
    return traced(plan, forecast.keys, reason, rail.value, words=words, inputs=words, assumed=True)


def _judged(facts: RailFacts, plan: PlanAt, rail: Rail) -> _Judged:
    for key, value, reason in (
        ("payers", facts.payer.value, PayoutReason.RAIL_NOT_FOR_PAYER),
        ("payees", facts.payee and facts.payee.value, PayoutReason.RAIL_NOT_FOR_PAYEE),
        ("purposes", facts.purpose, PayoutReason.RAIL_NOT_FOR_PURPOSE),
    ):
        if value and not _allowed(plan, rail, key, value):
            words = {"rail": rail.value, key[:-1]: value}
            here = f"rails.{rail.value}.{key}"
            step = traced(plan, [here], reason, rail.value, words=words, inputs=words)
            return _Judged([step], [])
    return _within_limits(facts, plan, rail)


def _allowed(plan: PlanAt, rail: Rail, key: str, value: str) -> bool:
    """A rail without such a list takes all; payers are always listed."""
    here = f"rails.{rail.value}.{key}"
    if key != "payers" and plan.find(here) is None:
        return True
    return value in plan.codes(here)


def _within_limits(facts: RailFacts, plan: PlanAt, rail: Rail) -> _Judged:
    use = facts.use.get(rail, RailUse())
    limits = (
        ("up_to", PayoutReason.RAIL_PAYMENT_LIMIT, hk_cents(0), "net"),
        ("per_day", PayoutReason.RAIL_DAY_LIMIT, use.on_day, "used_on_day"),
        ("per_year", PayoutReason.RAIL_YEAR_LIMIT, use.in_year, "used_in_year"),
    )
    stated = [one for one in limits if plan.find(f"rails.{rail.value}.{one[0]}")]
    if stated and facts.net is None:
        return _Judged([], [fault(PayoutReason.RAIL_USE_NOT_STATED, "/net", **_words(facts, rail))])
    steps = []
    for key, reason, used, _ in stated:
        step = _over(facts, plan, rail, key, reason, used)
        if step is not None:
            steps.append(step)
    if steps:
        return _Judged(steps, [])
    words = _words(facts, rail)
    reason = PayoutReason.RAIL_USE_NOT_STATED
    unstated = [fault(reason, f"/{told}", **words) for _, _, used, told in stated if used is None]
    return _Judged([], unstated)


def _words(facts: RailFacts, rail: Rail) -> dict[str, str]:
    return {"rail": rail.value, "on": facts.on.isoformat()}


def _over(
    facts: RailFacts, plan: PlanAt, rail: Rail, key: str, reason: PayoutReason, used: Money | None
) -> TraceStep | None:
    """Above the limit with what was used before; what is above it alone needs no other fact."""
    assert facts.net is not None, "judged with its amount"
    here = f"rails.{rail.value}.{key}"
    most, before = plan.amount(here), used or hk_cents(0)
    if before + facts.net <= most:
        return None
    words = {"rail": rail.value, "limit": most, "used": before, "net": facts.net}
    return traced(plan, [here], reason, rail.value, words=words, inputs=words, assumed=used is None)
