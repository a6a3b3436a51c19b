"""A hospital's acquirer for aggregate payment, over ``docs/wire/acquirer.md``."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.acquirer import (
    CardSide,
    DayStatement,
    PaymentState,
    PaymentTold,
    PayOrder,
    RefundOrder,
    RefundState,
    RefundTold,
    StatementKind,
    StatementLine,
)
from crossclaim.domain.errors import OutcomeUnknown, Retryable
from crossclaim.gateways.acquirer_envelope import AcquirerCall, not_believed

_LOCAL = ZoneInfo("Asia/Shanghai")
_STAMP = "%Y%m%d%H%M%S"
_CHANNELS = {
    "wechat": "WECHAT",
    "alipay": "ALIPAY",
    "ecny": "ECNY",
    "bank_card": "CARD",
    "foreign_card": "FOREIGN_CARD",
}
_PAYMENTS = {
    "SUCCESS": PaymentState.PAID,
    "REFUND": PaymentState.PAID,
    "USERPAYING": PaymentState.PAYING,
    "NOTPAY": PaymentState.PAYING,
    "PAYERROR": PaymentState.REFUSED,
    "CLOSED": PaymentState.CLOSED,
}
_REFUNDS = {
    "SUCCESS": RefundState.REFUNDED,
    "PROCESSING": RefundState.PENDING,
    "ABNORMAL": RefundState.REFUSED,
}
_TRY_AGAIN = frozenset({"SYSTEMERROR", "BIZERR_NEED_RETRY", "FREQUENCY_LIMITED", "MCH_NOTENOUGH"})
"""Codes that say nothing about the order: it is asked for again."""
_KINDS = {"PAY": StatementKind.PAYMENT, "REFUND": StatementKind.REFUND}
_MOST = 10**15
COLUMNS = ["type", "time", "out_no", "number", "fee"]


class _Answer(BaseModel):
    """Members of an answer that a statement does not have. Others are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    result_code: Literal["SUCCESS", "FAIL"]
    err_code: str = ""
    out_trade_no: str = ""
    total_fee: int | None = None
    fee_type: str = ""
    trade_state: str = ""
    transaction_id: str = ""
    time_end: str = ""
    out_refund_no: str = ""
    refund_fee: int | None = None
    refund_status: str = ""
    refund_id: str = ""
    refund_time: str = ""
    card_amount: str = ""
    card_currency: str = ""
    card_rate: str = ""
    card_rate_by: str = ""
    card_rate_time: str = ""


class AcquirerGateway:
    """``activities.acquirer_port.Acquirer``; ``merchants`` is hospital → merchant id."""

    def __init__(self, call: AcquirerCall, merchants: Mapping[str, str]) -> None:
        self._call = call
        self._merchants = dict(merchants)

    @property
    def hospitals(self) -> list[str]:
        return sorted(self._merchants)

    def pay(self, order: PayOrder) -> PaymentTold:
        members = {
            "out_trade_no": order.reference,
            "channel": _CHANNELS[order.method],
            "auth_code": order.payer_code,
            "total_fee": order.amount.amount_minor,
            "fee_type": "CNY",
        }
        answer = self._ask("micropay", order.hospital, order.reference, members, safe=False)
        _retry_where_told(answer, safe=False)
        return _payment(answer, order)

    def find_payment(self, order: PayOrder) -> PaymentTold | None:
        members = {"out_trade_no": order.reference}
        answer = self._ask("orderquery", order.hospital, order.reference, members, safe=True)
        _retry_where_told(answer, safe=True)
        if answer.err_code == "ORDERNOTEXIST":
            return None
        return _payment(answer, order)

    def close_payment(self, order: PayOrder) -> PaymentTold:
        members = {"out_trade_no": order.reference, "total_fee": order.amount.amount_minor}
        answer = self._ask("closeorder", order.hospital, order.reference, members, safe=True)
        _retry_where_told(answer, safe=True)
        return _payment(answer, order)

    def refund(self, order: RefundOrder) -> RefundTold:
        members = {
            "out_trade_no": order.payment_reference,
            "transaction_id": order.payment_number,
            "out_refund_no": order.reference,
            "total_fee": order.paid.amount_minor,
            "refund_fee": order.amount.amount_minor,
            "fee_type": "CNY",
        }
        answer = self._ask("refund", order.hospital, order.reference, members, safe=False)
        _retry_where_told(answer, safe=False)
        return _refund(answer, order)

    def find_refund(self, order: RefundOrder) -> RefundTold | None:
        members = {"out_refund_no": order.reference}
        answer = self._ask("refundquery", order.hospital, order.reference, members, safe=True)
        _retry_where_told(answer, safe=True)
        if answer.err_code == "REFUNDNOTEXIST":
            return None
        return _refund(answer, order)

    def statement(self, hospital: str, day: date) -> DayStatement:
        members = {"bill_date": f"{day:%Y%m%d}"}
        merchant = self._merchants[hospital]
        told = self._call.send("downloadbill", merchant, f"{day:%Y%m%d}", members, safe=True)
        if told.get("err_code") == "BILLNOTREADY":
            raise Retryable("the acquirer's statement is not made yet", code="BILLNOTREADY")
        content, hash_ = told.get("content"), told.get("content_hash")
        if not isinstance(content, str) or told.get("bill_date") != members["bill_date"]:
            raise not_believed("ACQUIRER_OTHER_DAY", "downloadbill", told)
        if hashlib.sha256(content.encode()).hexdigest() != hash_:
            raise not_believed("ACQUIRER_FILE_SPOILT", "downloadbill", told)
        try:
            lines = _lines(content)
        except (ValueError, KeyError):
            raise not_believed("ACQUIRER_FILE_SPOILT", "downloadbill", told) from None
        return DayStatement(hospital=hospital, day=day, lines=lines)

    def _ask(
        self, operation: str, hospital: str, key: str, members: Mapping[str, Any], *, safe: bool
    ) -> _Read:
        told = self._call.send(operation, self._merchants[hospital], key, members, safe=safe)
        try:
            return _Read(operation, told, _Answer.model_validate(told))
        except ValueError:
            raise not_believed("ACQUIRER_ANSWER_UNREADABLE", operation, told) from None


