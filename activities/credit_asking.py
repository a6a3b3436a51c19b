"""How each kind of order is put to the platform: a repeated one is looked for first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.pay_later_port import PayLaterPlatform
from crossclaim.domain.credit_rows import CreditOrderRow
from crossclaim.domain.credit_submission import CreditSignUpSubmission
from crossclaim.domain.identity import normalised
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.pay_later_party import (
    CardBinding,
    CreditDecision,
    InstalmentsAnswer,
    PlatformAccount,
    RepaymentOrder,
    RepaymentReceipt,
    SignUpOrder,
)

PlatformAnswer = (
    PlatformAccount | CardBinding | CreditDecision | InstalmentsAnswer | RepaymentReceipt
)


@dataclass(frozen=True)
class Asking:
    """One order about to be sent. ``charge_number``: the platform's number of the split draw."""

    platform: PayLaterPlatform
    order: CreditOrderRow
    account_number: str
    charge_number: str
    secret: dict[str, Any]
    sign_up: CreditSignUpSubmission
    repeated: bool

    @property
    def reference(self) -> str:
        return self.order.reference


def ask(asking: Asking) -> PlatformAnswer:
    return _ASK[asking.order.kind](asking)


def _sign_up(asking: Asking) -> PlatformAnswer:
    if asking.repeated:
        known = asking.platform.find_account(asking.reference)
        if known is not None:
            return known
    told = asking.sign_up
    return asking.platform.sign_up(
        SignUpOrder(
            reference=asking.reference,
            channel=told.channel.value,
            name=told.holder.name.zh or told.holder.name.en or "",
            id_number=normalised(told.holder.document.number),
            birth_date=told.holder.birth_date,
            mobile=told.holder.mobile,
            authorised_at=told.authorised_at,
            details_confirmed_at=told.details_confirmed_at,
            face_check=told.face_check,
        )
    )


def _card(asking: Asking) -> PlatformAnswer:
    number = asking.account_number
    if asking.repeated:
        known = asking.platform.find_card(number, asking.reference)
        if known is not None:
            return known
    return asking.platform.bind_card(number, asking.reference, asking.secret["card_number"])


def _card_code(asking: Asking) -> PlatformAnswer:
    number, card = asking.account_number, asking.order.about
    if asking.repeated:
        known = asking.platform.find_card(number, card)
        if known is not None and known.bound:
            return known
    return asking.platform.confirm_card(number, asking.reference, card, asking.secret["sms_code"])


def _application(asking: Asking) -> PlatformAnswer:
    number = asking.account_number
    if asking.repeated:
        known = asking.platform.find_application(number, asking.reference)
        if known is not None:
            return known
    asked, photo = fen(asking.order.amount_minor), bool(asking.secret.get("id_photo"))
    return asking.platform.apply(number, asking.reference, asked, photo)


def _instalments(asking: Asking) -> PlatformAnswer:
    return asking.platform.choose_instalments(
        asking.charge_number, asking.reference, asking.order.count
    )


def _repayment(asking: Asking) -> PlatformAnswer:
    order = RepaymentOrder(
        reference=asking.reference,
        account_number=asking.account_number,
        source=Tender(asking.order.source),
        amount=fen(asking.order.amount_minor),
    )
    if asking.repeated:
        known = asking.platform.find_repayment(order)
        if known is not None:
            return known
    return asking.platform.repay(order)


def _closing(asking: Asking) -> PlatformAnswer:
    return asking.platform.close(asking.account_number, asking.reference)


_ASK: dict[str, Callable[[Asking], PlatformAnswer]] = {
    "sign_up": _sign_up,
    "card": _card,
    "card_code": _card_code,
    "application": _application,
    "instalments": _instalments,
    "repayment": _repayment,
    "closing": _closing,
}
