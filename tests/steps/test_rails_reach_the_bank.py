"""The rail that was chosen is the one that the bank is told of, with the whole amount."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from activities.world import World
from crossclaim.config import BankProfile, RailWire
from crossclaim.domain.errors import Final
from crossclaim.domain.payout_rail import Rail
from crossclaim.gateways.bank import HostToHostBank
from crossclaim.plans.loader import load_plans
from tests.flows.hospital import Body
from tests.steps.paper_claims import e6_papers, paper
from tests.steps.payout_desk import AMOUNT, PayoutDesk, with_rails
from tests.steps.rig import Rig
from tests.steps.test_money_that_came_back import ordered

OPEN_TO_ALL = {"rails__payment_connect__payers": ("person", "insurer")}


def with_all_rails(world: World) -> World:
    """The plan of an installation whose bank has told for whom it carries what."""
    plans = world.plans
    plan = plans.find("payout-rails")
    assert plan is not None
    payers = plan.parameters["rails.cips.payers"]
    keys = [f"rails.{name}.payers" for name in ("single_transfer", "batch_file")]
    more = {key: payers.model_copy(update={"key": key}) for key in keys}
    changed = plans.replacing([plan.model_copy(update={"parameters": plan.parameters | more})])
    return replace(world, plan_shelf=lambda: changed)


def desk_of(rig: Rig, folder: Path, order: tuple[str, ...]) -> PayoutDesk:
    """A bank that has an instrument of its own for each rail, and a plan with this order."""
    desk = PayoutDesk.of(rig, folder)
    wires = {
        rail.value: RailWire(service_level="URGP", local_instrument=f"X{rail.name[:4]}")
        for rail in Rail
    }
    profile = BankProfile(bank=desk.desk.bank, folder=desk.desk.folder, recalls=True, rails=wires)
    world = with_rails(with_all_rails(desk.world), rails__order=order, **OPEN_TO_ALL)
    world = replace(world, banks={desk.desk.bank: HostToHostBank(profile)})
    own = replace(desk.rig, world=world)
    return replace(desk, rig=own, desk=replace(desk.desk, world=world, rig=own))


def example(desk: PayoutDesk, purpose: str = "INSC") -> PayoutDesk:
    """An installation that follows the plan of a bank with every rail, as it is delivered."""
    plans = load_plans(demonstration=True)
    world = replace(
        desk.world,
        plan_shelf=lambda: plans,
        payout_rails_plan="payout-rails-example",
        purpose_code=purpose,
    )
    own = replace(desk.rig, world=world)
    return replace(desk, rig=own, desk=replace(desk.desk, world=world, rig=own))


MANY = [paper(f"M{day}", f"2026-03-{day:02d}", "1240.00") for day in range(2, 15)]
"""Thirteen visits of HKD 800.00 each: above what Payment Connect carries for a person and day."""


@pytest.mark.parametrize(
    ("papers", "purpose", "chosen", "why"),
    [
        (None, "INSC", "payment_connect", ""),
        (MANY, "INSC", "single_transfer", "HKD 10,000.00 a day"),
        (MANY, "GMS", "cips", "single transfer does not carry payments of the purpose GMS"),
    ],
)
def test_each_rail_of_the_delivered_example_goes_from_the_plan_to_the_banks_file(
    rig: Rig, tmp_path: Path, papers: list[Body] | None, purpose: str, chosen: str, why: str
) -> None:
    desk = example(desk_of(rig, tmp_path, ("cips",)), purpose)
    episode = desk.reserved(papers=papers or e6_papers())
    reference = desk.send(episode)
    payout = desk.payout(episode)
    assert (payout.rail, payout.state) == (chosen, "sent")
    file = next((desk.desk.folder / "outbound").glob(f"{reference}-1*"))
    assert f"X{Rail(chosen).name[:4]}" in file.read_text(encoding="utf-8")
    (row,) = desk.desk.select("select trace from payout_rail where reference = %(r)s", r=reference)
    assert why in " ".join(step["text"]["en"] for step in row["trace"])


def test_a_hospitals_payout_goes_with_the_banks_file_of_many(rig: Rig) -> None:
    plans = load_plans(demonstration=True)
    world = replace(rig.world, plan_shelf=lambda: plans, payout_rails_plan="payout-rails-example")
    _, payout = ordered(replace(rig, world=world))
    assert (payout.rail, payout.payee) == ("batch_file", "hospital")


def test_a_plan_of_rails_that_is_not_active_lets_nothing_be_written(
    rig: Rig, tmp_path: Path
) -> None:
    desk = desk_of(rig, tmp_path, ("cips",))
    own = replace(desk.rig, world=replace(desk.world, payout_rails_plan="payout-rails-2027"))
    with pytest.raises(Final, match="plan of rails is not active"):
        replace(desk, rig=own).reserved()


def test_above_the_limit_of_the_quick_rail_the_whole_goes_by_the_next(
    rig: Rig, tmp_path: Path
) -> None:
    desk = desk_of(rig, tmp_path, ("payment_connect", "single_transfer"))
    tight = with_rails(desk.world, rails__payment_connect__per_day=1_000)
    own = replace(desk.rig, world=tight)
    desk = replace(desk, rig=own, desk=replace(desk.desk, world=tight, rig=own))
    episode = desk.reserved()
    payout = desk.payout(episode)
    assert (payout.rail, payout.amount_minor) == ("single_transfer", AMOUNT), "never in parts"
    assert len(desk.rig.rows(episode).payouts) == 1
