"""What fails between us and the platform: once charged for ever, and the next means takes over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from temporalio.exceptions import ApplicationError

from activities.pay_later import PayLaterSteps
from activities.sending import Attempt
from crossclaim.domain.credit_position import available, owed
from crossclaim.domain.pay_later_party import ChargeOrder, ChargeReceipt
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import cny
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.credit_rig import REGION, CreditDesk, CreditVisit, balances, person
from tests.steps.rig import Rig


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("huimin", tmp_path_factory.mktemp("huimin")) as party:
        yield party


@pytest.fixture
def desk(rig: Rig, platform: SimulatedParty) -> CreditDesk:
    return CreditDesk.of(rig, platform)


class Naive(PayLaterSteps):
    """Repeats a charge under a new reference instead of looking for the lost one."""

    def _put(self, attempt: Attempt, asked: ChargeOrder) -> ChargeReceipt:
        again = asked.model_copy(update={"reference": f"{asked.reference}-{attempt.number}"})
        receipt = self._platform().charge(again)
        return receipt.model_copy(update={"reference": asked.reference})


def charged(desk: CreditDesk, steps: type[PayLaterSteps]) -> CreditVisit:
    """A charge whose first answer is lost, and the engine's second call of the step."""
    visit = desk.mother(desk.member(rows={"balance_fen": 0}))
    visit.bill("720.00")
    desk.platform.script("accepted_answer_lost", match={"operation": "charge"})
    (claim,) = visit.rows.claims
    with pytest.raises(ApplicationError):
        steps(desk.world)._charge(visit.subject(claim.id))
    steps(desk.world)._charge(visit.subject(claim.id))
    assert visit.rows.claims[0].state == "approved"
    return visit


def test_a_lost_answer_is_one_draw(desk: CreditDesk) -> None:
    visit = charged(desk, PayLaterSteps)
    assert len(desk.platform.journal("charged")) == 1
    assert owed(visit.payer.rows) == 72000


def test_a_naive_repeat_draws_twice_and_the_statement_shows_it(desk: CreditDesk) -> None:
    visit = charged(desk, Naive)
    assert len(desk.platform.journal("charged")) == 2, "the naive twin must go wrong"
    desk.at(datetime(2026, 3, 19, 1, 0, tzinfo=REGION))
    visit.payer.work()
    assert visit.payer.exceptions >= {"OWED_DIFFERS", "CHARGE_UNKNOWN"}


def test_a_platform_that_charges_twice_is_found_out_by_its_own_statement(
    desk: CreditDesk,
) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    desk.platform.script("charges_twice", match={"operation": "charge"})
    desk.mother(payer).paid("720.00")
    desk.at(datetime(2026, 3, 19, 1, 0, tzinfo=REGION))
    payer.work()
    assert payer.exceptions == {"CHARGED_TWICE", "OWED_DIFFERS"}
    assert owed(payer.rows) == 72000, "our figures stay as they are"


@pytest.mark.parametrize("fault", ["wrong_amount", "other_person"])
def test_an_answer_about_other_money_or_another_person_changes_nothing_until_it_is_right(
    desk: CreditDesk, fault: str
) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    visit = desk.mother(payer)
    visit.bill("720.00")
    desk.platform.script(fault, match={"operation": "charge"})
    with pytest.raises(ApplicationError) as raised:
        visit.charge()
    assert raised.value.type == "ANSWER_DIFFERS"
    assert owed(payer.rows) == 0
    assert list(visit.exceptions) == ["PAY_LATER_ANSWER_DIFFERS"]
    assert visit.rows.claims[0].state == "submitted"
    visit.charge()
    assert (owed(payer.rows), visit.exceptions) == (72000, {})


@pytest.mark.parametrize("fault", ["down", "error_500", "slow"])
def test_a_platform_that_is_down_slow_or_broken_is_tried_again_and_charged_once(
    desk: CreditDesk, fault: str
) -> None:
    visit = desk.mother(desk.member(rows={"balance_fen": 0}))
    visit.bill("720.00")
    desk.platform.script(fault, match={"operation": "charge"}, delay_s=0.1)
    if fault == "slow":
        visit.charge()
    else:
        with pytest.raises(ApplicationError):
            visit.charge()
        visit.charge()
    assert len(desk.platform.journal("charged")) == 1


