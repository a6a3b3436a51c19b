"""What a hospital sends us about a pay-after-care account (惠民就医), exactly as on the wire."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from crossclaim.domain.money import Money
from crossclaim.domain.submission import (
    Code,
    IdentityDocument,
    PersonName,
    Sha256,
    Text,
    Wire,
)


def is_credit_account(subject_id: str) -> bool:
    """Whether an opaque id is a pay-after-care account's, and no episode's."""
    return subject_id.startswith("ca_")


def subject_member(subject_id: str) -> str:
    """How an answer names what it is about."""
    return "account_id" if is_credit_account(subject_id) else "episode_id"


class SignUpChannel(StrEnum):
    """The bureau's 公众号, the hospital's 公众号, 云闪付APP."""

    OFFICIAL_ACCOUNT = "official_account"
    HOSPITAL_ACCOUNT = "hospital_account"
    UNIONPAY = "unionpay"


class Holder(Wire):
    """Who signs up and pays: 本人. ``document`` is a mainland identity card."""

    name: PersonName
    birth_date: date
    document: IdentityDocument
    mobile: Text


class CreditAsked(Wire):
    """惠民医疗金. The photo of the identity card may be left out."""

    amount: Money
    id_photo: Sha256 | None = None


class CreditSignUpSubmission(Wire):
    """``POST /v1/credit-accounts``. Business key: the desk's own number of the sign-up.

    授权开通 → 确认个人信息 → 人脸识别, then a card to bind or a credit to apply for, or both.
    """

    number: Code
    plan: Code
    channel: SignUpChannel
    holder: Holder
    authorised_at: AwareDatetime
    details_confirmed_at: AwareDatetime
    face_checked_at: AwareDatetime
    face_check: Code
    """The platform's own number of the face check."""
    card_number: Text | None = None
    credit: CreditAsked | None = None


class CreditCardSubmission(Wire):
    """``POST /v1/credit-accounts/{id}/cards``: binds a card, by a text message with a code."""

    number: Code
    card_number: Text
    requested_at: AwareDatetime


class CreditCardCodeSubmission(Wire):
    """``POST /v1/credit-accounts/{id}/card-codes``: the code that the holder was sent."""

    number: Code
    sms_code: Code
    confirmed_at: AwareDatetime


class CreditApplicationSubmission(Wire):
    """``POST /v1/credit-accounts/{id}/applications``: asks the bank for the credit."""

    number: Code
    credit: CreditAsked
    applied_at: AwareDatetime


class CreditInstalmentsSubmission(Wire):
    """``POST /v1/credit-accounts/{id}/instalments``: one draw in 3, 6 or 12 parts."""

    draw: Code
    """The reference of the charge, as the statement names it."""
    count: int
    chosen_at: AwareDatetime


class CreditRepaymentSubmission(Wire):
    """``POST /v1/credit-accounts/{id}/repayments``: pays back, early or late."""

    number: Code
    source: Literal["personal_account", "bank_card"]
    amount: Money
    requested_at: AwareDatetime


class CreditClosingSubmission(Wire):
    """``POST /v1/credit-accounts/{id}/closing``: the holder ends it; nothing may be owed."""

    number: Code
    requested_at: AwareDatetime


def credit_key(model: Wire, account_id: str | None) -> str | None:
    """The business key of a submission about a credit account; None for any other."""
    match model:
        case CreditSignUpSubmission():
            return f"credit-account/{model.number}"
        case CreditCardSubmission():
            return f"{account_id}/card/{model.number}"
        case CreditCardCodeSubmission():
            return f"{account_id}/card-code/{model.number}"
        case CreditApplicationSubmission():
            return f"{account_id}/application/{model.number}"
        case CreditInstalmentsSubmission():
            return f"{account_id}/instalments/{model.draw}"
        case CreditRepaymentSubmission():
            return f"{account_id}/repayment/{model.number}"
        case CreditClosingSubmission():
            return f"{account_id}/closing/{model.number}"
    return None
