"""Pay-after-care through API, workflows, the platform and back: E10 as staff sees it."""

from __future__ import annotations

import json

import pytest

from crossclaim.stack import Stack
from crossclaim.wiring import worker_house
from tests.flows.credit_account import NAME, CreditAccount, bill_of, now
from tests.flows.hospital import Hospital, cny, tender_of, totals
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.typed import typed


@pytest.fixture
def account(dongguan: Hospital, huimin: Simulator) -> CreditAccount:
    account = CreditAccount(dongguan, huimin)
    account.ready()
    return account


def test_a_childs_account_pays_a_mothers_bill_is_split_repaid_stated_and_closed(
    account: CreditAccount, huimin: Simulator, flow_stack: Stack
) -> None:
    episode = account.mother()
    split = episode.say("bills", bill_of("980.00"))
    assert totals(split) == {
        "personal_account": "260.00",
        "pay_later": "720.00",
        "patient": "0.00",
    }
    closed = episode.closed()
    (claim,) = closed["claims"]
    assert (claim["kind"], claim["state"]) == ("pay_later", "approved")
    rows = account.owes("720.00")
    assert rows["credit"]["available"] == cny("4280.00")
    (draw,) = rows["draws"]
    account.say("instalments", {"draw": draw["draw"], "count": 3, "chosen_at": now()})
    rows = account.until(lambda rows: len(rows["draws"][0]["instalments"]) == 3, "three parts")
    assert [p["amount"] for p in rows["draws"][0]["instalments"]] == [cny("240.00")] * 3
    account.repay("240.00")
    account.owes("480.00")
    account.repay("480.00")
    account.owes("0.00")
    _stated(account, flow_stack)
    bill = {"bill_number": split["bill"]["number"], "bill_version": 1}
    episode.say("voids", {**bill, "voided_at": now(), "reason": "not done"})
    account.until(lambda rows: rows["credit"]["available"] == cny("5000.00"), "a refund")
    account.close()
    assert len(huimin.journal("charged", reference=claim["reference"])) == 1
    until(lambda: _archived(flow_stack, account.id), "the end of the account's run")


def _archived(stack: Stack, account_id: str) -> bool:
    house = worker_house(stack.settings)
    with house.database.begin() as connection:
        found = connection.execute(
            "select 1 from credit_archive where account_id = %(id)s", {"id": account_id}
        ).all()
    house.database.close()
    return bool(found)


def _stated(account: CreditAccount, stack: Stack) -> None:
    titles = set()
    for language in ("en", "zh-Hant", "zh-Hans"):
        answer = account.hospital.get(f"{account.path}/statement?language={language}")
        statement = answer.json()
        titles.add(statement["title"])
        kinds = [line["kind"] for line in statement["lines"]]
        assert sorted(kinds) == ["charge", "part", "part", "part", "repaid", "repaid"]
        assert NAME not in answer.text
    assert len(titles) == 3
    words = ["credit", "show", account.id]
    words += ["--data-dir", str(stack.home.root)]
    shown = typed(*words).stdout
    assert "CNY 720.00 is repaid in 3 instalments of CNY 240.00" in shown
    told = typed(*words, "--json").stdout
    assert [line["code"] for line in json.loads(told)["story"]][:2] == [
        "SIGN_UP_ASKED",
        "SIGNED_UP",
    ]


def test_the_same_submission_again_has_the_same_answer_and_other_content_is_told(
    dongguan: Hospital, huimin: Simulator, shenzhen: Hospital
) -> None:
    account = CreditAccount(dongguan, huimin)
    again = dongguan.post("/v1/credit-accounts", account.sign_up)
    assert again.json()["account_id"] == account.id
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == account.path
    other = account.sign_up | {"face_check": "FC-2"}
    differs = dongguan.post("/v1/credit-accounts", other)
    assert differs.status_code == 409
    assert "/face_check" in differs.text
    assert shenzhen.get(account.path).status_code == 404
    assert shenzhen.post(f"{account.path}/closing", {}).status_code == 404
    wrong = {"number": "R-1", "source": "cash", "amount": cny("-1.00")}
    refused = account.post("repayments", wrong)
    assert refused.status_code == 422
    pointers = {error["pointer"] for error in refused.json()["errors"]}
    assert pointers == {"/source", "/amount", "/requested_at"}


def test_a_credit_withdrawn_after_the_patient_has_left_falls_to_the_card_and_staff_reads_it(
    account: CreditAccount, huimin: Simulator
) -> None:
    episode = account.mother()
    huimin.fault("credit_withdrawn", operation="charge")
    episode.say("bills", bill_of("980.00"))
    rows = episode.closed()
    assert [claim["state"] for claim in rows["claims"]] == ["failed", "approved"]
    story = account.hospital.get(f"{episode.path}/story?language=en").json()["story"]
    text = " ".join(line["text"] for line in story)
    assert "failed; the bill is split on the next means of payment" in text
    assert account.rows()["credit"]["status"] == "withdrawn"


def test_a_card_that_fails_leaves_cash_that_the_patient_then_pays(
    dongguan: Hospital, huimin: Simulator
) -> None:
    account = CreditAccount(dongguan, huimin, balance_fen=0, credit={"refuse": "SCORE"})
    account.until(lambda rows: rows["waiting_for"] == "CREDIT_DECISION", "an application")
    account.say("card-codes", {"number": "S-1", "sms_code": "314159", "confirmed_at": now()})
    huimin.later(90)
    account.until(lambda rows: rows["credit"]["status"] == "refused", "the bank's refusal")
    account.until(lambda rows: rows["card_tail"], "the card")
    episode = account.mother()
    huimin.fault("card_declined", operation="charge")
    bill = bill_of("980.00")
    episode.say("bills", bill)
    episode.wait("exceptions", code="PAY_LATER_CASH_DUE")
    episode.say("tenders", tender_of(bill, "980.00", now()))
    episode.closed()


def test_confirmed_payment_waits_for_the_payer_and_a_void_gives_all_back(
    account: CreditAccount, huimin: Simulator
) -> None:
    episode = account.mother(confirmation="confirmed")
    bill = bill_of("980.00")
    episode.say("bills", bill)
    assert episode.rows()["claims"] == []
    named = {"bill_number": bill["number"], "bill_version": bill["version"]}
    episode.say("confirmations", {**named, "confirmed_at": now()})
    episode.wait("claims", kind="pay_later", state="approved")
    account.owes("720.00")
    episode.say("voids", {**named, "voided_at": now(), "reason": "not done"})
    episode.wait("claims", kind="pay_later", state="voided")
    account.owes("0.00")


def test_a_lost_answer_is_one_charge_whoever_asks_how_often(
    account: CreditAccount, huimin: Simulator
) -> None:
    episode = account.mother()
    huimin.fault("accepted_answer_lost", operation="charge")
    episode.say("bills", bill_of("980.00"))
    (claim,) = episode.closed()["claims"]
    account.owes("720.00")
    assert len(huimin.journal("charged", reference=claim["reference"])) == 1
