"""A bound card's charge goes back whole at its platform: what the cashier gave back of it already
is not given back twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from activities.pay_later import PayLaterSteps
from activities.sending import Attempt
from activities.tender_refunds import RefundSteps
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later_party import ChargeOrder, ChargeReceipt
from crossclaim.domain.submission import FunderKind, SubmissionKind
from tests.flows.hospital import cny
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.credit_rig import CreditDesk, CreditVisit, balances
from tests.steps.rig import Rig


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("huimin", tmp_path_factory.mktemp("huimin")) as party:
        yield party


@pytest.fixture
def desk(rig: Rig, platform: SimulatedParty) -> CreditDesk:
    return CreditDesk.of(rig, platform)


@pytest.fixture
def visit(desk: CreditDesk) -> CreditVisit:
    """CNY 980.00, which nothing but the bound card pays."""
    visit = desk.mother(desk.member(credit=None, rows={"balance_fen": 0}))
    assert visit.bill("980.00").status == 200
    return visit


class PaidMeanwhile(PayLaterSteps):
    """While the card is charged, the patient pays the same in cash."""

    visit: CreditVisit

    def _put(self, attempt: Attempt, asked: ChargeOrder) -> ChargeReceipt:
        (bill,) = self.visit.rows.bills
        tender = {
            "bill_number": bill.number,
            "bill_version": bill.version,
            "tendered_at": self.visit.desk.now.isoformat(),
            "legs": [{"method": "cash", "amount": cny("980.00"), "reference": "W-CASH"}],
        }
        assert self.visit.say(SubmissionKind.TENDER, tender).status == 200
        return super()._put(attempt, asked)


def paid_twice(visit: CreditVisit) -> None:
    steps = PaidMeanwhile(visit.desk.world)
    steps.visit = visit
    steps._charge(visit.subject(visit.rows.claims[0].id))
    order_refunds(visit)


def order_refunds(visit: CreditVisit) -> None:
    RefundSteps(visit.desk.world).order_refunds(visit.subject(visit.rows.bills[0].id))


def confirmed(visit: CreditVisit) -> None:
    """The cashier gives back all that he is asked for."""
    for refund in [r for r in visit.rows.refunds if r.open]:
        told = {
            "refund": refund.reference,
            "receipt": f"TK-{refund.reference}",
            "paid_back_at": visit.desk.now.isoformat(),
        }
        assert visit.say(SubmissionKind.REFUND_CONFIRMATION, told).status == 200


def by_hand(visit: CreditVisit) -> int:
    return sum(r.amount_minor for r in visit.rows.refunds if r.state == "refunded")


def test_a_charge_that_was_given_back_by_hand_is_kept_of_the_other_payment(
    visit: CreditVisit,
) -> None:
    paid_twice(visit)
    confirmed(visit)
    assert by_hand(visit) == 98_000
    assert visit.void().body["refunds"] == []
    visit.charge()
    confirmed(visit)
    assert len(visit.desk.platform.journal("refunded")) == 1
    # Paid 980.00 in cash and by card; 980.00 are back by hand, and the card has its own.
    assert by_hand(visit) == 98_000
    assert balances(visit.desk, visit.episode) == {}
    assert visit.exceptions == {}


def test_a_refund_that_nobody_has_made_yet_goes_back_with_the_charge(visit: CreditVisit) -> None:
    paid_twice(visit)
    visit.void()
    visit.charge()
    confirmed(visit)
    assert [(r.method, r.state) for r in visit.rows.refunds] == [
        ("bank_card", "refused"),
        ("cash", "refunded"),
    ]
    assert by_hand(visit) == 98_000 and balances(visit.desk, visit.episode) == {}


def test_what_is_back_twice_and_cannot_be_kept_is_told_to_a_person(visit: CreditVisit) -> None:
    visit.charge()
    lowered(visit, 30_000)
    order_refunds(visit)
    confirmed(visit)
    visit.void()
    visit.charge()
    assert visit.exceptions == {"PAY_LATER_GIVEN_BACK_TWICE": {"over": "CNY 300.00"}}


def lowered(visit: CreditVisit, by_fen: int) -> None:
    """A later split leaves the patient less."""
    (bill,), split = visit.rows.bills, visit.rows.allocations[-1].result
    totals = [
        t.model_copy(update={"amount": t.amount - fen(by_fen)})
        if t.funder is FunderKind.PATIENT
        else t
        for t in split.totals
    ]
    with visit.desk.world.records.transaction() as tx:
        tx.lock(visit.episode)
        less = split.model_copy(update={"totals": totals})
        tx.add_allocation(visit.episode, bill.id, less, "BASIC_SPLIT_CHANGED", visit.desk.now)
