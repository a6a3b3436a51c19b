"""A pay-after-care account and a relative's visit, as the hospital's desk opens and feeds them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx

from crossclaim.api.examples_credit import CREDIT_EXAMPLES
from crossclaim.domain.credit_submission import CreditSignUpSubmission
from tests.flows.hospital import Body, Episode, Hospital, cny, example, next_number, varied
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.steps.credit_rig import person

NAME = "欧阳慧敏"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class CreditAccount:
    """One holder's account at the API."""

    def __init__(
        self, hospital: Hospital, huimin: Simulator, mobile: str = "13800000000", **rows: Any
    ) -> None:
        self.hospital, self.huimin = hospital, huimin
        self.person, born = person()
        told = {"birth_date": born, "balance_fen": 26000, "credit": {"limit_fen": 500000}}
        huimin.tables(persons={self.person: told | rows})
        self.sign_up = varied(
            CREDIT_EXAMPLES[CreditSignUpSubmission],
            number=f"HM-{next_number()}",
            holder={
                "name": {"zh": NAME},
                "mobile": mobile,
                "birth_date": born,
                "document": {"type": "mainland_id", "number": self.person},
            },
        )
        answer = hospital.say("/v1/credit-accounts", self.sign_up)
        self.id = str(answer["account_id"])

    @property
    def path(self) -> str:
        return f"/v1/credit-accounts/{self.id}"

    def rows(self) -> Body:
        answer = self.hospital.get(self.path)
        assert answer.status_code == 200, answer.text
        content: Body = answer.json()
        return content

    def say(self, what: str, body: Body) -> Body:
        return self.hospital.say(f"{self.path}/{what}", body)

    def post(self, what: str, body: Body) -> httpx.Response:
        return self.hospital.post(f"{self.path}/{what}", body)

    def until(self, look: Any, what: str) -> Body:
        """Until ``look`` holds of the account's rows; these rows."""

        def find() -> Body | None:
            rows = self.rows()
            return rows if look(rows) else None

        try:
            return until(find, what)
        except AssertionError as late:
            raise AssertionError(f"{late}; rows: {self.rows()}") from None

    def ready(self) -> Body:
        """The card is bound by its code, the bank has granted the credit."""
        self.until(lambda rows: rows["waiting_for"] == "CREDIT_DECISION", "an application")
        self.say("card-codes", {"number": "S-1", "sms_code": "314159", "confirmed_at": now()})
        self.huimin.later(90)
        return self.until(
            lambda rows: rows["credit"]["status"] == "granted" and rows["card_tail"],
            "card and credit",
        )

    def repay(self, amount: str, source: str = "bank_card") -> Body:
        body = {
            "number": f"R-{next_number()}",
            "source": source,
            "amount": cny(amount),
            "requested_at": now(),
        }
        return self.say("repayments", body)

    def owes(self, amount: str) -> Body:
        return self.until(lambda rows: rows["credit"]["owed"] == cny(amount), f"{amount} owed")

    def close(self) -> None:
        self.say("closing", {"number": "L-1", "requested_at": now()})
        self.until(lambda rows: rows["status"] == "closed", "the end")

    def mother(self, **told: Any) -> Episode:
        """A parent's outpatient visit, paid by this account."""
        return self.hospital.open(self.mothers_visit(**told))

    def mothers_visit(self, **told: Any) -> Body:
        number, born = person("1961-01-10")
        payer = {
            "account": self.id,
            "relation": "parent",
            "agreement_signed_at": "2026-03-18T09:30:00+08:00",
        }
        return varied(
            example("episode-2-voucher"),
            hospital=self.hospital.name,
            visit={
                "number": f"MZ-CREDIT-{next_number()}",
                "channel": "ordinary",
                "department": "chinese-medicine",
            },
            patient={
                "name": {"zh": "陈玉兰"},
                "birth_date": born,
                "documents": [{"type": "mainland_id", "number": number}],
            },
            coverages=[
                {"funder": "pay_later", "plan": "huimin-dongguan", "pay_later": payer | told}
            ],
            consents=[],
        )


def bill_of(amount: str) -> Body:
    """One line, today."""
    bill = example("episode-2-bill-1")
    line = bill["lines"][0] | {
        "service_date": now()[:10],
        "quantity": 1,
        "unit_price": cny(amount),
        "amount": cny(amount),
    }
    return varied(
        bill,
        number=f"MZF-CREDIT-{next_number()}",
        issued_at=now(),
        service_completed_at=now(),
        lines=[line],
        total=cny(amount),
    )
