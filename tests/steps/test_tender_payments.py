"""The acquirer charges a payer once, whatever becomes of its answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from activities.sending import Attempt
from activities.tender_payments import PaymentSteps
from crossclaim.domain.acquirer import PaymentTold, PayOrder
from crossclaim.domain.tender_rows import PaymentRow
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.rig import AT, Rig
from tests.steps.till import Till, gateway_of, leg


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("acquirer", tmp_path_factory.mktemp("acquirer")) as party:
        yield party


@pytest.fixture
def acquirer(process: SimulatedParty) -> SimulatedParty:
    process.reset(AT.isoformat())
    return process


@pytest.fixture
def till(rig: Rig, acquirer: SimulatedParty) -> Till:
    till = Till.opened(rig, acquirer)
    till.bill()
    return till


def test_each_means_of_payment_is_taken_and_the_bill_is_paid(till: Till) -> None:
    answer = till.pay(
        leg("wechat", "100.00"),
        leg("alipay", "100.00"),
        leg("ecny", "100.00"),
        leg("bank_card", "100.00"),
        leg("foreign_card", "400.00"),
        leg("cash", "100.00", told=True),
    )
    assert (answer.status, answer.body["tendered"]["amount"]) == (202, "100.00")
    assert [p["state"] for p in answer.body["payments"]] == ["due"] * 5
    assert till.rig.standing(till.episode, till.now).waiting_for == "ACQUIRER_PAYMENT"
    till.work()
    assert [state for _, state, _ in till.states()] == ["paid"] * 5
    assert (till.charged(), till.rows.tendered(till.rows.bills[0].id)) == (80_000, 90_000)
    assert till.rig.balances(till.episode) == {}
    assert till.rig.standing(till.episode, till.now).closable


def test_a_foreign_card_leaves_its_own_amount_and_who_fixed_the_rate(till: Till) -> None:
    till.pay(leg("foreign_card", "400.00"), leg("foreign_card", "500.00", "MC-0000000001"))
    till.work()
    visa, other = till.rows.payments
    assert (visa.card_amount, visa.card_currency, visa.card_rate) == ("437.16", "HKD", "1.0929")
    assert (visa.card_rate_by, visa.card_rate_at is not None) == ("scheme", True)
    assert (other.card_amount, other.card_currency) == ("69.45", "USD")
    assert other.card_rate_by == "acquirer"


def test_the_payers_code_is_gone_once_it_cannot_be_used(till: Till) -> None:
    till.pay(leg("wechat", "900.00"))
    (payment,) = till.rows.payments
    with till.world.records.transaction() as tx:
        assert tx.payer_code(payment.reference, till.episode) == "130000000000000001"
    till.work()
    with till.world.records.transaction() as tx:
        assert tx.payer_code(payment.reference, till.episode) == ""


def test_a_refused_payment_may_be_tried_with_another_means(till: Till) -> None:
    till.pay(leg("wechat", "900.00", "130000000000000404"))
    assert till.pay(leg("alipay", "900.00")).codes == ["TENDER_ABOVE_DUE"]
    till.work()
    (refused,) = till.rows.payments
    assert (refused.state, refused.code) == ("refused", "NOTENOUGH")
    assert till.pay(leg("alipay", "900.00")).status == 202
    till.work()
    assert till.charged() == 90_000


def test_a_lost_answer_is_looked_for_before_anything_is_sent_again(
    till: Till, acquirer: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    acquirer.script("accepted_answer_lost", match={"operation": "micropay"})
    till.work()
    assert till.states() == [("wechat", "sent", 90_000)]
    till.later(5)
    till.work()
    assert (till.states(), till.charged()) == ([("wechat", "paid", 90_000)], 90_000)
    assert len(acquirer.journal("ordered")) == 1


class SendsAgain(PaymentSteps):
    """The naive twin: an answer that was lost is a new order, under a reference of its own."""

    def _ask(
        self, attempt: Attempt, payment: PaymentRow, asked: PayOrder, *, late: bool
    ) -> PaymentTold:
        again = asked.model_copy(update={"reference": f"{asked.reference}{attempt.number}"})
        told = self._acquirer().pay(again)
        return told.model_copy(update={"reference": asked.reference})


def test_the_naive_twin_charges_the_payer_twice(till: Till, acquirer: SimulatedParty) -> None:
    from activities.orders import Subject

    till.pay(leg("wechat", "900.00"))
    acquirer.script("accepted_answer_lost", match={"operation": "micropay"})
    (payment,) = till.rows.payments
    for _ in range(2):
        order = Subject(episode_id=till.episode, subject=payment.reference, at=till.now)
        SendsAgain(till.world).take_payment(order)
        till.later(5)
    taken = [e for e in acquirer.journal("charged") if payment.reference in e["out_trade_no"]]
    assert sum(e["fee"] for e in taken) == 180_000


def test_an_order_that_never_arrived_is_sent_again_under_its_reference(
    till: Till, acquirer: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    acquirer.script("lost_before", match={"operation": "micropay"})
    till.work()
    till.later(5)
    till.work()
    assert (till.states(), till.charged()) == ([("wechat", "paid", 90_000)], 90_000)


def test_a_payer_who_enters_his_password_is_waited_for(till: Till) -> None:
    till.pay(leg("wechat", "900.00", "130000000000000500"))
    till.work()
    assert till.states() == [("wechat", "paying", 90_000)]
    due = till.tenders
    assert due is not None and due.look_again_at is not None
    till.later(25)
    till.work()
    assert till.states() == [("wechat", "paid", 90_000)]


def test_what_is_not_paid_in_time_is_closed_and_can_never_be_paid(
    till: Till, acquirer: SimulatedParty
) -> None:
    acquirer.set_tables({"payers": {"130000000000000500": {"paying_s": 500}}})
    till.pay(leg("wechat", "900.00", "130000000000000500"))
    till.work()
    till.later(121)
    till.work()
    assert till.states() == [("wechat", "closed", 90_000)]
    till.later(600)
    assert till.charged() == 0
    assert till.pay(leg("cash", "900.00", told=True)).status == 200


def test_an_unreachable_acquirer_holds_nobody_up_and_is_closed_before_anything_else(
    till: Till, acquirer: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    acquirer.script("down", times=-1)
    till.work()
    till.later(130)
    till.work()
    assert till.states() == [("wechat", "sent", 90_000)]
    assert "PAYMENT_UNKNOWN" in till.rig.exceptions(till.episode)
    acquirer.script("slow", delay_s=0, times=1)
    till.later(300)
    till.work()
    assert till.states() == [("wechat", "closed", 90_000)]
    assert till.charged() == 0


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("wrong_amount", "ACQUIRER_OTHER_AMOUNT"),
        ("other_order", "ACQUIRER_OTHER_ORDER"),
        ("bad_signature", "ACQUIRER_SIGNATURE_WRONG"),
        ("other_nonce", "ACQUIRER_OTHER_QUESTION"),
    ],
)
def test_an_answer_that_cannot_be_ours_moves_nothing_and_is_kept(
    till: Till, acquirer: SimulatedParty, fault: str, code: str
) -> None:
    till.pay(leg("wechat", "900.00"))
    acquirer.script(fault, match={"operation": "micropay"})
    till.work()
    assert till.states() == [("wechat", "sent", 90_000)]
    assert till.rig.exceptions(till.episode) == {"PAYMENT_ANSWER_DIFFERS": code}
    kept = till.rig._select(
        "select code from kept_answer where episode_id = %(id)s", id=till.episode
    )
    assert [row["code"] for row in kept] == [code]
    till.later(5)
    till.work()
    assert (till.states(), till.charged()) == ([("wechat", "paid", 90_000)], 90_000)
    assert till.rig.exceptions(till.episode) == {}


def test_a_repeated_and_a_late_step_change_nothing(till: Till) -> None:
    till.pay(leg("wechat", "900.00"))
    (payment,) = till.rows.payments
    till.take("take_payment", payment.reference)
    before = till.rows
    till.take("take_payment", payment.reference)
    assert till.rows == before


class Overtaken(PaymentSteps):
    """While its answer is on its way, another attempt of the same step writes its own."""

    till: Till

    def _ask(
        self, attempt: Attempt, payment: PaymentRow, asked: PayOrder, *, late: bool
    ) -> PaymentTold:
        told = super()._ask(attempt, payment, asked, late=late)
        if attempt.number == 1:
            self.till.take("take_payment", payment.reference)
        return told


def test_two_attempts_at_once_book_one_payment(till: Till) -> None:
    from activities.orders import Subject

    till.pay(leg("wechat", "900.00"))
    steps = Overtaken(till.world)
    steps.till = till
    (payment,) = till.rows.payments
    order = Subject(episode_id=till.episode, subject=payment.reference, at=till.now)
    steps.take_payment(order)
    assert len(till.rows.tenders) == 1
    assert till.rig.balances(till.episode) == {}


def test_no_acquirer_means_that_the_window_takes_it_itself(till: Till) -> None:
    world = replace(till.world, acquirer=None)
    till.rig = replace(till.rig, world=world)
    answer = till.pay(leg("cash", "100.00", told=True), leg("wechat", "800.00"))
    assert answer.codes == ["ACQUIRER_NOT_CONNECTED"]
    assert answer.body["errors"][0]["pointer"] == "/legs/1/payer_code"
    assert till.pay(leg("wechat", "900.00", told=True)).status == 200


def test_a_slow_answer_is_no_second_charge(till: Till, acquirer: SimulatedParty) -> None:
    impatient = replace(till.world, acquirer=gateway_of(acquirer, timeout_s=0.3))
    till.pay(leg("wechat", "900.00"))
    (payment,) = till.rows.payments
    acquirer.script("slow", match={"operation": "micropay"}, delay_s=0.8)
    till.take("take_payment", payment.reference, impatient)
    till.later(5)
    till.work()
    assert (till.states(), till.charged()) == ([("wechat", "paid", 90_000)], 90_000)


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("point", ["payment-attempt-committed", "payment-answered"])
def test_a_worker_killed_at_a_named_point_takes_the_payment_once(till: Till, point: str) -> None:
    def strike(reached: str) -> None:
        if reached == point:
            raise Killed

    till.pay(leg("wechat", "900.00"))
    (payment,) = till.rows.payments
    with pytest.raises(Killed):
        till.take("take_payment", payment.reference, replace(till.world, fault_point=strike))
    till.work()
    assert (till.states(), till.charged()) == ([("wechat", "paid", 90_000)], 90_000)
    assert till.rig.balances(till.episode) == {}


@pytest.mark.parametrize("point", ["refund-attempt-committed", "refund-answered"])
def test_a_worker_killed_at_a_named_point_gives_back_once(till: Till, point: str) -> None:
    def strike(reached: str) -> None:
        if reached == point:
            raise Killed

    till.pay(leg("wechat", "900.00"))
    till.work()
    till.void()
    (refund,) = till.rows.refunds
    with pytest.raises(Killed):
        till.take("refund_tender", refund.reference, replace(till.world, fault_point=strike))
    till.work()
    assert (till.charged(), till.given_back()) == (90_000, 90_000)
    assert till.rig.balances(till.episode) == {}