class _Read:
    """An answer that is signed, with the whole document beside it."""

    def __init__(self, operation: str, document: dict[str, Any], answer: _Answer) -> None:
        self.operation, self.document, self.answer = operation, document, answer

    @property
    def err_code(self) -> str:
        return self.answer.err_code if self.answer.result_code == "FAIL" else ""


def _retry_where_told(read: _Read, *, safe: bool) -> None:
    if read.err_code in _TRY_AGAIN:
        detail = f"the acquirer answered {read.operation} with {read.err_code}"
        raise (Retryable if safe else OutcomeUnknown)(detail, code=read.err_code)


def _payment(read: _Read, order: PayOrder) -> PaymentTold:
    answer = read.answer
    if answer.out_trade_no != order.reference:
        raise not_believed("ACQUIRER_OTHER_ORDER", read.operation, read.document)
    if read.err_code and not answer.trade_state:
        return PaymentTold(
            reference=order.reference, state=PaymentState.REFUSED, code=read.err_code
        )
    state = _PAYMENTS.get(answer.trade_state)
    if state is None:
        raise not_believed("ACQUIRER_ANSWER_UNREADABLE", read.operation, read.document)
    if state is not PaymentState.PAID:
        return PaymentTold(reference=order.reference, state=state, code=read.err_code)
    if (answer.total_fee, answer.fee_type) != (order.amount.amount_minor, "CNY"):
        raise not_believed("ACQUIRER_OTHER_AMOUNT", read.operation, read.document)
    if not answer.transaction_id:
        raise not_believed("ACQUIRER_ANSWER_UNREADABLE", read.operation, read.document)
    return PaymentTold(
        reference=order.reference,
        state=state,
        number=answer.transaction_id,
        paid_at=_moment(read, answer.time_end),
        card=_card(read),
    )


def _refund(read: _Read, order: RefundOrder) -> RefundTold:
    answer = read.answer
    if answer.out_refund_no != order.reference:
        raise not_believed("ACQUIRER_OTHER_ORDER", read.operation, read.document)
    if read.err_code and not answer.refund_status:
        return RefundTold(reference=order.reference, state=RefundState.REFUSED, code=read.err_code)
    state = _REFUNDS.get(answer.refund_status)
    if state is None:
        raise not_believed("ACQUIRER_ANSWER_UNREADABLE", read.operation, read.document)
    named = answer.out_trade_no, answer.refund_fee
    if named != (order.payment_reference, order.amount.amount_minor):
        raise not_believed("ACQUIRER_OTHER_AMOUNT", read.operation, read.document)
    done = state is RefundState.REFUNDED
    return RefundTold(
        reference=order.reference,
        state=state,
        number=answer.refund_id,
        refunded_at=_moment(read, answer.refund_time) if done else None,
        code=read.err_code,
        card=_card(read) if done else None,
    )


def _moment(read: _Read, stamp: str) -> datetime:
    try:
        return datetime.strptime(stamp, _STAMP).replace(tzinfo=_LOCAL)
    except ValueError:
        raise not_believed("ACQUIRER_ANSWER_UNREADABLE", read.operation, read.document) from None


def _card(read: _Read) -> CardSide | None:
    """A foreign card's own side; what of it is not told whole is not believed."""
    answer = read.answer
    if not answer.card_currency:
        return None
    try:
        return CardSide.model_validate(
            {
                "amount": Decimal(answer.card_amount),
                "currency": answer.card_currency,
                "rate": Decimal(answer.card_rate),
                "rate_by": answer.card_rate_by,
                "rate_at": _moment(read, answer.card_rate_time),
            }
        )
    except (ValueError, InvalidOperation):
        raise not_believed("ACQUIRER_ANSWER_UNREADABLE", read.operation, read.document) from None


def _lines(content: str) -> list[StatementLine]:
    """Every line of the file; its last line is the sum of payments and refunds, and has to be."""
    rows = list(csv.DictReader(content.splitlines()))
    if not rows or list(rows[0]) != COLUMNS or rows[-1]["type"] != "TOTAL":
        raise ValueError("this is no statement")
    lines = [
        StatementLine(
            kind=_KINDS[row["type"]],
            reference=row["out_no"],
            number=row["number"],
            amount_minor=int(row["fee"]),
            at=datetime.strptime(row["time"], _STAMP).replace(tzinfo=_LOCAL),
        )
        for row in rows[:-1]
    ]
    if not all(0 < line.amount_minor <= _MOST for line in lines):
        raise ValueError("a movement of nothing, or of more than there is")
    if len({(line.kind, line.reference, line.number) for line in lines}) != len(lines):
        raise ValueError("a movement stands in it twice")
    signs = {StatementKind.PAYMENT: 1, StatementKind.REFUND: -1}
    whole = sum(signs[line.kind] * line.amount_minor for line in lines)
    if (int(rows[-1]["number"]), int(rows[-1]["fee"])) != (len(lines), whole):
        raise ValueError("the lines are not the total")
    return lines
