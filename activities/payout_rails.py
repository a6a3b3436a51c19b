"""Chooses the rail of an intent and keeps the choice with its reasons, in the intent's transaction.

What counts against a rail's limits is read under the person's lock and written before it ends: of
two payouts at once the second sees the first.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from activities.quotes import quoted_rate
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocation import TraceStep
from crossclaim.domain.errors import Final
from crossclaim.domain.money import Currency, Money, fen, hk_cents
from crossclaim.domain.payout_rail import (
    Payee,
    Payer,
    RailChoice,
    RailFacts,
    RailUse,
    limited_rails,
    rail_for,
)
from crossclaim.domain.payout_route import ROUTE_PLAN
from crossclaim.domain.payout_rows import RailRow
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.standing_clock import clock_of
from crossclaim.domain.stay import local_day

LATE_FORECAST = "PAYOUT_LATE_FORECAST"
MOOT = ["BANK_FILE_NOT_MADE", "BANK_NOT_COLLECTING", LATE_FORECAST]
"""What nobody has to look at any more when its payout is over, however it ended."""


class Chosen(NamedTuple):
    choice: RailChoice
    net: Money | None
    due_at: datetime | None


def choose_rail(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    amount: int,
    at: datetime,
) -> Chosen | None:
    """None where no plan of rails is active. Raises ``Final`` when no rail is known to carry it."""
    plan = world.payout_plan
    if plan is None and world.payout_rails_plan == ROUTE_PLAN:
        return None
    if plan is None:
        raise Final("the plan of rails is not active", code="PAYOUT_RAIL_UNKNOWN")
    rules = plan.on(local_day(at))
    payee = Payee.ORGANISATION if claim.kind == "direct" else Payee.PERSON
    clock = clock_of(rows, claim, plan, at)
    due_at = clock.due_at if clock else None
    net = _net(world, claim, amount, at)
    facts = RailFacts(
        amount=fen(amount),
        net=net,
        payer=Payer.INSURER,
        payee=payee,
        purpose=world.purpose_code,
        on=local_day(at),
        at=at,
        due_at=due_at,
    )
    if limited := limited_rails(rules, facts.payer, payee):
        tx.hold_rail_limits(rows.episode.id)
        debtor, episode = claim.organisation_id or "", rows.episode.id
        found = {rail: tx.rail_use(episode, rail.value, debtor, facts.on) for rail in limited}
        use = {
            rail: RailUse(on_day=hk_cents(day), in_year=hk_cents(year))
            for rail, (day, year) in found.items()
        }
        facts = facts.model_copy(update={"use": use})
    choice = _known(facts, rules)
    return Chosen(choice, net, due_at)


def _known(facts: RailFacts, rules: PlanAt) -> RailChoice:
    choice = rail_for(facts, rules)
    if choice.rail is None:
        # Nothing is written: a person adds what the plan lacks, and the step is tried again.
        raise Final("no rail is known to carry this payout", code="PAYOUT_RAIL_UNKNOWN")
    return choice


def _net(world: World, claim: ClaimRow, amount: int, at: datetime) -> Money | None:
    """What the payment counts for in HKD; None where nobody knows the day's rate."""
    rate = quoted_rate(world.reference, at, claim.organisation_id, Currency.HKD)
    if rate is not None:
        return rate.to_hk_cents(fen(amount))
    stated = claim.benefit_currency == Currency.HKD and claim.benefit_minor
    return hk_cents(int(stated)) if stated else None


def keep_rail(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    reference: str,
    chosen: Chosen,
    at: datetime,
    *,
    told: bool,
    beside: list[TraceStep],
) -> None:
    """The choice beside its intent. A forecast of lateness is told to a person at once, where the
    bank is ``told`` of the rail."""
    choice, episode = chosen.choice, rows.episode.id
    assert choice.rail is not None, "an intent is written with its rail"
    row = RailRow(
        reference=reference,
        rail=choice.rail.value,
        on_day=local_day(at),
        hkd_minor=chosen.net.amount_minor if chosen.net else None,
        expected_at=choice.expected_at,
        due_at=chosen.due_at,
        trace=[*choice.trace[:-1], *beside, *choice.trace[-1:]],
    )
    tx.add_rail(episode, row)
    late = choice.expected_at and chosen.due_at and choice.expected_at > chosen.due_at
    if late and told:
        causes = choice.trace[-1].inputs.get("causes", "")
        details = {"rail": row.rail, "causes": str(causes)}
        tx.open_exception(episode, LATE_FORECAST, reference, details, at)
