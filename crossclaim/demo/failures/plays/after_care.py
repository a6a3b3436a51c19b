"""What fails with Huimin pay-after-care, mostly when the patient has left."""

from __future__ import annotations

from typing import Any

from crossclaim.demo.failures.content import DONGGUAN, cny, line_of, now, tender_of
from crossclaim.demo.failures.stage import Body, Stage, varied
from crossclaim.demo.play import part_of

HUIMIN, ACCOUNTS = "huimin", "/v1/credit-accounts"
DONGGUAN_AREA = "441900"


class _Account:
    """A daughter's account, and her mother's visit that it pays."""

    def __init__(self, stage: Stage, **row: Any) -> None:
        self._stage = stage
        number, born = stage.numbers.citizen(DONGGUAN_AREA)
        credit = {"limit_fen": 500000, "review_s": 0.2}
        told = {"birth_date": born, "balance_fen": 26000, "credit": credit}
        stage.controls.tables(HUIMIN, {"persons": {number: {**told, **row}}})
        self._sign_up(number, born)

    def _sign_up(self, number: str, born: str) -> None:
        stage = self._stage
        content = part_of(stage.examples, "e10-pay-after-care.json#account")
        document = {"type": "mainland_id", "number": number}
        holder = {**content["holder"], "birth_date": born, "document": document}
        asked = varied(content, number=f"HM-{stage.numbers.text}", holder=holder)
        self.id = str(stage.ask(DONGGUAN, ACCOUNTS, asked)["account_id"])
        self.path = f"{ACCOUNTS}/{self.id}"

    def mother(self, status: str = "granted") -> None:
        """The card is bound, the bank has decided on the credit, the visit is opened."""
        stage, path = self._stage, self.path
        stage.wait_at(DONGGUAN, path, "an application", _asked)
        code = {"number": "S-1", "sms_code": "314159", "confirmed_at": now()}
        stage.ask(DONGGUAN, f"{path}/card-codes", code)
        stage.wait_at(DONGGUAN, path, "card and credit", lambda rows: _ready(rows, status))
        number, born = stage.numbers.citizen(DONGGUAN_AREA, offset=1)
        episode = part_of(stage.examples, "e10-pay-after-care.json#episode")
        claimed = next(one for one in episode["coverages"] if one["funder"] == "pay_later")
        payer = {**claimed["pay_later"], "account": self.id}
        coverage = {**claimed, "pay_later": payer}
        document = {"type": "mainland_id", "number": number}
        patient = {"birth_date": born, "documents": [document]}
        visit = {"number": f"MZ-{stage.numbers.text}"}
        content = varied(episode, visit=visit, patient=patient, coverages=[coverage])
        stage.open(DONGGUAN, content)

    def bill(self, amount: str) -> Body:
        line = line_of(1, "drug", "DRUG", amount, now()[:10])
        bill = part_of(self._stage.examples, "e10-pay-after-care.json#bill")
        times = {"issued_at": now(), "service_completed_at": now()}
        number = f"MZF-{self._stage.numbers.text}"
        return varied(bill, number=number, lines=[line], total=cny(amount), **times)


def _asked(rows: Body) -> bool:
    decided = rows["credit"]["status"] in ("granted", "refused")
    return bool(rows["waiting_for"] == "CREDIT_DECISION" or decided)


def _ready(rows: Body, status: str) -> bool:
    return bool(rows["credit"]["status"] == status and rows["card_tail"])


def _charge(stage: Stage, account: _Account, fault: str, amount: str) -> Body:
    """The platform finds the charge by its amount, which no other failure has."""
    stage.spoil(HUIMIN, fault, {"operation": "charge", "amount": amount})
    bill = account.bill(amount)
    stage.say("bills", bill)
    return bill


def credit_withdrawn(stage: Stage) -> None:
    account = _Account(stage)
    account.mother()
    _charge(stage, account, "credit_withdrawn", "981.00")


def card_declined(stage: Stage) -> None:
    account = _Account(stage, balance_fen=0, credit={"refuse": "SCORE", "review_s": 0.2})
    account.mother("refused")
    bill = _charge(stage, account, "card_declined", "982.00")
    stage.failing()
    stage.say("tenders", tender_of(stage, bill, "982.00", now()))


def answer_lost(stage: Stage) -> None:
    account = _Account(stage)
    account.mother()
    _charge(stage, account, "accepted_answer_lost", "983.00")


def other_amount(stage: Stage) -> None:
    account = _Account(stage)
    account.mother()
    _charge(stage, account, "wrong_amount", "984.00")
