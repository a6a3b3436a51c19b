"""What the activities need of the pay-after-care platform; errors as in ``ports``."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.money import Money
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
)


class PayLaterPlatform(Protocol):
    """惠民就医: accounts, bound cards, the bank's credit. Each ``find`` is the way out of an
    unknown outcome."""

    def sign_up(self, order: SignUpOrder) -> PlatformAccount: ...

    def find_account(self, reference: str) -> PlatformAccount | None: ...

    def look_up(self, number: str) -> PlatformAccount: ...

    def bind_card(self, number: str, reference: str, card_number: str) -> CardBinding: ...

    def confirm_card(
        self, number: str, reference: str, card_reference: str, sms_code: str
    ) -> CardBinding: ...

    def find_card(self, number: str, reference: str) -> CardBinding | None: ...

    def apply(self, number: str, reference: str, asked: Money, photo: bool) -> CreditDecision: ...

    def find_application(self, number: str, reference: str) -> CreditDecision | None: ...

    def charge(self, order: ChargeOrder) -> ChargeReceipt: ...

    def find_charge(self, order: ChargeOrder) -> ChargeReceipt | None: ...

    def refund(self, order: RefundOrder) -> ChargeReceipt: ...

    def choose_instalments(self, number: str, reference: str, count: int) -> InstalmentsAnswer:
        """The same reference again is answered as before."""
        ...

    def repay(self, order: RepaymentOrder) -> RepaymentReceipt: ...

    def find_repayment(self, order: RepaymentOrder) -> RepaymentReceipt | None: ...

    def statement(self, number: str) -> PlatformStatement: ...

    def close(self, number: str, reference: str) -> PlatformAccount: ...
