"""The rail that was chosen is the one that the bank is told of, with the whole amount."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from activities.world import World
from crossclaim.config import BankProfile, RailWire
from crossclaim.domain.payout_rail import Rail
from crossclaim.gateways.bank import HostToHostBank
from tests.steps.payout_desk import AMOUNT, PayoutDesk, with_rails
from tests.steps.rig import Rig

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


@pytest.mark.parametrize(
    ("order", "chosen"),
    [
        (("payment_connect", "cips"), "payment_connect"),
        (("single_transfer", "cips"), "single_transfer"),
        (("batch_file", "cips"), "batch_file"),
        (("cips",), "cips"),
    ],
)
def test_each_rail_goes_from_the_plan_to_the_banks_file(
    rig: Rig, tmp_path: Path, order: tuple[str, ...], chosen: str
) -> None:
    desk = desk_of(rig, tmp_path, order)
    episode = desk.reserved()
    reference = desk.send(episode)
    payout = desk.payout(episode)
    assert (payout.rail, payout.amount_minor, payout.state) == (chosen, AMOUNT, "sent")
    file = next((desk.desk.folder / "outbound").glob(f"{reference}-1*"))
    assert f"X{Rail(chosen).name[:4]}" in file.read_text(encoding="utf-8")


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
