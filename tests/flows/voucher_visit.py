"""Scenario E1 at the window: a person with a voucher account of his own in every test."""

from __future__ import annotations

from typing import Any

from tests.flows.hospital import (
    Body,
    Episode,
    Hospital,
    cny,
    example,
    next_number,
    tender_of,
    varied,
)
from tests.flows.simulator import Simulator

WINDOW = "2025-10-14T10:45:00+08:00"
VOUCHER_USE = {
    "type": "VOUCHER_USE",
    "text_version": "2025-01",
    "signed_at": "2025-10-14T10:44:00+08:00",
    "channel": "paper",
}


def identity_card(number: int) -> str:
    """An invented Hong Kong identity card number ``C……`` with its right check digit."""
    digits = f"{number:06d}"
    weighted = (
        36 * 9 + 12 * 8 + sum(int(d) * w for d, w in zip(digits, range(7, 1, -1), strict=True))
    )
    check = -weighted % 11
    return f"C{digits}({'A' if check == 10 else check})"


class VoucherVisit:
    """One outpatient visit; ``account`` is how the voucher system calls the patient's account."""

    def __init__(
        self,
        hospital: Hospital,
        voucher: Simulator,
        *,
        balance_hkd: int = 3500,
        birth_date: str = "1949-05-01",
        ehealth_joined: bool = True,
        **changes: Any,
    ) -> None:
        number = next_number()
        card = identity_card(700000 + number)
        self.account = f"va-flow-{number}"
        self._hospital = hospital
        row = {
            "document": "HKID",
            "number": card.replace("(", "").replace(")", ""),
            "birth_date": birth_date,
            "balance_hkd": balance_hkd,
            "ehealth_joined": ehealth_joined,
        }
        voucher.tables(accounts={self.account: row})
        submission = example("episode-2-voucher")
        visit = {"number": f"MZ20251014-{number:05d}", **changes.pop("visit", {})}
        patient = {
            "birth_date": birth_date,
            "documents": [{"type": "hkid", "number": card}],
        }
        self.submission = varied(submission, visit=visit, patient=patient, **changes)
        self.bill = varied(example("episode-2-bill-1"), number=f"MZF20251014-{number:05d}")

    def open(self) -> Episode:
        return self._hospital.open(self.submission)

    def signed_tender(self, amount: str, bill: Body | None = None, **more: Any) -> Body:
        """The patient pays and signs for the use of vouchers."""
        return tender_of(bill or self.bill, amount, WINDOW, consents=[VOUCHER_USE], **more)

    def corrected_bill(self) -> Body:
        """Version 2 without the laboratory: CNY 1,086.40."""
        lines = [line for line in self.bill["lines"] if line["category"] != "laboratory"]
        return varied(self.bill, version=2, lines=lines, total=cny("1086.40"))

    def bill_of(self, *lines: tuple[str, str]) -> Body:
        """A bill of (category, amount) lines."""
        first = self.bill["lines"][0]
        made = [
            {
                **first,
                "number": n,
                "category": category,
                "code": f"CODE-{n}",
                "description": category,
                "unit_price": cny(amount),
                "amount": cny(amount),
            }
            for n, (category, amount) in enumerate(lines, 1)
        ]
        fen = sum(int(amount.replace(".", "")) for _, amount in lines)
        return varied(self.bill, lines=made, total=cny(f"{fen // 100}.{fen % 100:02d}"))
