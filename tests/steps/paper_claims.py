"""Claims with papers as an insurer sends them, with numbers of their own."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from crossclaim.soak.persons import hkid
from tests.flows.hospital import Body, cny, example

INSURER = "victoria-health"
APPROVED = datetime(2026, 4, 14, 2, 0, tzinfo=UTC)
"""Tuesday 10:00 in the region."""
_numbers = itertools.count(1)


def paper(number: str, day: str, amount: str, category: str = "specialist") -> Body:
    line = {
        "number": 1,
        "category": category,
        "code": f"OP-{category.upper()}",
        "description": "as billed",
        "service_date": day,
        "quantity": 1,
        "unit_price": cny(amount),
        "amount": cny(amount),
    }
    return {
        "number": number,
        "encounter_class": "outpatient",
        "department": "internal-medicine",
        "issued_at": f"{day}T11:00:00+08:00",
        "lines": [line],
        "total": cny(amount),
        "paid": [{"method": "wechat", "amount": cny(amount), "reference": f"WX-{number}-{day}"}],
    }


def e6_papers() -> list[Body]:
    """Scenario E6: two visits of one day, one above the limit, and a physiotherapy."""
    return [
        paper("V1", "2026-03-02", "860.00"),
        paper("V2", "2026-03-02", "430.00"),
        paper("V3", "2026-03-20", "1240.00"),
        paper("V4", "2026-03-25", "300.00", "long_term_physiotherapy"),
    ]


def member(number: int) -> Body:
    """A person of his own: what one claims twice is looked at."""
    document = {"type": "hkid", "number": hkid(800_000 + number)}
    return {**example("episode-2-voucher")["patient"], "documents": [document]}


def claim(papers: list[Body] | None = None, **changes: Any) -> Body:
    number = next(_numbers)
    patient = member(number)
    return {
        "number": f"VH-CLAIM-{number}",
        "policy_number": f"VH-2026-000001-p{number}",
        "plan": "outpatient-visits-hk",
        "hospital": "hku-szh",
        "patient": patient,
        "diagnoses": [{"system": "icd-10", "code": "M54.5"}],
        "papers": e6_papers() if papers is None else papers,
        "account": {
            "holder": patient["name"]["en"],
            "number": "6200000000000047",
            "bank_name": "Example City Bank, Shenzhen",
            "bank_code": "313000000016",
        },
        "requested_at": "2026-04-10T09:00:00+08:00",
        "consents": [],
        **changes,
    }


def ebill(number: str, total: str) -> Body:
    none = cny("0.00")
    return {
        "code": "44060126",
        "number": number,
        "check": "a1b2c3",
        "issued_on": "2026-03-02",
        "pooled_fund": none,
        "other": none,
        "personal_account": none,
        "cash": cny(total),
    }
