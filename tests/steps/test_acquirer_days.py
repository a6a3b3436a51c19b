"""A day of payments and refunds against the acquirer's statement of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from activities.acquirer_days import AcquirerDaySteps
from activities.orders import Comparison
from crossclaim.gateways.acquirer import AcquirerGateway
from crossclaim.gateways.acquirer_envelope import AcquirerCall
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.rig import AT, HOSPITAL, Rig
from tests.steps.till import MERCHANTS, SECRET, Till, leg


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("acquirer", tmp_path_factory.mktemp("acquirer")) as party:
        yield party


@pytest.fixture
def till(rig: Rig, process: SimulatedParty) -> Till:
    """Nothing of the day is here but this patient's."""
    process.reset(AT.isoformat())
    rig.change(
        "update payment_order set paid_at = paid_at - interval '30 days' where state = 'paid'"
    )
    rig.change("update tender_refund set refunded_at = refunded_at - interval '30 days'")
    till = Till.opened(rig, process)
    till.bill()
    return till


def test_a_day_that_agrees_says_so_and_what_its_sums_are(till: Till) -> None:
    till.pay(leg("wechat", "300.00"), leg("foreign_card", "600.00"))
    till.work()
    till.void()
    till.work()
    compared = till.compare()
    held = compared.held
    assert compared.equal
    assert (held.payments, held.paid_minor) == (2, 90_000)
    assert (held.refunds, held.refunded_minor) == (2, 90_000)
    assert till.rig.exceptions(till.episode) == {}


def test_what_was_paid_twice_is_found_and_goes_back_once(
    till: Till, process: SimulatedParty
) -> None:
    process.script("paid_twice", match={"operation": "micropay"})
    till.pay(leg("wechat", "900.00"))
    till.work()
    assert (till.states(), till.charged()) == ([("wechat", "paid", 90_000)], 180_000)
    compared = till.compare()
    assert [d.kind for d in compared.differences] == ["PAID_TWICE"]
    assert till.rig.exceptions(till.episode) == {"ACQUIRER_DAY_DIFFERS": "PAID_TWICE"}
    assert till.compare().equal, "found once, it is in our books"
    with till.world.records.transaction() as tx:
        assert tx.second_payments_due() == [till.episode]
    till.work()
    assert till.refunds() == [("wechat", "acquirer", "refunded", 90_000)]
    assert (till.charged(), till.given_back()) == (180_000, 90_000)
    assert till.rig.balances(till.episode) == {}
    # The second payment went back, not the one that pays the bill.
    (back,) = process.journal("refund_taken")
    assert back["out_refund_no"] == till.rows.refunds[0].reference
    assert till.rows.payment(f"{till.rows.payments[0].reference}.2") is not None
    assert till.rows.tendered(till.rows.bills[0].id) == 90_000


def test_a_payment_that_the_statement_does_not_have_is_told(
    till: Till, process: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    till.work()
    process.reset(AT.isoformat())
    compared = till.compare()
    assert [d.kind for d in compared.differences] == ["NOT_WITH_ACQUIRER"]
    assert till.rig.exceptions(till.episode) == {"ACQUIRER_DAY_DIFFERS": "NOT_WITH_ACQUIRER"}


def test_a_payment_that_we_do_not_have_as_paid_is_told_in_its_episode(
    till: Till, process: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    process.script("accepted_answer_lost", match={"operation": "micropay"})
    till.work()
    compared = till.compare()
    assert [d.kind for d in compared.differences] == ["NOT_WITH_US"]
    assert till.rig.exceptions(till.episode) == {"ACQUIRER_DAY_DIFFERS": "NOT_WITH_US"}
    till.now = till.now.replace(day=3)
    till.work()
    assert till.states() == [("wechat", "paid", 90_000)]


def test_another_amount_is_told_with_both(till: Till) -> None:
    till.pay(leg("wechat", "900.00"))
    till.work()
    till.rig.change(
        "update payment_order set amount_minor = 89999 where episode_id = %(id)s", id=till.episode
    )
    (found,) = till.compare().differences
    assert (found.kind, found.their_minor) == ("AMOUNT_DIFFERS", 90_000)
    assert found.ours is not None and found.ours.amount_minor == 89_999


def test_the_step_counts_what_differs_for_every_merchant(
    till: Till, process: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    till.work()
    process.set_clock("2026-04-03T14:00:00+08:00")
    order = Comparison(begins=AT.date(), ends=AT.date(), at=AT)
    compared = AcquirerDaySteps(till.world).compare_all(order)
    assert (compared.sums, compared.unequal, compared.differences) == (1, 0, 0)
    noted = till.rig._select(
        "select equal from acquirer_comparison where hospital_id = %(id)s order by id desc limit 1",
        id=HOSPITAL,
    )
    assert noted == [{"equal": True}]


def test_a_hospital_whose_statement_is_not_believed_keeps_no_other_waiting(
    till: Till, process: SimulatedParty
) -> None:
    till.pay(leg("wechat", "900.00"))
    till.work()
    process.set_clock("2026-04-03T14:00:00+08:00")
    call = AcquirerCall(process.http(timeout_s=5.0), SECRET)
    both = AcquirerGateway(call, {"dongguan-tcm": "MCH441900", **MERCHANTS})
    steps = AcquirerDaySteps(replace(till.world, acquirer=both))
    begun = AT + timedelta(hours=7)
    order = Comparison(begins=AT.date(), ends=AT.date(), at=begun)
    process.script("bad_signature", match={"operation": "downloadbill"})
    with pytest.raises(ApplicationError):
        steps.compare_all(order)
    noted = "select hospital_id from acquirer_comparison where occurred_at = %(at)s order by id"
    assert till.rig._select(noted, at=begun) == [{"hospital_id": HOSPITAL}]
    assert steps.compare_all(order).sums == 2
    compared = [row["hospital_id"] for row in till.rig._select(noted, at=begun)]
    assert compared == [HOSPITAL, "dongguan-tcm"], "what was compared is not asked for again"


def test_another_hospitals_statement_tells_nothing_of_this_episode(till: Till) -> None:
    """The acquirer mixed two merchants up: no row of the other names it, no money moves."""
    till.pay(leg("wechat", "900.00"))
    till.work()
    (paid,) = till.rows.payments
    with till.world.records.transaction() as tx:
        assert tx.our_movement("dongguan-tcm", paid.reference) is None
        own = tx.our_movement(HOSPITAL, paid.reference)
    assert own is not None and own.episode_id == till.episode
