"""A bank that executes after our time-out and after our question pays each payee once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from crossclaim.config import BankProfile
from crossclaim.gateways.bank import HostToHostBank
from tests.faults.conftest import ANSWER_WITHIN_S, MAX_EXECUTION_S
from tests.faults.house import FULL, House, until
from tests.faults.lateness import (
    LATE_S,
    asked_in_vain,
    attempts,
    had_one_late_order,
    script,
)
from tests.faults.naive_payout import NaivePayout
from tests.faults.outcome import executions, nobody_was_paid_twice, stay_ended_well
from tests.faults.story import HERE, THERE, Stay, Telling
from tests.gateways.bank_scene import order
from tests.gateways.simulated_party import SimulatedParty

PAYOUTS = 200 if FULL else 3
AT_ONCE = 20


@pytest.fixture
def bank(house: House) -> House:
    """Healthy, with a bank whose fault script is empty before the test."""
    house.heal()
    house.control("harbour-bank", "faults", {"faults": []})
    return house


def tell(house: House, count: int) -> list[Stay]:
    insurers = (THERE, HERE)
    stays = [Stay(house, *insurers[n % 2]) for n in range(count)]
    for first in range(0, count, AT_ONCE):
        stories = [Telling(stay.run) for stay in stays[first : first + AT_ONCE]]
        for story in stories:
            story.ended(180)
    return stays


def test_payouts_that_execute_late_are_asked_about_and_paid_once(bank: House) -> None:
    script(bank, fault="late", delay_s=LATE_S, times=PAYOUTS)
    stays = tell(bank, PAYOUTS)
    for stay in stays:
        stay_ended_well(bank, stay)
    orders = [had_one_late_order(bank, stay) for stay in stays]
    # A machine with much to do asks of some only once the bank has executed.
    assert any(asked_in_vain(bank, order) for order in orders)
    nobody_was_paid_twice(bank)


def test_the_naive_twin_pays_twice_at_such_a_bank(tmp_path: Path) -> None:
    folder = tmp_path / "bank"
    options = ("--folder", str(folder), "--profile", "harbour-bank")
    gateway = HostToHostBank(BankProfile(bank="harbour-bank", folder=folder))
    with SimulatedParty("bank", tmp_path / "data", *options) as simulator:
        simulator.script("late", delay_s=3 * ANSWER_WITHIN_S, match={"operation": "payment"})
        payer = order().debtor.model_copy(update={"number": "6222000000000051"})
        wanted = order(debtor=payer)
        used = NaivePayout(gateway, ANSWER_WITHIN_S).pay(wanted)

        def executed() -> list[str]:
            return [e["reference"] for e in simulator.journal("executed") if e["reference"] in used]

        until("both orders executed", lambda: len(executed()) > 1)
        payees = {e["creditor_account"] for e in simulator.journal("executed")}
        assert payees == {wanted.creditor.number}
        assert len(executed()) == 2, "the test sees a double payment where there is one"


def test_an_order_that_the_bank_lost_is_sent_again_after_the_fence_under_its_reference(
    bank: House,
) -> None:
    script(bank, fault="silent", executes=False, times=1)
    (stay,) = tell(bank, 1)
    stay_ended_well(bank, stay)
    first, second = attempts(bank, stay.episode_id, "order")
    fence = first["released_at"] + timedelta(seconds=MAX_EXECUTION_S)
    assert second["reference"] == first["reference"]
    assert second["recorded_at"] >= fence
    (absent,) = bank.rows(
        "select max(happened_at) as at, max(applied_at) as applied from payout_report"
        " where reference = %(ref)s and state = 'unknown_to_bank'",
        ref=first["reference"],
    )
    assert fence <= absent["applied"] <= second["recorded_at"]
    received = [
        e["message_id"]
        for e in bank.journal("harbour-bank", "received")
        if e["reference"] == first["reference"]
    ]
    assert received == [f"{first['reference']}-1", f"{first['reference']}-2"]
    assert len(executions(bank)[first["reference"]]) == 1


def test_the_fence_counts_from_the_moment_when_the_bank_could_see_the_order(bank: House) -> None:
    """The bank's share is gone for longer than the bank may take, and then the bank is late."""
    script(bank, fault="late", delay_s=LATE_S, times=1)
    outbound = bank.stack.home.bank / "harbour-bank" / "outbound"
    away = outbound.rename(outbound.with_name("outbound-away"))
    stay = Stay(bank, *HERE)
    story = Telling(stay.run)
    old = "select 1 from payout_attempt where episode_id = %(id)s and recorded_at < now() - %(s)s"
    over = timedelta(seconds=MAX_EXECUTION_S)
    until("fence over", lambda: bank.rows(old, id=stay.episode_id, s=over))
    away.rename(outbound)
    story.ended(180)
    stay_ended_well(bank, stay)
    assert asked_in_vain(bank, had_one_late_order(bank, stay))
    nobody_was_paid_twice(bank)


def test_an_order_that_the_bank_collects_after_the_fence_is_not_sent_a_second_time(
    bank: House,
) -> None:
    """A bank that was away answers the waiting questions first and executes the order late."""
    script(bank, fault="late", delay_s=LATE_S, times=1)
    bank.stack.kill("harbour-bank")
    stay = Stay(bank, *HERE)
    story = Telling(stay.run)
    old = "select 1 from payout_attempt where episode_id = %(id)s and released_at < now() - %(s)s"
    over = timedelta(seconds=MAX_EXECUTION_S + 2)
    until("fence over", lambda: bank.rows(old, id=stay.episode_id, s=over))
    bank.stack.restart("harbour-bank")
    story.ended(180)
    stay_ended_well(bank, stay)
    had_one_late_order(bank, stay)
    nobody_was_paid_twice(bank)
