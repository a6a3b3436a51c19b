"""E10 row by row: sign-up, credit, draw, instalments and repayment by the steps of the account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from crossclaim.domain.credit_position import available, draws, owed
from crossclaim.domain.submission import SubmissionKind
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.credit_rig import (
    DRAWN,
    REGION,
    CreditDesk,
    balances,
    person,
)
from tests.steps.rig import Rig


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("huimin", tmp_path_factory.mktemp("huimin")) as party:
        yield party


@pytest.fixture
def desk(rig: Rig, platform: SimulatedParty) -> CreditDesk:
    return CreditDesk.of(rig, platform)


def test_sign_up_card_and_credit_go_to_the_platform_once_each_and_are_granted(
    desk: CreditDesk,
) -> None:
    account = desk.member()
    told = account.rows.account
    assert (told.state, told.card_tail, told.credit_state) == ("open", "6621", "granted")
    assert (told.limit_minor, available(account.rows)) == (500000, 500000)
    assert account.codes == [
        "SIGN_UP_ASKED",
        "SIGNED_UP",
        "CARD_CODE_SENT",
        "CREDIT_ASKED",
        "CARD_BOUND",
        "CREDIT_GRANTED",
    ]
    for kind in ("signed_up", "sms_sent", "card_bound", "credit_asked"):
        assert len(desk.platform.journal(kind)) == 1, kind


def test_a_childs_account_and_credit_pay_the_mothers_bill_and_4280_stay_available(
    desk: CreditDesk,
) -> None:
    payer = desk.member()
    visit = desk.mother(payer)
    answer = visit.bill("980.00")
    assert answer.status == 200, answer.body
    assert visit.totals == {
        "personal_account": "260.00",
        "pay_later": "720.00",
        "patient": "0.00",
    }
    visit.charge()
    (claim,) = visit.rows.claims
    assert (claim.kind, claim.state, claim.benefit_minor) == ("pay_later", "approved", 98000)
    assert (owed(payer.rows), available(payer.rows)) == (72000, 428000)
    (draw,) = draws(payer.rows)
    assert [str(part.due_on) for part in draw.instalments] == ["2026-05-01"]


def test_the_hospital_is_owed_by_the_platform_until_it_is_paid_the_next_day(
    desk: CreditDesk,
) -> None:
    payer = desk.member()
    visit = desk.mother(payer)
    visit.paid("980.00")
    receivable = "hospital:dongguan-tcm:pay_later_receivable"
    assert balances(desk, visit.episode) == {receivable: 98000, "pay_later:committed": -98000}
    desk.at(datetime(2026, 3, 19, 1, 0, tzinfo=REGION))
    payer.work()
    assert balances(desk, visit.episode) == {}
    assert "SETTLED" in payer.codes
    assert payer.exceptions == set()


@pytest.mark.parametrize(
    ("amount", "count", "parts"),
    [
        ("720.00", 3, [24000] * 3),
        ("725.00", 6, [12083] * 5 + [12085]),
        ("1000.00", 12, [8333] * 11 + [8337]),
    ],
)
def test_a_draw_in_parts_is_rounded_down_and_the_last_takes_the_rest(
    desk: CreditDesk, amount: str, count: int, parts: list[int]
) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    reference = desk.mother(payer).paid(amount)
    assert payer.choose(reference, count).status == 202
    (draw,) = draws(payer.rows)
    assert [part.amount_minor for part in draw.instalments] == parts
    assert str(draw.instalments[0].due_on) == "2026-05-01"
    assert payer.choose(reference, 3).codes == ["INSTALMENTS_CHOSEN"]
    assert draws(payer.rows)[0].instalments == draw.instalments


@pytest.mark.parametrize(("count", "code"), [(2, "CREDIT_INSTALMENTS"), (4, "CREDIT_INSTALMENTS")])
def test_other_numbers_of_parts_are_not_offered(desk: CreditDesk, count: int, code: str) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    reference = desk.mother(payer).paid("720.00")
    assert payer.choose(reference, count).codes == [code]


@pytest.mark.parametrize(
    ("day", "due"), [((2026, 6, 1), "2026-07-01"), ((2026, 6, 2), "2026-08-01")]
)
def test_the_grace_of_a_draw_ends_30_to_60_days_later(
    desk: CreditDesk, day: tuple[int, int, int], due: str
) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    desk.at(datetime(*day, 10, 0, tzinfo=REGION))
    desk.mother(payer).paid("720.00")
    assert str(draws(payer.rows)[0].instalments[0].due_on) == due


@pytest.mark.parametrize("born", ["1959-12-31", "2009-06-30"])
def test_who_is_66_or_17_gets_no_credit_and_binds_a_card_all_the_same(
    desk: CreditDesk, born: str
) -> None:
    account = desk.member(person=person(born))
    assert account.opened is not None
    assert account.opened.status == 201
    (refused,) = account.opened.body["credit"]["errors"]
    assert refused["code"] == "CREDIT_AGE"
    told = account.rows.account
    assert (told.state, told.credit_state, told.card_tail) == ("open", "refused", "6621")
    assert desk.platform.journal("credit_asked") == []


@pytest.mark.parametrize("asked", ["12000.00", "2000.00"])
def test_a_credit_outside_3000_to_10000_is_refused_before_the_bank_is_asked(
    desk: CreditDesk, asked: str
) -> None:
    account = desk.member(credit={"amount": {"amount": asked, "currency": "CNY"}})
    assert account.rows.account.code == "CREDIT_AMOUNT"
    body = {
        "number": "A-2",
        "credit": {"amount": {"amount": asked, "currency": "CNY"}},
        "applied_at": desk.now.isoformat(),
    }
    assert account.say(SubmissionKind.CREDIT_APPLICATION, body).codes == ["CREDIT_AMOUNT"]


def test_a_suspended_insurance_gets_no_credit_and_pays_no_bill(desk: CreditDesk) -> None:
    account = desk.member(rows={"insured_status": "SUSPENDED"})
    assert account.rows.account.code == "INSURED_STATUS"
    assert desk.mother(account).bill("980.00").codes == ["INSURED_STATUS"]


@pytest.mark.parametrize("relation", ["sibling", "maternal_grandparent"])
def test_family_pay_serves_spouse_parents_and_children_only(
    desk: CreditDesk, relation: str
) -> None:
    payer = desk.member()
    assert desk.mother(payer, relation).bill("980.00").codes == ["FAMILY_PAY_RELATION"]


def test_family_pay_needs_its_agreement(desk: CreditDesk) -> None:
    payer = desk.member()
    number, born = person("1961-01-10")
    visit = desk.visit(payer, number, born, "parent", told={"agreement_signed_at": None})
    assert visit.bill("980.00").codes == ["FAMILY_PAY_AGREEMENT_MISSING"]


def test_a_bill_beyond_the_credit_falls_to_the_bound_card_and_else_to_cash(
    desk: CreditDesk,
) -> None:
    with_card = desk.member()
    desk.mother(with_card).paid("980.00")
    visit = desk.mother(with_card)
    visit.paid("4300.00")
    assert visit.totals == {"patient": "4300.00"}
    assert visit.rows.tendered(visit.rows.bills[-1].id) == 430000
    (claim,) = visit.rows.claims
    assert (claim.state, owed(with_card.rows)) == ("approved", 72000)
    without = desk.member(card_number=None, rows={"balance_fen": 0})
    visit = desk.mother(without)
    visit.bill("5000.01")
    visit.charge()
    assert (visit.rows.claims, visit.totals) == ([], {"patient": "5000.01"})


def test_early_repayment_from_account_or_card_gives_the_credit_back(desk: CreditDesk) -> None:
    payer = desk.member(rows={"balance_fen": 30000})
    desk.mother(payer).paid("720.00")
    assert owed(payer.rows) == 42000
    desk.platform.set_tables({"persons": {payer.person: {"balance_fen": 15000}}})
    assert payer.repay("150.00", "personal_account").status == 202
    assert payer.repay("270.00").status == 202
    assert (owed(payer.rows), available(payer.rows)) == (0, 500000)
    assert payer.repay("0.01").codes == ["REPAYMENT_ABOVE_OWED"]


def test_a_repayment_that_fails_is_told_and_changes_nothing(desk: CreditDesk) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    desk.mother(payer).paid("720.00")
    desk.platform.script("card_declined", match={"operation": "repayment"})
    payer.repay("720.00")
    assert (owed(payer.rows), payer.exceptions) == (72000, {"REPAYMENT_REFUSED"})
    payer.repay("720.00")
    assert (owed(payer.rows), payer.exceptions) == (0, set())


def test_what_is_due_is_reminded_of_then_overdue_then_cleared(desk: CreditDesk) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    reference = desk.mother(payer).paid("720.00")
    payer.choose(reference, 3)
    payer.work()
    desk.at(datetime(2026, 4, 28, 9, 0, tzinfo=REGION))
    payer.work()
    assert payer.codes.count("DUE_SOON") == 1
    desk.at(datetime(2026, 5, 1, 23, 59, tzinfo=REGION))
    payer.work()
    assert "OVERDUE" not in payer.codes, "what is paid on the due day is in time"
    desk.at(datetime(2026, 5, 2, 0, 0, tzinfo=REGION))
    payer.work()
    assert payer.exceptions == {"REPAYMENT_OVERDUE"}
    visit = desk.mother(payer)
    visit.bill("100.00")
    assert visit.totals == {"patient": "100.00"}, "nothing is drawn while a part is overdue"
    payer.repay("240.00")
    assert payer.exceptions == set()
    assert payer.codes[-1] == "OVERDUE_CLEARED"
    desk.at(datetime(2026, 5, 29, 9, 0, tzinfo=REGION))
    payer.work()
    assert payer.codes[-1] == "DUE_SOON"


def test_an_account_is_closed_once_nothing_is_owed(desk: CreditDesk) -> None:
    payer = desk.member(rows={"balance_fen": 0})
    desk.mother(payer).paid("720.00")
    desk.at(datetime(2026, 3, 19, 1, 0, tzinfo=REGION))
    payer.work()
    closing = {"number": "L-1", "requested_at": desk.now.isoformat()}
    assert payer.say(SubmissionKind.CREDIT_CLOSING, closing).codes == ["CREDIT_STILL_OWED"]
    payer.repay("720.00")
    assert payer.say(SubmissionKind.CREDIT_CLOSING, closing).status == 202
    payer.work()
    assert payer.rows.account.state == "closed"
    assert payer.standing.closed
    assert payer.repay("1.00").codes[0] == "CREDIT_ACCOUNT_NOT_OPEN"


def test_a_face_that_differs_ends_the_sign_up_and_what_hung_on_it(desk: CreditDesk) -> None:
    account = desk.account(rows={"face": "differs"})
    account.work()
    told = account.rows
    assert (told.account.state, told.account.code) == ("refused", "FACE_CHECK_FAILED")
    assert {order.state for order in told.orders} == {"refused"}
    assert account.standing.closed


def test_a_wrong_code_of_the_text_message_can_be_put_right(desk: CreditDesk) -> None:
    account = desk.account()
    account.work()
    wrong = {"number": "S-1", "sms_code": "000000", "confirmed_at": DRAWN.isoformat()}
    account.say(SubmissionKind.CREDIT_CARD_CODE, wrong)
    account.work()
    assert account.rows.account.card_tail == ""
    right = wrong | {"number": "S-2", "sms_code": "314159"}
    account.say(SubmissionKind.CREDIT_CARD_CODE, right)
    account.work()
    assert account.rows.account.card_tail == "6621"
    again = account.say(SubmissionKind.CREDIT_CARD_CODE, right | {"number": "S-3"})
    assert again.codes == ["CARD_NOT_BEGUN"]
