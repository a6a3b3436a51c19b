"""Answers of 惠民就医 as they come over ``docs/wire/huimin.md``; we read the members we know."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from crossclaim.domain.insured import InsuredStatus
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.pay_later_party import ChargeReceipt, PlatformAccount

Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


def _cny(amount: Money) -> Money:
    if amount.currency is not Currency.CNY or amount.amount_minor < 0:
        raise ValueError("the platform's amounts are CNY and not negative")
    return amount


Cny = Annotated[Money, AfterValidator(_cny)]


class _Answer(BaseModel):
    """Answers may grow members; we read those we know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CreditTold(_Answer):
    status: Literal["none", "in_review", "granted", "refused", "withdrawn"]
    limit: Cny | None
    available: Cny | None


class AccountTold(_Answer):
    reference: Name
    account_number: Name
    status: Literal["open", "closed"]
    insured_status: InsuredStatus
    account_balance: Cny | None
    card_tail: Name | None
    credit: CreditTold

    def told(self) -> PlatformAccount:
        return PlatformAccount(
            number=self.account_number,
            open=self.status == "open",
            status=self.insured_status,
            balance=self.account_balance,
            card_tail=self.card_tail,
            credit=self.credit.status,
            limit=self.credit.limit,
            available=self.credit.available,
        )


class CardTold(_Answer):
    reference: Name
    account_number: Name
    status: Literal["sms_sent", "bound"]
    card_tail: Name


class ApplicationTold(_Answer):
    reference: Name
    account_number: Name
    status: Literal["in_review", "granted", "refused"]
    limit: Cny | None = None
    code: str = ""


class PartTold(_Answer):
    tender: Literal["personal_account", "credit", "bank_card"]
    amount: Cny


class ChargeTold(_Answer):
    reference: Name
    transaction_number: Name
    account_number: Name
    amount: Cny
    tenders: list[PartTold]
    status: Literal["charged", "refunded"]
    account_balance: Cny | None
    credit_available: Cny | None
    settled_on: date | None

    def told(self) -> ChargeReceipt:
        return ChargeReceipt(
            reference=self.reference,
            number=self.transaction_number,
            parts={Tender(part.tender): part.amount for part in self.tenders},
            refunded=self.status == "refunded",
            balance_after=self.account_balance,
            credit_after=self.credit_available,
            settled_on=self.settled_on,
        )


class InstalmentTold(_Answer):
    due_on: date
    amount: Cny


class InstalmentsTold(_Answer):
    reference: Name
    transaction_number: Name
    instalments: list[InstalmentTold]


class RepaymentTold(_Answer):
    reference: Name
    repayment_number: Name
    account_number: Name
    amount: Cny


class StatedTold(_Answer):
    reference: Name
    transaction_number: Name
    credit: Cny
    status: Literal["charged", "refunded"]
    settled_on: date | None


class StatementTold(_Answer):
    account_number: Name
    charges: list[StatedTold]
    repaid: Cny
    credit_owed: Cny
