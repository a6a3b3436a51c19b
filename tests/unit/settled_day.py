"""Postings on a hospital's accounts, as the ledger has them after some days."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crossclaim.domain.settlement import Booked

DAY = date(2025, 10, 14)
HOSPITAL, INSURER = "hku-szh", "harbour-life"
_numbers = itertools.count(1)


def booked(minor: int, kind: str = "credit", *, after: int = 0, **more: Any) -> Booked:
    """One posting, so many days after the first."""
    number = next(_numbers)
    day = DAY + timedelta(days=after)
    morning = datetime(day.year, day.month, day.day, 3, tzinfo=UTC)
    told: dict[str, Any] = {
        "key": f"{kind}:PO{number:04d}",
        "kind": kind,
        "account": "hospital_bills",
        "organisation": INSURER,
        "amount_minor": minor,
        "currency": "CNY",
        "at": morning + timedelta(milliseconds=number),
        "day": day,
        "episode": f"ep_{number:04d}",
        "visit": f"ZY-{number}",
        "bill": f"B-{number}",
        "claim": f"CL{number}",
        "claim_number": f"H-{number}",
        "payout": f"PO{number:04d}",
    }
    return Booked(**{**told, **more})
