"""A payout as one would write it first: after a time-out it asks once and then pays again.

It trusts "no such payment" at once, gives every try a reference of its own, and waits for no fence.
It exists so that the test of late banks is known to see a double payment.
"""

from __future__ import annotations

import threading
import time

from crossclaim.domain.party import PaymentOrder, PaymentReport, PaymentState
from crossclaim.gateways.bank import HostToHostBank

_DONE = {PaymentState.CREDITED, PaymentState.SETTLED, PaymentState.BOOKED}


class NaivePayout:
    """Drives the real gateway over the real folders of a bank."""

    def __init__(self, bank: HostToHostBank, answer_within_s: float) -> None:
        self._bank = bank
        self._answer_within_s = answer_within_s
        self._heard: list[PaymentReport] = []

    def pay(self, order: PaymentOrder) -> list[str]:
        """Returns the references under which it ordered the one payment."""
        used = [order.reference]
        self._bank.release(self._bank.stage(order))
        if self._told(order.reference, _DONE):
            return used
        self._bank.inquire(order, 1, order.created_at)
        if self._told(order.reference, {*_DONE, PaymentState.UNKNOWN_TO_BANK}) in _DONE:
            return used
        again = order.model_copy(update={"reference": f"{order.reference}B"})
        self._bank.release(self._bank.stage(again))
        return [*used, again.reference]

    def _told(self, reference: str, awaited: set[PaymentState]) -> PaymentState | None:
        pause, deadline = threading.Event(), time.monotonic() + self._answer_within_s
        while time.monotonic() < deadline:
            self._listen()
            for report in self._heard:
                if report.reference == reference and report.state in awaited:
                    return report.state
            pause.wait(0.05)
        return None

    def _listen(self) -> None:
        for path in list(self._bank.arrived()):
            self._heard += self._bank.read(path).reports
            self._bank.finish(path)