def test_a_zombie_attempt_that_ends_late_changes_nothing(desk: CreditDesk) -> None:
    visit = desk.mother(desk.member(rows={"balance_fen": 0}))
    visit.bill("720.00")
    (claim,) = visit.rows.claims
    twin = PayLaterSteps(desk.world)

    class Late(PayLaterSteps):
        """While its call is out, the same step runs and commits elsewhere."""

        def _put(self, attempt: Attempt, asked: ChargeOrder) -> ChargeReceipt:
            receipt = super()._put(attempt, asked)
            twin._charge(visit.subject(claim.id))
            return receipt

    Late(desk.world)._charge(visit.subject(claim.id))
    assert len(visit.payer.rows.charges) == 1
    assert sorted(balances(desk, visit.episode).values()) == [-72000, 72000]


def _fails(desk: CreditDesk, fault: str) -> CreditVisit:
    visit = desk.mother(desk.member(rows={"balance_fen": 26000}))
    visit.bill("980.00")
    desk.platform.script(fault, match={"operation": "charge"})
    visit.charge()
    return visit


def test_a_credit_withdrawn_after_the_patient_has_left_falls_to_the_bound_card(
    desk: CreditDesk,
) -> None:
    visit = _fails(desk, "credit_withdrawn")
    assert visit.totals == {"personal_account": "260.00", "patient": "720.00"}
    states = [(claim.state, claim.forecast_minor) for claim in visit.rows.claims]
    assert states == [("failed", 98000), ("approved", 98000)]
    assert visit.rows.tendered(visit.rows.bills[-1].id) == 72000
    assert visit.exceptions == {}
    told = visit.payer.rows.account
    assert (told.credit_state, available(visit.payer.rows)) == ("withdrawn", 0)


def test_without_a_card_a_person_hears_what_the_patient_owes_in_cash(desk: CreditDesk) -> None:
    payer = desk.member(card_number=None, rows={"balance_fen": 26000})
    visit = desk.mother(payer)
    visit.bill("980.00")
    desk.platform.script("credit_withdrawn", match={"operation": "charge"})
    visit.charge()
    assert visit.totals == {"personal_account": "260.00", "patient": "720.00"}
    assert [claim.state for claim in visit.rows.claims] == ["failed", "approved"]
    assert balances(desk, visit.episode)["funder:patient:due"] == 72000
    told = visit.exceptions["PAY_LATER_CASH_DUE"]
    assert told == {"code": "CREDIT_WITHDRAWN", "due": "CNY 720.00"}
    bill = visit.rows.bills[-1]
    tender = {
        "bill_number": bill.number,
        "bill_version": bill.version,
        "tendered_at": desk.now.isoformat(),
        "legs": [{"method": "cash", "amount": cny("720.00"), "reference": "K-1"}],
    }
    assert visit.say(SubmissionKind.TENDER, tender).status == 200
    assert visit.exceptions == {}


def test_a_card_that_fails_after_the_patient_has_left_leaves_cash_to_be_asked_for(
    desk: CreditDesk,
) -> None:
    payer = desk.member(credit=None, rows={"balance_fen": 0})
    visit = desk.mother(payer)
    visit.bill("980.00")
    desk.platform.script("card_declined", match={"operation": "charge"}, times=-1)
    visit.charge()
    assert visit.exceptions == {
        "PAY_LATER_CASH_DUE": {"code": "CARD_DECLINED", "due": "CNY 980.00"}
    }
    assert [claim.state for claim in visit.rows.claims] == ["failed"]


def test_a_balance_spent_meanwhile_is_split_anew_by_what_the_platform_says(
    desk: CreditDesk,
) -> None:
    payer = desk.member()
    visit = desk.mother(payer)
    visit.bill("980.00")
    desk.platform.set_tables({"persons": {payer.person: {"balance_fen": 1000}}})
    visit.charge()
    assert visit.totals == {
        "personal_account": "10.00",
        "pay_later": "970.00",
        "patient": "0.00",
    }
    assert owed(payer.rows) == 97000


