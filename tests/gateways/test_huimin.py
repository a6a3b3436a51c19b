"""The 惠民就医 gateway against the simulator, and against answers that no honest platform gives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest

from activities.pay_later_port import PayLaterPlatform
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.insured import InsuredStatus, Relation
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.pay_later_party import ChargeOrder, RefundOrder, RepaymentOrder, SignUpOrder
from crossclaim.gateways.huimin import HuiminGateway, read_refusal
from tests.gateways.simulated_party import SimulatedParty
from tests.simulators.party_process import eventually

REGION = timezone(timedelta(hours=8))
NOW = datetime(2026, 3, 18, 9, 0, tzinfo=REGION)
SIGN_UP = SignUpOrder(
    reference="CSU1",
    channel="hospital_account",
    name="李四",
    id_number="441900199003070016",
    birth_date=date(1990, 3, 7),
    mobile="13800000000",
    authorised_at=NOW,
    details_confirmed_at=NOW,
    face_check="f-1",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("huimin", tmp_path_factory.mktemp("huimin")) as party:
        yield party


@pytest.fixture
def platform(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW.isoformat())
    return running


@pytest.fixture
def gateway(platform: SimulatedParty) -> Iterator[HuiminGateway]:
    http = platform.http(read_refusal=read_refusal)
    yield HuiminGateway(http)
    http.close()


def member(gateway: HuiminGateway, platform: SimulatedParty) -> str:
    number = gateway.sign_up(SIGN_UP).number
    card = gateway.bind_card(number, "CCD1", "6222020000000006621")
    assert not card.bound
    assert gateway.confirm_card(number, "CCC1", "CCD1", "314159").bound
    gateway.apply(number, "CAP1", fen(500000), False)
    later = NOW + timedelta(minutes=2)
    platform.set_clock(later.isoformat())
    eventually(lambda: gateway.look_up(number).credit == "granted")
    return number


def order(number: str, reference: str = "CHG1", **parts: int) -> ChargeOrder:
    told = parts or {"personal_account": 26000, "credit": 72000}
    return ChargeOrder(
        reference=reference,
        account_number=number,
        hospital="dongguan-tcm",
        bill_number="B-1",
        service_day=date(2026, 3, 18),
        relation=Relation.PARENT,
        parts={Tender(name): fen(amount) for name, amount in told.items()},
    )


def test_the_gateway_is_the_port_that_activities_expect(gateway: HuiminGateway) -> None:
    port: PayLaterPlatform = gateway
    assert port is gateway


def test_sign_up_card_and_credit_are_found_again_under_their_references(
    gateway: HuiminGateway, platform: SimulatedParty
) -> None:
    number = member(gateway, platform)
    account = gateway.find_account("CSU1")
    assert account is not None
    assert (account.number, account.status) == (number, InsuredStatus.ACTIVE)
    assert (account.balance, account.card_tail) == (fen(26000), "6621")
    assert (account.limit, account.available) == (fen(500000), fen(500000))
    card = gateway.find_card(number, "CCD1")
    assert card is not None
    assert card.bound
    decision = gateway.find_application(number, "CAP1")
    assert decision is not None
    assert (decision.state, decision.limit) == ("granted", fen(500000))
    assert gateway.find_account("CSU2") is None


def test_a_charge_its_refund_and_its_repayment(
    gateway: HuiminGateway, platform: SimulatedParty
) -> None:
    number = member(gateway, platform)
    receipt = gateway.charge(order(number))
    assert (receipt.balance_after, receipt.credit_after) == (fen(0), fen(428000))
    chosen = gateway.choose_instalments(receipt.number, "CIN1", 3)
    assert chosen.amounts == [fen(24000)] * 3
    assert chosen.due[0] == date(2026, 5, 1)
    repayment = RepaymentOrder(
        reference="CRP1", account_number=number, source=Tender.BANK_CARD, amount=fen(24000)
    )
    assert gateway.repay(repayment).amount == fen(24000)
    assert gateway.find_repayment(repayment) is not None
    assert gateway.statement(number).owed == fen(48000)
    refund = RefundOrder(reference="CHG1V", number=receipt.number, reason="void", repaid=fen(24000))
    assert gateway.refund(refund).refunded
    assert gateway.statement(number).owed == fen(0)
    found = gateway.find_charge(order(number))
    assert found is not None
    assert found.refunded


@pytest.mark.parametrize("fault", ["wrong_amount", "other_person"])
def test_an_answer_about_other_money_or_another_person_proves_nothing(
    gateway: HuiminGateway, platform: SimulatedParty, fault: str
) -> None:
    number = member(gateway, platform)
    platform.script(fault, match={"operation": "charge"})
    with pytest.raises(OutcomeUnknown) as raised:
        gateway.charge(order(number))
    assert raised.value.code == "ANSWER_DIFFERS"
    assert gateway.find_charge(order(number)) is not None


def test_what_fails_is_told_apart_by_what_may_have_happened(
    gateway: HuiminGateway, platform: SimulatedParty
) -> None:
    number = member(gateway, platform)
    platform.script("down", match={"operation": "charge"})
    with pytest.raises(Retryable):
        gateway.charge(order(number))
    platform.script("accepted_answer_lost", match={"operation": "charge"})
    with pytest.raises(OutcomeUnknown):
        gateway.charge(order(number))
    with pytest.raises(Final) as refused:
        gateway.charge(order(number, "CHG2", credit=430000))
    assert refused.value.code == "CREDIT_INSUFFICIENT"
    assert refused.value.answer["available"] == "4280.00"
