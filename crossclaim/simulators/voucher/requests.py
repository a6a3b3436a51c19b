"""What the voucher system is asked, in the words of its wire."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Document(Wire):
    type: Literal["HKID", "EC"]
    number: Word


class Search(Wire):
    document: Document
    birth_date: date
    institution: Word


class Hkd(Wire):
    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,9}\.00$")]
    """Whole dollars, written with two digits after the point."""
    currency: Literal["HKD"]

    def dollars(self) -> int:
        return int(Decimal(self.amount))


class Cny(Wire):
    amount: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}\.[0-9]{2}$")]
    currency: Literal["CNY"]


class Claim(Wire):
    reference: Word
    account_id: Word
    institution: Word
    department: Word
    service_completed_at: AwareDatetime
    claimed_at: AwareDatetime
    voucher_amount: Hkd
    net_service_fee: Cny
    rate_id: Word
    reason_for_visit: Word
    consent_signed_at: AwareDatetime
    entered_by: Literal["provider", "clerk"] = "provider"
    ehealth_consent_signed_at: AwareDatetime | None = None
    paired_with: Word | None = None
    """The account in whose place this one, of the spouse, is used."""


class SpouseNamed(Wire):
    document: Document
    birth_date: date


class PairingSearch(Wire):
    account_id: Word
    spouse: SpouseNamed
    institution: Word


class PersonName(Wire):
    zh: Word | None = None
    en: Word | None = None


class NewAccount(Wire):
    reference: Word
    document: Document
    name: PersonName
    birth_date: date
    institution: Word
    consent_signed_at: AwareDatetime
    ehealth_consent_signed_at: AwareDatetime
    identity_checked_by: Word
    identity_checked_at: AwareDatetime


class Confirmation(Wire):
    reference: Word
    confirmed_by: Word
    confirmed_at: AwareDatetime


class Void(Wire):
    reference: Word
    reason: Word
