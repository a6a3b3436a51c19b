"""The voucher system (eHealth System, Subsidies) over ``docs/wire/voucher.md``."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from crossclaim.domain.errors import Final, OutcomeUnknown
from crossclaim.domain.identity import normalised
from crossclaim.domain.money import ConversionRate, Currency, Money
from crossclaim.domain.party import VoucherAccount, VoucherClaimOrder, VoucherClaimReceipt
from crossclaim.domain.submission import DocumentType, IdentityDocument
from crossclaim.gateways.http import PartyHttp, Refusal, none_if_absent

_DOCUMENT_TYPES = {DocumentType.HKID: "HKID", DocumentType.CERT_EXEMPTION: "EC"}
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


def _hkd(amount: Money) -> Money:
    if amount.currency is not Currency.HKD or amount.amount_minor < 0:
        raise ValueError("a voucher balance is HKD and not negative")
    return amount


Balance = Annotated[Money, AfterValidator(_hkd)]


class _Answer(BaseModel):
    """Answers may grow members; we read those we know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Account(_Answer):
    account_id: Name
    status: str
    ehealth_joined: bool
    balance: Balance


class _Rate(_Answer):
    rate_id: Name
    cny_per_hkd: Annotated[Decimal, Field(gt=0, lt=10, max_digits=10)]
    as_of: AwareDatetime


class _Claim(_Answer):
    reference: Name
    transaction_number: Name
    balance_after: Balance
    status: Literal["confirmed", "voided"]


def read_refusal(body: Any) -> Refusal:
    """The code of a refusal, with the balance that a refusal for its sake names."""
    if not isinstance(body, dict) or not isinstance(body.get("code"), str):
        return Refusal("")
    balance = body.get("balance")
    amount = balance.get("amount") if isinstance(balance, dict) else None
    known = isinstance(amount, str) and _AMOUNT.fullmatch(amount)
    return Refusal(body["code"], {"balance": str(amount)} if known else {})


class VoucherGateway:
    """``activities.ports.VoucherSystem`` over HTTP. Build its ``http`` with ``read_refusal``."""

    def __init__(self, http: PartyHttp) -> None:
        self._http = http

    def look_up(
        self, document: IdentityDocument, birth_date: date, institution: str, at: datetime
    ) -> VoucherAccount | None:
        """The account with the rate of this moment; None when the person has none."""
        kind = _DOCUMENT_TYPES.get(document.type)
        if kind is None:
            detail = f"the voucher system knows no document of type {document.type.value}"
            raise Final(detail, code="DOCUMENT_TYPE_NOT_ACCEPTED")
        correlation_id = uuid.uuid4().hex
        body = {
            "document": {"type": kind, "number": normalised(document.number)},
            "birth_date": birth_date.isoformat(),
            "institution": institution,
        }
        found = none_if_absent(
            "ACCOUNT_NOT_FOUND",
            lambda: self._http.post(
                "/ehs/v1/accounts/search",
                body,
                idempotency_key=correlation_id,
                correlation_id=correlation_id,
                safe=True,
            ).read_as(_Account.model_validate),
        )
        if found is None:
            return None
        if found.status != "validated":
            raise Final("the voucher account is not validated", code="ACCOUNT_NOT_VALIDATED")
        rate = self._http.get("/ehs/v1/rates/CNY", correlation_id=correlation_id).read_as(
            _Rate.model_validate
        )
        return VoucherAccount(
            account_id=found.account_id,
            balance=found.balance,
            ehealth_joined=found.ehealth_joined,
            rate=ConversionRate(
                cny_per_hkd=rate.cny_per_hkd,
                source="voucher-system",
                as_of=rate.as_of,
                rate_id=rate.rate_id,
            ),
            as_of=at,
        )

    def claim(self, order: VoucherClaimOrder) -> VoucherClaimReceipt:
        """Uses vouchers; the same order again is answered as before and uses none."""
        body = {
            "reference": order.reference,
            "account_id": order.account_id,
            "institution": order.institution,
            "department": order.department,
            "service_completed_at": _rfc3339(order.service_completed_at),
            "claimed_at": _rfc3339(order.claimed_at),
            "voucher_amount": order.amount.model_dump(),
            "net_service_fee": order.net_fee.model_dump(),
            "rate_id": order.rate_id,
            "reason_for_visit": order.reason_for_visit,
            "consent_signed_at": _rfc3339(order.consent_signed_at),
        }
        answer = self._http.post(
            "/ehs/v1/claims",
            body,
            idempotency_key=order.reference,
            correlation_id=order.reference,
        ).read_as(_Claim.model_validate)
        if answer.reference != order.reference:
            raise _foreign(order.reference)
        return _receipt(answer)

    def find(self, reference: str) -> VoucherClaimReceipt | None:
        """The claim under our reference; only the system's own CLAIM_NOT_FOUND proves absence."""
        answer = none_if_absent(
            "CLAIM_NOT_FOUND",
            lambda: self._http.get(
                "/ehs/v1/claims", params={"reference": reference}, correlation_id=reference
            ).read_as(_Claim.model_validate),
        )
        if answer is not None and answer.reference != reference:
            raise _foreign(reference)
        return _receipt(answer) if answer else None

    def void(self, transaction_number: str, reference: str, reason: str) -> VoucherClaimReceipt:
        """Takes a claim back; again answers the same. ``reference`` names this void, for ever."""
        answer = self._http.post(
            f"/ehs/v1/claims/{quote(transaction_number, safe='')}/void",
            {"reference": reference, "reason": reason},
            idempotency_key=reference,
            correlation_id=reference,
        ).read_as(_Claim.model_validate)
        if answer.transaction_number != transaction_number or answer.status != "voided":
            raise _foreign(reference)
        return _receipt(answer)


def _rfc3339(moment: datetime) -> str:
    assert moment.tzinfo is not None, "moments on a wire have an offset"
    return moment.isoformat()


def _receipt(answer: _Claim) -> VoucherClaimReceipt:
    return VoucherClaimReceipt(
        reference=answer.reference,
        transaction_number=answer.transaction_number,
        balance_after=answer.balance_after,
        voided=answer.status == "voided",
    )


def _foreign(reference: str) -> OutcomeUnknown:
    """An answer about another use tells nothing about ours."""
    detail = f"the voucher system's answer to {reference} is about something else"
    return OutcomeUnknown(detail, code="ANSWER_FOREIGN")
