"""The shapes in which the voucher system answers (``docs/wire/voucher.md``), and what they mean."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from crossclaim.domain.errors import Final, OutcomeUnknown
from crossclaim.domain.identity import normalised
from crossclaim.domain.money import ConversionRate, Currency, Money
from crossclaim.domain.party import VoucherAccount, VoucherClaimReceipt
from crossclaim.domain.submission import DocumentType, IdentityDocument

_DOCUMENT_TYPES = {DocumentType.HKID: "HKID", DocumentType.CERT_EXEMPTION: "EC"}

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


def _hkd(amount: Money) -> Money:
    if amount.currency is not Currency.HKD or amount.amount_minor < 0:
        raise ValueError("a voucher balance is HKD and not negative")
    return amount


Balance = Annotated[Money, AfterValidator(_hkd)]


class Answer(BaseModel):
    """Answers may grow members; we read those we know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class AccountAnswer(Answer):
    account_id: Name
    status: str
    ehealth_joined: bool
    balance: Balance

    def usable(self) -> AccountAnswer:
        """Raises ``Final`` for an account that is neither validated nor temporary."""
        if self.status not in ("validated", "temporary"):
            raise Final("the voucher account is not validated", code="ACCOUNT_NOT_VALIDATED")
        return self


class PairingAnswer(Answer):
    account_id: Name
    paired_on: date
    ended_on: date | None = None
    deceased_on: date | None = None
    balance: Balance


class RateAnswer(Answer):
    rate_id: Name
    cny_per_hkd: Annotated[Decimal, Field(gt=0, lt=10, max_digits=10)]
    as_of: AwareDatetime


class ClaimAnswer(Answer):
    reference: Name
    transaction_number: Name
    balance_after: Balance
    status: Literal["entered", "confirmed", "voided", "lapsed"]
    account_status: Literal["validated", "temporary"] = "validated"
    notices: list[Literal["own", "spouse"]] = []

    def receipt(self) -> VoucherClaimReceipt:
        return VoucherClaimReceipt(
            reference=self.reference,
            transaction_number=self.transaction_number,
            balance_after=self.balance_after,
            voided=self.status == "voided",
            lapsed=self.status == "lapsed",
            confirmed=self.status == "confirmed",
            validated=self.account_status == "validated",
            told_by_message=tuple(self.notices),
        )


class ReimbursedLine(Answer):
    reference: Name
    transaction_number: Name
    amount: Balance
    state: Literal["paid", "unconfirmed", "unvalidated"]


class ReimbursementAnswer(Answer):
    statement_number: Name
    institution: Name
    month: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    paid_on: date
    total: Balance
    items: Annotated[list[ReimbursedLine], Field(max_length=100_000)]

    @model_validator(mode="after")
    def _whole_dollars(self) -> ReimbursementAnswer:
        if any(line.amount.amount_minor % 100 for line in self.items):
            raise ValueError("vouchers are whole dollars")
        return self


def account_of(found: AccountAnswer, rate: RateAnswer, at: datetime) -> VoucherAccount:
    """The account with the rate of this moment."""
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
        validated=found.status == "validated",
    )


def document_body(document: IdentityDocument) -> dict[str, str]:
    """Raises ``Final`` for a document that the scheme does not know."""
    kind = _DOCUMENT_TYPES.get(document.type)
    if kind is None:
        detail = f"the voucher system knows no document of type {document.type.value}"
        raise Final(detail, code="DOCUMENT_TYPE_NOT_ACCEPTED")
    return {"type": kind, "number": normalised(document.number)}


def rfc3339(moment: datetime) -> str:
    assert moment.tzinfo is not None, "moments on a wire have an offset"
    return moment.isoformat()


def changed(number: str, reference: str, told: object, status: str) -> VoucherClaimReceipt:
    """What became of one claim that was to be voided or confirmed."""
    answer = ClaimAnswer.model_validate(told)
    if answer.transaction_number != number or answer.status != status:
        raise foreign(reference)
    return answer.receipt()


def foreign(reference: str) -> OutcomeUnknown:
    """An answer about another use tells nothing about ours."""
    detail = f"the voucher system's answer to {reference} is about something else"
    return OutcomeUnknown(detail, code="ANSWER_FOREIGN")
