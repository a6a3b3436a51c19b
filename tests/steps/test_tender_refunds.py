"""What was paid too much goes back to what paid it: once, and never more than it paid."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from activities.claims import ClaimSteps
from activities.decisions import record_decision
from activities.orders import Subject
from activities.sending import Attempt
from activities.tender_books import order_back
from activities.tender_refunds import RefundSteps
from crossclaim.domain.acquirer import RefundOrder, RefundTold
from crossclaim.domain.money import hk_cents
from crossclaim.domain.party import AnswerState, ClaimAnswer
from crossclaim.domain.tender_refunds import RefundPart
from crossclaim.stack import Stack
from crossclaim.wiring import api_house
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.rig import AT, HARBOUR, HOSPITAL, Rig, insured_by, policy_number
from tests.steps.till import Till, leg

DAY_S = 86_400.0


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


def paid(till: Till) -> Till:
    """CNY 900.00: WeChat 300.00, foreign card 500.00, cash 100.00."""
    answer = till.pay(
        leg("wechat", "300.00"),
        leg("foreign_card", "500.00"),
        leg("cash", "100.00", told=True),
    )
    assert answer.status == 202
    till.work()
    return till


def test_a_void_gives_each_tender_its_own_back(till: Till) -> None:
    answer = paid(till).void()
    assert [r["route"] for r in answer.body["refunds"]] == ["cashier", "acquirer", "acquirer"]
    till.work()
    assert till.refunds() == [
        ("cash", "cashier", "due", 10_000),
        ("wechat", "acquirer", "refunded", 30_000),
        ("foreign_card", "acquirer", "refunded", 50_000),
    ]
    assert till.given_back() == 80_000
    # Until the cashier has given it back, the hospital owes the patient CNY 100.00.
    assert till.rig.balances(till.episode) == {
        "funder:patient:due": -10_000,
        "hospital:hku-szh:bills": 10_000,
    }
    refund = till.rows.refunds[0].reference
    assert till.confirm(refund).body["status"] == "refunded"
    assert till.rig.balances(till.episode) == {}
    assert till.tenders is None


def test_a_refund_of_a_foreign_card_is_rmb_and_keeps_what_the_card_got(till: Till) -> None:
    paid(till).void()
    till.work()
    refund = next(r for r in till.rows.refunds if r.method == "foreign_card")
    # Charged at 1.0929, given back at the rate of the day of the refund.
    assert (refund.amount_minor, refund.card_amount, refund.card_currency) == (
        50_000,
        "545.60",
        "HKD",
    )
    assert (refund.card_rate, refund.card_rate_by) == ("1.0912", "scheme")


def test_a_lower_bill_after_a_void_is_paid_anew_and_nothing_else_is_owed(till: Till) -> None:
    paid(till).void()
    till.work()
    till.confirm(till.rows.refunds[0].reference)
    till.bill("700.00", version=2)
    till.pay(leg("wechat", "700.00"), version=2)
    till.work()
    assert (till.charged(), till.given_back()) == (150_000, 80_000)
    assert till.rig.balances(till.episode) == {}
    assert till.rig.standing(till.episode, till.now).closable


def test_a_cashiers_refund_holds_the_episode_open_until_somebody_confirms_it(till: Till) -> None:
    till.pay(leg("cash", "900.00", told=True))
    till.void()
    till.bill("900.00", version=2)
    till.pay(leg("cash", "900.00", told=True), version=2)
    now = till.rig.standing(till.episode, till.now)
    assert (now.closable, now.waiting_for) == (False, "CASHIER_REFUND")
    (refund,) = till.rows.refunds
    assert till.confirm("RF-OTHER").codes == ["REFUND_UNKNOWN"]
    till.confirm(refund.reference)
    assert till.confirm(refund.reference, "TK-2").codes == ["REFUND_CONFIRMED_ALREADY"]
    assert till.rig.standing(till.episode, till.now).closable


def test_only_the_acquirer_confirms_its_own_refunds(till: Till, acquirer: SimulatedParty) -> None:
    acquirer.script("refund_pending", match={"operation": "refund"}, delay_s=DAY_S)
    till.pay(leg("wechat", "900.00"))
    till.work()
    till.void()
    till.work()
    (refund,) = till.rows.refunds
    assert till.confirm(refund.reference).codes == ["REFUND_NOT_BY_HAND"]


def test_a_refund_that_takes_days_is_waited_for_and_told_when_it_is_late(
    till: Till, acquirer: SimulatedParty
) -> None:
    acquirer.script("refund_pending", match={"operation": "refund"}, delay_s=9 * DAY_S)
    till.pay(leg("wechat", "900.00"))
    till.work()
    till.void()
    till.work()
    assert till.refunds() == [("wechat", "acquirer", "pending", 90_000)]
    assert till.rig.exceptions(till.episode) == {}
    till.later(8 * DAY_S)
    till.work()
    assert list(till.rig.exceptions(till.episode)) == ["REFUND_LATE"]
    till.later(2 * DAY_S)
    till.work()
    assert till.refunds() == [("wechat", "acquirer", "refunded", 90_000)]
    assert (till.given_back(), till.rig.exceptions(till.episode)) == (90_000, {})


def test_a_lost_answer_to_a_refund_is_looked_for_and_given_back_once(
    till: Till, acquirer: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    till.work()
    till.void()
    acquirer.script("accepted_answer_lost", match={"operation": "refund"})
    till.work()
    assert till.refunds() == [("wechat", "acquirer", "sent", 90_000)]
    till.later(5)
    till.work()
    assert till.refunds() == [("wechat", "acquirer", "refunded", 90_000)]
    assert len(acquirer.journal("refund_taken")) == 1
    assert till.rig.balances(till.episode) == {}


class RefundsAgain(RefundSteps):
    """The naive twin: a lost answer is another refund, under a reference of its own."""

    def _ask(self, attempt: Attempt, asked: RefundOrder) -> RefundTold:
        again = asked.model_copy(update={"reference": f"{asked.reference}x{attempt.number}"})
        told = self._acquirer().refund(again)
        return told.model_copy(update={"reference": asked.reference})


def test_the_naive_twin_gives_a_part_back_twice(till: Till, acquirer: SimulatedParty) -> None:
    till.pay(leg("wechat", "900.00"))
    till.work()
    with till.world.records.transaction() as tx:
        rows = tx.lock(till.episode)
        assert rows is not None
        part = RefundPart(tender=rows.tenders[0], amount_minor=20_000)
        (refund,) = order_back(tx, rows, rows.bills[0], [part], "SPLIT_CHANGED", till.now)
    acquirer.script("accepted_answer_lost", match={"operation": "refund"})
    for _ in range(2):
        order = Subject(episode_id=till.episode, subject=refund.reference, at=till.now)
        RefundsAgain(till.world).refund_tender(order)
        till.later(5)
    back = [e for e in acquirer.journal("refunded") if refund.reference in e["out_refund_no"]]
    assert sum(e["fee"] for e in back) == 40_000


def test_a_part_that_the_acquirer_will_not_give_back_is_the_cashiers(
    till: Till, acquirer: SimulatedParty
) -> None:
    till.pay(leg("foreign_card", "900.00"))
    till.work()
    with till.world.records.transaction() as tx:
        rows = tx.lock(till.episode)
        assert rows is not None
        part = RefundPart(tender=rows.tenders[0], amount_minor=20_000)
        order_back(tx, rows, rows.bills[0], [part], "SPLIT_CHANGED", till.now)
    acquirer.script("partial_refund_refused", match={"operation": "refund"})
    till.work()
    assert till.refunds() == [
        ("foreign_card", "acquirer", "refused", 20_000),
        ("foreign_card", "cashier", "due", 20_000),
    ]
    told = {"TENDER_REFUND_REFUSED": "PARTIAL_REFUND_UNSUPPORTED"}
    assert till.rig.exceptions(till.episode) == told
    till.confirm(till.rows.refunds[1].reference)
    assert (till.rig.exceptions(till.episode), till.given_back()) == ({}, 0)


def test_an_acquirer_without_money_is_asked_again_under_the_same_reference(
    till: Till, acquirer: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    till.work()
    till.void()
    acquirer.script("refused", match={"operation": "refund"}, code="MCH_NOTENOUGH", times=2)
    till.work()
    for _ in range(3):
        till.later(60)
        till.work()
    assert till.refunds() == [("wechat", "acquirer", "refunded", 90_000)]


@pytest.mark.parametrize("fault", ["wrong_amount", "other_order", "bad_signature"])
def test_an_answer_about_a_refund_that_cannot_be_ours_moves_nothing(
    till: Till, acquirer: SimulatedParty, fault: str
) -> None:
    till.pay(leg("wechat", "900.00"))
    till.work()
    till.void()
    acquirer.script(fault, match={"operation": "refund"})
    till.work()
    assert till.refunds() == [("wechat", "acquirer", "sent", 90_000)]
    assert list(till.rig.exceptions(till.episode)) == ["REFUND_ANSWER_DIFFERS"]
    till.later(5)
    till.work()
    assert till.refunds() == [("wechat", "acquirer", "refunded", 90_000)]
    assert till.rig.exceptions(till.episode) == {}


def test_refunds_of_a_tender_never_add_up_to_more_than_it_paid(till: Till) -> None:
    paid(till)
    with till.world.records.transaction() as tx:
        rows = tx.lock(till.episode)
        assert rows is not None
        tender = next(t for t in rows.tenders if t.method == "wechat")
        part = RefundPart(tender=tender, amount_minor=20_000)
        order_back(tx, rows, rows.bills[0], [part], "SPLIT_CHANGED", till.now)
    above = pytest.raises(psycopg.Error, match="TENDER_REFUND_ABOVE")
    with above, till.world.records.transaction() as tx:
        rows = tx.lock(till.episode)
        assert rows is not None
        order_back(tx, rows, rows.bills[0], [part], "SPLIT_CHANGED", till.now)


def test_a_payment_on_its_way_when_the_bill_is_voided_is_closed_or_goes_back(
    till: Till, acquirer: SimulatedParty
) -> None:
    till.pay(leg("wechat", "300.00"), leg("alipay", "600.00"))
    first, second = till.rows.payments
    acquirer.script("accepted_answer_lost", match={"operation": "micropay"})
    till.take("take_payment", first.reference)
    till.void()
    till.work()
    assert till.states() == [("wechat", "paid", 30_000), ("alipay", "closed", 60_000)]
    assert till.refunds() == [("wechat", "acquirer", "refunded", 30_000)]
    assert (till.charged(), till.given_back()) == (30_000, 30_000)
    assert till.rig.balances(till.episode) == {}
    assert second.reference not in str(acquirer.journal("charged"))


def insured(rig: Rig, acquirer: SimulatedParty) -> Till:
    """A visit whose insurer decides in a house of its own, paid by the patient as forecast."""
    coverages = [insured_by(HARBOUR, policy_number())]
    till = Till.opened(rig, acquirer, coverages)
    till.bill()
    share = till.rows.patient_share(till.rows.bills[0].id)
    assert share == 1_830, "a co-payment of HKD 20.00"
    till.pay(leg("foreign_card", "15.30"), leg("wechat", "3.00"))
    till.work()
    return till


def decided(till: Till, cents: int) -> None:
    claim = next(c for c in till.rows.claims if c.kind == "direct")
    order = Subject(episode_id=till.episode, subject=claim.id, at=till.now)
    ClaimSteps(till.world).submit_claim(order)
    answer = ClaimAnswer(
        reference=claim.reference,
        claim_number="CLM-1",
        state=AnswerState.APPROVED,
        benefit=hk_cents(cents),
    )
    with till.world.records.transaction() as tx:
        rows = tx.lock(till.episode)
        assert rows is not None
        record_decision(tx, till.world, order, rows, rows.claim(claim.id), answer)


def test_a_decision_above_the_forecast_gives_the_patient_his_money_back(
    rig: Rig, acquirer: SimulatedParty
) -> None:
    till = insured(rig, acquirer)
    forecast = next(c.forecast_minor for c in till.rows.claims if c.kind == "direct")
    assert forecast is not None
    decided(till, forecast + 1_000)  # HKD 10.00 more, worth CNY 9.15
    till.work()
    # WeChat gives all its CNY 3.00 back, the foreign card the rest.
    assert till.refunds() == [
        ("wechat", "acquirer", "refunded", 300),
        ("foreign_card", "acquirer", "refunded", 615),
    ]
    assert till.given_back() == 915
    assert till.rig.balances(till.episode)["funder:insurer:harbour-life:due"] == 88_170 + 915
    assert "funder:patient:due" not in till.rig.balances(till.episode)
    assert till.tenders is None


def test_a_decision_below_the_forecast_gives_nothing_back(
    rig: Rig, acquirer: SimulatedParty
) -> None:
    till = insured(rig, acquirer)
    forecast = next(c.forecast_minor for c in till.rows.claims if c.kind == "direct")
    assert forecast is not None
    decided(till, forecast - 1_000)
    till.work()
    assert till.refunds() == []
    assert till.pay(leg("cash", "9.15", told=True)).status == 200


def test_no_insurer_of_the_episode_reads_a_payment_or_a_refund(
    rig: Rig, acquirer: SimulatedParty, stack: Stack
) -> None:
    till = insured(rig, acquirer)
    forecast = next(c.forecast_minor for c in till.rows.claims if c.kind == "direct")
    assert forecast is not None
    decided(till, forecast + 1_000)
    till.work()
    house = api_house(stack.settings)
    for table, rows in {"payment_order": 2, "tender_refund": 2}.items():
        count = f"select count(*)::int as n from {table} where episode_id = %(id)s"
        for organisation, seen in {HOSPITAL: rows, HARBOUR: 0, "jiangmen-central": 0}.items():
            with house.database.begin(organisation) as connection:
                found = connection.execute(count, {"id": till.episode}).scalar_one()
            assert found == seen, (table, organisation)
    house.database.close()
