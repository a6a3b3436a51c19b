"""Whatever comes in whatever order: vouchers, an account that pays later and a cover in patacas
come to what the newest split says, on both sides and to the fen."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from activities.pay_later import PayLaterSteps
from activities.sending import Attempt
from crossclaim.domain.pay_later_party import ChargeOrder, ChargeReceipt
from tests.flows.macao_stay import LOTUS
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.credit_rig import CreditDesk
from tests.steps.macao_cycle import macao_cycle
from tests.steps.money_walk import Walk
from tests.steps.other_walks import KeepingSystem, PayLaterWalk, VoucherWalk
from tests.steps.rig import Rig
from tests.steps.test_money_walks import ON_OTHERS, with_banks


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("huimin", tmp_path_factory.mktemp("huimin")) as party:
        yield party


@pytest.mark.parametrize("seed", range(2))
def test_what_the_voucher_system_holds_is_what_stands_and_what_is_booked(
    rig: Rig, seed: int
) -> None:
    one = VoucherWalk.of(rig, seed)
    one.go(14)
    one.home()
    assert one.system.holds == one.owed() == one.booked(), one.told


def test_a_twin_whose_void_is_not_sent_leaves_vouchers_used(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeepingSystem, "void", lambda self, number, *a: self.change(number))
    one = VoucherWalk.of(rig, 0)
    one.bill()
    one.home()
    one.void()
    one.home()
    assert one.system.holds != one.owed() == one.booked()


def pay_later(rig: Rig, platform: SimulatedParty, seed: int) -> PayLaterWalk:
    desk = CreditDesk.of(rig, platform)
    chance = Random(seed)
    payer = desk.member(rows={"balance_fen": chance.choice([0, 30_000])})
    return PayLaterWalk(desk.mother(payer), chance)


@pytest.mark.parametrize("seed", [1, 2])
def test_what_the_platform_has_taken_is_what_stands_and_what_is_booked(
    rig: Rig, platform: SimulatedParty, seed: int
) -> None:
    one = pay_later(rig, platform, seed)
    one.go(14)
    one.home()
    assert one.had() == one.owed() == one.booked(), one.told


def test_a_twin_that_charges_under_a_new_reference_after_a_lost_answer_takes_it_twice(
    rig: Rig, platform: SimulatedParty, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put(self: PayLaterSteps, attempt: Attempt, asked: ChargeOrder) -> ChargeReceipt:
        other = asked.model_copy(update={"reference": f"{asked.reference}-{attempt.number}"})
        receipt = self._platform().charge(other)
        return receipt.model_copy(update={"reference": asked.reference})

    monkeypatch.setattr(PayLaterSteps, "_put", put)
    one = pay_later(rig, platform, 1)
    one.bill()
    platform.script("accepted_answer_lost", match={"operation": "charge"})
    one.home()
    assert len(platform.journal("charged")) - len(platform.journal("refunded")) == 2


@pytest.mark.parametrize("seed", [5])
def test_a_cover_in_patacas_has_paid_in_the_end_what_the_newest_split_says(
    rig: Rig, seed: int
) -> None:
    one = Walk(macao_cycle(with_banks(rig)), Random(seed))
    one.decide()
    one.go(16)
    one.home()
    told = "\n".join(one.told)
    assert {who: fen for who, fen in one.had.items() if fen} == one.owed(), told
    insurers = {name: fen for name, fen in one.stay.books().items() if LOTUS in name}
    assert insurers == {}, told
    assert one.stay.standing().waiting_for in ON_OTHERS, told
    currencies = {c.benefit_currency.value for c in one.stay.rows().claims}
    assert currencies == {"MOP"} and any("decided" in line for line in one.told), told
