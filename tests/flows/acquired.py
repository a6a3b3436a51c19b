"""What a window sends when the acquirer is to take a payment."""

from __future__ import annotations

from tests.flows.hospital import Body, cny, next_number, varied
from tests.flows.voucher_visit import WINDOW, VoucherVisit

WECHAT, CARD = "130000000000000001", "VISA-0000000001"


def asked(bill: Body, *legs: tuple[str, str, str]) -> Body:
    """Means, amount and payer's code of each leg that the acquirer is to take."""
    return {
        "bill_number": bill["number"],
        "bill_version": bill["version"],
        "tendered_at": WINDOW,
        "legs": [
            {
                "method": method,
                "amount": cny(amount),
                "reference": f"W-{next_number()}",
                "payer_code": code,
            }
            for method, amount, code in legs
        ],
    }


def void(bill: Body) -> Body:
    return {
        "bill_number": bill["number"],
        "bill_version": bill["version"],
        "voided_at": "2025-10-14T11:20:00+08:00",
        "reason": "not done",
    }


def own_bill(visit: VoucherVisit) -> Body:
    """One that the patient pays alone."""
    return varied(visit.bill, number=f"{visit.bill['number']}-OWN", coverages=[])
