"""What 惠民就医 is asked, in the words of its wire."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{12,19}$")]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cny(Wire):
    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}\.[0-9]{2}$")]
    currency: Literal["CNY"]

    def fen(self) -> int:
        return int(Decimal(self.amount) * 100)


class Holder(Wire):
    name: Word
    id_number: Word
    birth_date: date
    mobile: Word


class SignUp(Wire):
    reference: Word
    channel: Literal["official_account", "hospital_account", "unionpay"]
    holder: Holder
    authorised_at: AwareDatetime
    details_confirmed_at: AwareDatetime
    face_check: Word


class Card(Wire):
    reference: Word
    card_number: Digits


class CardConfirmation(Wire):
    reference: Word
    card_reference: Word
    sms_code: Word


class Application(Wire):
    reference: Word
    asked: Cny
    id_photo: bool


class TenderAsked(Wire):
    tender: Literal["personal_account", "credit", "bank_card"]
    amount: Cny


class Charge(Wire):
    reference: Word
    account_number: Word
    hospital: Word
    bill_number: Word
    service_day: date
    relation: Literal["spouse", "parent", "child"] | None
    amount: Cny
    tenders: list[TenderAsked]

    def parts(self) -> dict[str, int]:
        return {one.tender: one.amount.fen() for one in self.tenders}


class Refund(Wire):
    reference: Word
    reason: Word
    repaid: Cny


class Instalments(Wire):
    reference: Word
    count: Literal[3, 6, 12]


class Repayment(Wire):
    reference: Word
    account_number: Word
    source: Literal["personal_account", "bank_card"]
    amount: Cny


class Closing(Wire):
    reference: Word
