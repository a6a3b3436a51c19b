"""What the activities need of a hospital's acquirer; a call fails as those of ``activities.ports``.

Besides, each may raise ``AnswerNotBelieved``: the answer cannot be ours, and changes nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from crossclaim.domain.acquirer import (
    DayStatement,
    PaymentTold,
    PayOrder,
    RefundOrder,
    RefundTold,
)


class Acquirer(Protocol):
    @property
    def hospitals(self) -> list[str]:
        """Those that are its merchants."""
        ...

    def pay(self, order: PayOrder) -> PaymentTold:
        """Charges the payer, once for ever under the order's reference."""
        ...

    def find_payment(self, order: PayOrder) -> PaymentTold | None:
        """None: it has never taken an order of this reference."""
        ...

    def close_payment(self, order: PayOrder) -> PaymentTold:
        """The order can no longer be paid afterwards; or it says that it was paid before."""
        ...

    def refund(self, order: RefundOrder) -> RefundTold: ...

    def find_refund(self, order: RefundOrder) -> RefundTold | None: ...

    def statement(self, hospital: str, day: date) -> DayStatement: ...