def test_a_voided_bill_gives_everything_back_and_what_was_repaid_too(desk: CreditDesk) -> None:
    payer = desk.member()
    visit = desk.mother(payer)
    visit.paid("980.00")
    payer.repay("100.00")
    desk.at(datetime(2026, 3, 19, 1, 0, tzinfo=REGION))
    payer.work()
    assert visit.void().status == 200
    visit.charge()
    assert [claim.state for claim in visit.rows.claims] == ["voided"]
    assert (owed(payer.rows), available(payer.rows)) == (0, 500000)
    assert balances(desk, visit.episode) == {}
    assert payer.codes[-2:] == ["REFUNDED", "GIVEN_BACK"]
    account = desk.platform.journal("given_back")
    assert [entry["amount"] for entry in account] == [10000]
    second = desk.mother(payer)
    second.paid("300.00")
    desk.at(datetime(2026, 3, 20, 1, 0, tzinfo=REGION))
    payer.work()
    assert payer.exceptions == set(), "the platform's books are ours"


def test_a_charge_whose_bill_is_voided_meanwhile_is_refunded(desk: CreditDesk) -> None:
    payer = desk.member()
    visit = desk.mother(payer)
    visit.bill("980.00")
    (claim,) = visit.rows.claims

    class Crossed(PayLaterSteps):
        def _put(self, attempt: Attempt, asked: ChargeOrder) -> ChargeReceipt:
            visit.void()
            return super()._put(attempt, asked)

    Crossed(desk.world)._charge(visit.subject(claim.id))
    visit.charge()
    assert visit.rows.claims[0].state == "voided"
    assert (owed(payer.rows), balances(desk, visit.episode)) == (0, {})
    assert len(desk.platform.journal("refunded")) == 1


def test_confirmed_payment_waits_until_somebody_chooses_to_pay(desk: CreditDesk) -> None:
    payer = desk.member()
    number, born = person("1961-01-10")
    visit = desk.visit(payer, number, born, "parent", told={"confirmation": "confirmed"})
    answer = visit.bill("980.00")
    assert answer.split.of(answer.split.totals[0].funder).amount_minor == 26000
    visit.charge()
    assert visit.rows.claims == []
    bill = visit.rows.bills[-1]
    confirmed = {
        "bill_number": bill.number,
        "bill_version": bill.version,
        "confirmed_at": desk.now.isoformat(),
    }
    for _ in range(2):
        assert visit.say(SubmissionKind.PAY_LATER_CONFIRMATION, confirmed).status == 200
    visit.charge()
    assert [claim.state for claim in visit.rows.claims] == ["approved"]
    assert len(desk.platform.journal("charged")) == 1


@pytest.mark.parametrize(
    ("relation", "code"), [(None, "NOT_THE_HOLDER"), ("parent", "ACCOUNT_UNKNOWN")]
)
def test_nobody_pays_from_an_account_that_is_not_his_or_not_the_hospitals(
    desk: CreditDesk, relation: str | None, code: str
) -> None:
    payer = desk.member()
    if relation is not None:
        payer = replace(payer, id="ca_01JQ4XM3V8ZK6T2Y5W7N9R1B0D")
    number, born = person("1961-01-10")
    visit = desk.visit(payer, number, born, relation)
    assert visit.exceptions == {"PAY_LATER_NO_PAYER": {"code": code}}
    visit.bill("980.00")
    visit.charge()
    assert (visit.totals, visit.rows.claims) == ({"patient": "980.00"}, [])


def test_a_lost_answer_to_each_order_of_the_account_is_one_order(desk: CreditDesk) -> None:
    account = desk.account()
    for operation in ("sign-up", "card", "application"):
        desk.platform.script("accepted_answer_lost", match={"operation": operation})
        with pytest.raises(ApplicationError):
            account.work()
        assert account.standing.order_due is not None
        account.step()
    for kind in ("signed_up", "sms_sent", "credit_asked"):
        assert len(desk.platform.journal(kind)) == 1, kind


def test_a_lost_answer_to_a_repayment_is_one_repayment(desk: CreditDesk) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    desk.mother(payer).paid("720.00")
    desk.platform.script("accepted_answer_lost", match={"operation": "repayment"})
    with pytest.raises(ApplicationError):
        payer.repay("100.00")
    assert payer.repay("620.01").codes == ["REPAYMENT_ABOVE_OWED"], "100.00 may be on its way"
    payer.work()
    assert owed(payer.rows) == 62000
    assert len(desk.platform.journal("repaid")) == 1
