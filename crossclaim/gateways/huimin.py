"""惠民就医, the pay-after-care platform of Dongguan, over ``docs/wire/huimin.md``.

An answer about another reference, account or amount than ours tells nothing about ours: its code is
``ANSWER_DIFFERS``, and the outcome of what was asked stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crossclaim.domain.errors import OutcomeUnknown
from crossclaim.domain.money import Money, fen
from crossclaim.domain.pay_later_party import (
    CardBinding,
    ChargeOrder,
    ChargeReceipt,
    CreditDecision,
    InstalmentsAnswer,
    PlatformAccount,
    PlatformStatement,
    RefundOrder,
    RepaymentOrder,
    RepaymentReceipt,
    SignUpOrder,
    StatedCharge,
)
from crossclaim.gateways.http import PartyAnswer, PartyHttp, Refusal, none_if_absent
from crossclaim.gateways.huimin_answers import (
    AccountTold,
    ApplicationTold,
    CardTold,
    ChargeTold,
    InstalmentsTold,
    RepaymentTold,
    StatementTold,
)

_BASE = "/hmjy/v1"
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")


def read_refusal(body: Any) -> Refusal:
    """The code of a refusal, with the amount that one for its sake names."""
    if not isinstance(body, dict) or not isinstance(body.get("code"), str):
        return Refusal("")
    told = {name: _amount_of(body.get(name)) for name in ("available", "owed")}
    return Refusal(body["code"], {name: text for name, text in told.items() if text})


def _amount_of(value: object) -> str:
    amount = value.get("amount") if isinstance(value, dict) else None
    return amount if isinstance(amount, str) and _AMOUNT.fullmatch(amount) else ""


class HuiminGateway:
    """``activities.pay_later_port.PayLaterPlatform`` over HTTP; its ``http`` reads refusals."""

    def __init__(self, http: PartyHttp) -> None:
        self._http = http

    def sign_up(self, order: SignUpOrder) -> PlatformAccount:
        body = {
            "reference": order.reference,
            "channel": order.channel,
            "holder": {
                "name": order.name,
                "id_number": order.id_number,
                "birth_date": order.birth_date.isoformat(),
                "mobile": order.mobile,
            },
            "authorised_at": _rfc3339(order.authorised_at),
            "details_confirmed_at": _rfc3339(order.details_confirmed_at),
            "face_check": order.face_check,
        }
        answer = self._post("/accounts", body, order.reference).read_as(AccountTold.model_validate)
        _ours(order.reference, answer.reference)
        return answer.told()

    def find_account(self, reference: str) -> PlatformAccount | None:
        answer = none_if_absent(
            "ACCOUNT_NOT_FOUND",
            lambda: self._find("/accounts", reference).read_as(AccountTold.model_validate),
        )
        if answer is None:
            return None
        _ours(reference, answer.reference)
        return answer.told()

    def look_up(self, number: str) -> PlatformAccount:
        return self._http.get(f"{_BASE}/accounts/{_path(number)}").read_as(
            lambda told: _account(told, number)
        )

    def bind_card(self, number: str, reference: str, card_number: str) -> CardBinding:
        body = {"reference": reference, "card_number": card_number}
        answer = self._post(f"/accounts/{_path(number)}/cards", body, reference)
        return _binding(answer.read_as(CardTold.model_validate), number, reference)

    def confirm_card(
        self, number: str, reference: str, card_reference: str, sms_code: str
    ) -> CardBinding:
        body = {"reference": reference, "card_reference": card_reference, "sms_code": sms_code}
        answer = self._post(f"/accounts/{_path(number)}/cards/confirmation", body, reference)
        return _binding(answer.read_as(CardTold.model_validate), number, card_reference)

    def find_card(self, number: str, reference: str) -> CardBinding | None:
        answer = none_if_absent(
            "CARD_NOT_FOUND",
            lambda: self._find(f"/accounts/{_path(number)}/cards", reference).read_as(
                CardTold.model_validate
            ),
        )
        return None if answer is None else _binding(answer, number, reference)

    def apply(self, number: str, reference: str, asked: Money, photo: bool) -> CreditDecision:
        body = {"reference": reference, "asked": asked.model_dump(), "id_photo": photo}
        answer = self._post(f"/accounts/{_path(number)}/credit-applications", body, reference)
        return _decision(answer.read_as(ApplicationTold.model_validate), number, reference)

    def find_application(self, number: str, reference: str) -> CreditDecision | None:
        path = f"/accounts/{_path(number)}/credit-applications"
        answer = none_if_absent(
            "APPLICATION_NOT_FOUND",
            lambda: self._find(path, reference).read_as(ApplicationTold.model_validate),
        )
        return None if answer is None else _decision(answer, number, reference)

    def charge(self, order: ChargeOrder) -> ChargeReceipt:
        """Charges once for ever; the same order again is answered as before."""
        body = {
            "reference": order.reference,
            "account_number": order.account_number,
            "hospital": order.hospital,
            "bill_number": order.bill_number,
            "service_day": order.service_day.isoformat(),
            "relation": None if order.relation is None else order.relation.value,
            "amount": fen(order.total_minor).model_dump(),
            "tenders": [
                {"tender": tender.value, "amount": amount.model_dump()}
                for tender, amount in order.parts.items()
            ],
        }
        answer = self._post("/charges", body, order.reference)
        return answer.read_as(lambda told: _charged(told, order))

    def find_charge(self, order: ChargeOrder) -> ChargeReceipt | None:
        return none_if_absent(
            "CHARGE_NOT_FOUND",
            lambda: self._find("/charges", order.reference).read_as(
                lambda told: _charged(told, order)
            ),
        )

    def refund(self, order: RefundOrder) -> ChargeReceipt:
        """Takes a charge back; again answers the same."""
        body = {
            "reference": order.reference,
            "reason": order.reason,
            "repaid": order.repaid.model_dump(),
        }
        path = f"/charges/{_path(order.number)}/refund"
        answer = self._post(path, body, order.reference)
        return answer.read_as(lambda told: _refunded(told, order))

    def choose_instalments(self, number: str, reference: str, count: int) -> InstalmentsAnswer:
        body: dict[str, object] = {"reference": reference, "count": count}
        answer = self._post(f"/charges/{_path(number)}/instalments", body, reference).read_as(
            InstalmentsTold.model_validate
        )
        _ours(reference, answer.reference)
        _ours(number, answer.transaction_number)
        return InstalmentsAnswer(
            reference=reference,
            due=[one.due_on for one in answer.instalments],
            amounts=[one.amount for one in answer.instalments],
        )

    def repay(self, order: RepaymentOrder) -> RepaymentReceipt:
        body = {
            "reference": order.reference,
            "account_number": order.account_number,
            "source": order.source.value,
            "amount": order.amount.model_dump(),
        }
        answer = self._post("/repayments", body, order.reference).read_as(
            RepaymentTold.model_validate
        )
        return _repaid(answer, order)

    def find_repayment(self, order: RepaymentOrder) -> RepaymentReceipt | None:
        answer = none_if_absent(
            "REPAYMENT_NOT_FOUND",
            lambda: self._find("/repayments", order.reference).read_as(
                RepaymentTold.model_validate
            ),
        )
        return None if answer is None else _repaid(answer, order)

    def statement(self, number: str) -> PlatformStatement:
        answer = self._http.get(f"{_BASE}/accounts/{_path(number)}/statement").read_as(
            StatementTold.model_validate
        )
        _ours(number, answer.account_number)
        charges = [
            StatedCharge(
                reference=one.reference,
                number=one.transaction_number,
                credit=one.credit,
                refunded=one.status == "refunded",
                settled_on=one.settled_on,
            )
            for one in answer.charges
        ]
        return PlatformStatement(charges=charges, repaid=answer.repaid, owed=answer.credit_owed)

    def close(self, number: str, reference: str) -> PlatformAccount:
        answer = self._post(
            f"/accounts/{_path(number)}/closing", {"reference": reference}, reference
        ).read_as(AccountTold.model_validate)
        _ours(number, answer.account_number)
        if answer.status != "closed":
            raise _differs(reference)
        return answer.told()

    def _post(self, path: str, body: Mapping[str, object], reference: str) -> PartyAnswer:
        return self._http.post(
            f"{_BASE}{path}", dict(body), idempotency_key=reference, correlation_id=reference
        )

    def _find(self, path: str, reference: str) -> PartyAnswer:
        return self._http.get(
            f"{_BASE}{path}", params={"reference": reference}, correlation_id=reference
        )


def _binding(answer: CardTold, number: str, reference: str) -> CardBinding:
    _ours(reference, answer.reference)
    _ours(number, answer.account_number)
    return CardBinding(reference=reference, bound=answer.status == "bound", tail=answer.card_tail)


def _decision(answer: ApplicationTold, number: str, reference: str) -> CreditDecision:
    _ours(reference, answer.reference)
    _ours(number, answer.account_number)
    if (answer.status == "granted") is (answer.limit is None):
        raise _differs(reference)
    return CreditDecision(
        reference=reference, state=answer.status, limit=answer.limit, code=answer.code
    )


def _account(content: Any, number: str) -> PlatformAccount:
    answer = AccountTold.model_validate(content)
    _ours(number, answer.account_number)
    return answer.told()


def _refunded(content: Any, order: RefundOrder) -> ChargeReceipt:
    answer = ChargeTold.model_validate(content)
    _ours(order.number, answer.transaction_number)
    if answer.status != "refunded":
        raise _differs(order.reference)
    return answer.told()


def _charged(content: Any, order: ChargeOrder) -> ChargeReceipt:
    """The charge that was ordered, part by part; anything else is nothing that we know of."""
    answer = ChargeTold.model_validate(content)
    told = answer.told()
    same_person = answer.account_number == order.account_number
    same_money = answer.amount.amount_minor == order.total_minor and told.parts == order.parts
    if answer.reference != order.reference or not same_person or not same_money:
        raise _differs(order.reference)
    return told


def _repaid(answer: RepaymentTold, order: RepaymentOrder) -> RepaymentReceipt:
    _ours(order.reference, answer.reference)
    _ours(order.account_number, answer.account_number)
    if answer.amount != order.amount:
        raise _differs(order.reference)
    return RepaymentReceipt(
        reference=answer.reference, number=answer.repayment_number, amount=answer.amount
    )


def _ours(expected: str, told: str) -> None:
    if expected != told:
        raise _differs(expected)


def _differs(reference: str) -> OutcomeUnknown:
    detail = f"the platform's answer to {reference} is about something else"
    return OutcomeUnknown(detail, code="ANSWER_DIFFERS")


def _path(number: str) -> str:
    return quote(number, safe="")


def _rfc3339(moment: datetime) -> str:
    assert moment.tzinfo is not None, "moments on a wire have an offset"
    return moment.isoformat()
