"""The 惠民就医 simulator over its wire: what it decides, remembers and spoils."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.simulators.party_process import PartyProcess, eventually, running

NOW = "2026-03-18T09:00:00+08:00"
CARD = "6222020000000006621"
LI = {
    "name": "李四",
    "id_number": "441900199003070016",
    "birth_date": "1990-03-07",
    "mobile": "13800000000",
}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartyProcess]:
    with running("huimin", tmp_path_factory.mktemp("huimin")) as process:
        yield process


@pytest.fixture
def huimin(process: PartyProcess) -> PartyProcess:
    process.reset()
    process.set_clock(NOW)
    return process


def post(huimin: PartyProcess, path: str, body: Any) -> httpx.Response:
    return huimin.client.post(f"/hmjy/v1{path}", json=body, headers={"Idempotency-Key": "k"})


def told(huimin: PartyProcess, path: str) -> Any:
    return huimin.client.get(f"/hmjy/v1{path}").json()


def cny(text: str) -> dict[str, str]:
    return {"amount": text, "currency": "CNY"}


def sign_up(huimin: PartyProcess, reference: str = "s-1", **holder: Any) -> httpx.Response:
    body = {
        "reference": reference,
        "channel": "official_account",
        "holder": LI | holder,
        "authorised_at": NOW,
        "details_confirmed_at": NOW,
        "face_check": "f-1",
    }
    return post(huimin, "/accounts", body)


def member(huimin: PartyProcess, **holder: Any) -> str:
    """An account with a bound card and, if the person may have it, the credit."""
    number: str = sign_up(huimin, **holder).json()["account_number"]
    post(huimin, f"/accounts/{number}/cards", {"reference": "k-1", "card_number": CARD})
    confirmation = {"reference": "k-2", "card_reference": "k-1", "sms_code": "314159"}
    assert post(huimin, f"/accounts/{number}/cards/confirmation", confirmation).status_code == 200
    asked = {"reference": "a-1", "asked": cny("8000.00"), "id_photo": False}
    assert post(huimin, f"/accounts/{number}/credit-applications", asked).status_code == 202
    huimin.set_clock("2026-03-18T09:01:01+08:00")
    path = f"/accounts/{number}/credit-applications?reference=a-1"
    eventually(lambda: told(huimin, path)["status"] != "in_review")
    return number


def charge(number: str, reference: str = "c-1", **parts: str) -> dict[str, Any]:
    tenders = parts or {"personal_account": "260.00", "credit": "720.00"}
    fen = sum(int(text.replace(".", "")) for text in tenders.values())
    return {
        "reference": reference,
        "account_number": number,
        "hospital": "dongguan-tcm",
        "bill_number": "B-1",
        "service_day": "2026-03-18",
        "relation": "parent",
        "amount": cny(f"{fen // 100}.{fen % 100:02d}"),
        "tenders": [{"tender": name, "amount": cny(text)} for name, text in tenders.items()],
    }


def test_account_then_credit_pay_a_mothers_bill_and_4280_stay_available(
    huimin: PartyProcess,
) -> None:
    number = member(huimin)
    answer = post(huimin, "/charges", charge(number))
    assert answer.status_code == 201, answer.text
    assert answer.json()["account_balance"] == cny("0.00")
    assert answer.json()["credit_available"] == cny("4280.00")


def test_the_decision_comes_a_minute_later_and_by_the_banks_table_not_by_what_was_asked(
    huimin: PartyProcess,
) -> None:
    number = member(huimin)
    assert told(huimin, f"/accounts/{number}")["credit"] == {
        "status": "granted",
        "limit": cny("5000.00"),
        "available": cny("5000.00"),
    }


@pytest.mark.parametrize(
    ("id_number", "born"),
    [("441900196001150043", "1960-01-15"), ("44190020090630005X", "2009-06-30")],
)
def test_who_is_too_old_or_too_young_gets_no_credit_and_may_bind_a_card(
    huimin: PartyProcess, id_number: str, born: str
) -> None:
    number = member(huimin, id_number=id_number, birth_date=born)
    account = told(huimin, f"/accounts/{number}")
    assert (account["credit"]["status"], account["card_tail"]) == ("refused", "6621")


def test_the_same_charge_again_is_answered_the_same_and_taken_once(huimin: PartyProcess) -> None:
    number = member(huimin)
    first, second = (post(huimin, "/charges", charge(number)) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    other = post(huimin, "/charges", charge(number, personal_account="1.00"))
    assert other.json()["code"] == "REFERENCE_REUSED"
    assert len(huimin.journal("charged")) == 1


def test_a_charge_is_all_or_nothing(huimin: PartyProcess) -> None:
    number = member(huimin)
    refused = post(huimin, "/charges", charge(number, personal_account="260.00", credit="5000.01"))
    assert refused.json()["code"] == "CREDIT_INSUFFICIENT"
    assert refused.json()["available"] == cny("5000.00")
    assert told(huimin, f"/accounts/{number}")["account_balance"] == cny("260.00")


@pytest.mark.parametrize(
    ("holder", "code"),
    [
        ({"id_number": "441900197909090073", "birth_date": "1979-09-09"}, "FACE_CHECK_FAILED"),
        ({"id_number": "441900197909090074"}, "PERSON_UNKNOWN"),
    ],
)
def test_a_sign_up_is_refused_for_its_reason(
    huimin: PartyProcess, holder: dict[str, str], code: str
) -> None:
    assert sign_up(huimin, **holder).json()["code"] == code


def test_instalments_are_rounded_down_and_the_last_takes_the_rest(huimin: PartyProcess) -> None:
    number = member(huimin)
    body = charge(number, credit="725.00")
    transaction = post(huimin, "/charges", body).json()["transaction_number"]
    chosen = {"reference": "i-1", "count": 6}
    answer = post(huimin, f"/charges/{transaction}/instalments", chosen).json()
    amounts = [one["amount"]["amount"] for one in answer["instalments"]]
    assert amounts == ["120.83"] * 5 + ["120.85"]
    assert answer["instalments"][0]["due_on"] == "2026-05-01"


def test_what_was_repaid_of_a_refunded_draw_goes_back(huimin: PartyProcess) -> None:
    number = member(huimin)
    transaction = post(huimin, "/charges", charge(number)).json()["transaction_number"]
    repayment = {
        "reference": "r-1",
        "account_number": number,
        "source": "bank_card",
        "amount": cny("100.00"),
    }
    assert post(huimin, "/repayments", repayment).json()["credit_available"] == cny("4380.00")
    undo = {"reference": "u-1", "reason": "void", "repaid": cny("100.00")}
    for _ in range(2):
        assert post(huimin, f"/charges/{transaction}/refund", undo).json()["status"] == "refunded"
    statement = told(huimin, f"/accounts/{number}/statement")
    assert (statement["credit_owed"], statement["repaid"]) == (cny("0.00"), cny("0.00"))
    assert told(huimin, f"/accounts/{number}")["account_balance"] == cny("260.00")


def test_a_lost_answer_is_a_charge_that_can_be_found(huimin: PartyProcess) -> None:
    number = member(huimin)
    huimin.set_faults({"match": {"operation": "charge"}, "fault": "accepted_answer_lost"})
    with pytest.raises(httpx.RemoteProtocolError):
        post(huimin, "/charges", charge(number))
    assert told(huimin, "/charges?reference=c-1")["status"] == "charged"


def test_it_can_charge_twice_and_its_statement_shows_both(huimin: PartyProcess) -> None:
    number = member(huimin)
    huimin.set_faults({"match": {"operation": "charge"}, "fault": "charges_twice"})
    post(huimin, "/charges", charge(number, credit="720.00"))
    statement = told(huimin, f"/accounts/{number}/statement")
    assert [one["credit"] for one in statement["charges"]] == [cny("720.00")] * 2
    assert statement["credit_owed"] == cny("1440.00")


def test_the_card_and_the_credit_can_fail_after_the_patient_has_left(huimin: PartyProcess) -> None:
    number = member(huimin)
    huimin.set_faults(
        {"match": {"reference": "c-1"}, "fault": "card_declined"},
        {"match": {"reference": "c-2"}, "fault": "credit_withdrawn"},
    )
    declined = post(huimin, "/charges", charge(number, bank_card="10.00"))
    withdrawn = post(huimin, "/charges", charge(number, "c-2", credit="10.00"))
    assert (declined.json()["code"], withdrawn.json()["code"]) == (
        "CARD_DECLINED",
        "CREDIT_WITHDRAWN",
    )
    assert told(huimin, f"/accounts/{number}")["credit"]["status"] == "withdrawn"


def test_the_hospital_is_paid_on_the_next_day(huimin: PartyProcess) -> None:
    number = member(huimin)
    assert post(huimin, "/charges", charge(number)).json()["settled_on"] is None
    huimin.set_clock("2026-03-19T00:00:01+08:00")
    assert told(huimin, "/charges?reference=c-1")["settled_on"] == "2026-03-19"


def test_a_killed_party_remembers_accounts_charges_and_the_pending_review(
    huimin: PartyProcess,
) -> None:
    number = sign_up(huimin).json()["account_number"]
    asked = {"reference": "a-9", "asked": cny("5000.00"), "id_photo": True}
    post(huimin, f"/accounts/{number}/credit-applications", asked)
    huimin.restart_after_kill()
    huimin.set_clock("2026-03-18T09:02:00+08:00")
    path = f"/accounts/{number}/credit-applications?reference=a-9"
    eventually(lambda: told(huimin, path)["status"] == "granted")
