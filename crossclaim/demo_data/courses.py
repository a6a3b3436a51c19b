"""How each invented episode went: decided by its number alone, so that a load can go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from crossclaim.demo_data.bills import DecidedBill
from crossclaim.demo_data.people import Patient, patient
from crossclaim.domain.submission import FunderKind

FRESH = timedelta(days=3)
"""Only an episode of these last days may still be under way."""
_EXCEPTIONS = ("BILL_FLAGGED", "PAYOUT_SLA_BREACH", "GUARANTEE_REFUSED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One episode: whose, which bill of the pool, and when everything happened."""

    number: int
    pool: int
    patient: Patient
    opened_at: datetime
    admitted_at: datetime | None = None
    discharged_at: datetime | None = None
    billed_at: datetime
    decided_at: datetime | None = None
    by_examiner: bool = False
    guarantee_after_s: int | None = None
    """Seconds from the request to the insurer's answer."""
    payout: str | None = None
    """State of the payout; none where no insurer pays anything."""
    reserved_at: datetime | None = None
    credited_at: datetime | None = None
    closed_at: datetime | None = None
    exception: str | None = None
    exception_at: datetime | None = None
    resolved_at: datetime | None = None


def course(number: int, seed: int, pool: Sequence[DecidedBill], now: datetime) -> Course:
    """The episode of this number, from 0."""
    random = Random(seed * 1_000_003 + number)
    place = random.randrange(len(pool))
    bill = pool[place]
    claim = bill.claim
    billed_at = claim.bill.issued_at + timedelta(minutes=random.randint(0, 540))
    stay = claim.admitted_on is not None
    opened_at = billed_at - timedelta(minutes=random.randint(20, 240))
    admitted_at = discharged_at = None
    if stay and claim.admitted_on is not None:
        begun = datetime.combine(claim.admitted_on, opened_at.time(), UTC)
        opened_at = begun - timedelta(days=2, hours=random.randint(0, 20))
        admitted_at, discharged_at = begun, billed_at - timedelta(minutes=30)
    values: dict[str, Any] = {
        "number": number,
        "pool": place,
        "patient": patient(random, billed_at.date()),
        "opened_at": opened_at,
        "admitted_at": admitted_at,
        "discharged_at": discharged_at,
        "billed_at": billed_at,
        "guarantee_after_s": _answered_after(random) if stay else None,
    }
    values |= _money(random, bill, billed_at, now)
    values |= _trouble(random, values, billed_at, now)
    return Course(**values)


def _answered_after(random: Random) -> int:
    """Four of five at once, most of the others within the hour."""
    drawn = random.random()
    if drawn < 0.8:
        return random.randint(1, 14)
    return random.randint(60, 3_500) if drawn < 0.97 else random.randint(3_700, 20_000)


def _money(random: Random, bill: DecidedBill, billed_at: datetime, now: datetime) -> dict[str, Any]:
    fresh = now - billed_at < FRESH
    if not bill.result.of(FunderKind.INSURER).amount_minor:
        return {"decided_at": billed_at, "closed_at": billed_at + timedelta(minutes=3)}
    if fresh and random.random() < 0.3:
        return {}
    by_examiner = random.random() < 0.12
    waited = timedelta(minutes=random.randint(30, 2_400)) if by_examiner else timedelta(seconds=2)
    decided_at = billed_at + waited
    told: dict[str, Any] = {
        "decided_at": decided_at,
        "by_examiner": by_examiner,
        "reserved_at": decided_at,
    }
    if fresh and random.random() < 0.5:
        return told | {"payout": "sent"}
    hours = random.randint(1, 60) if random.random() < 0.985 else random.randint(73, 200)
    credited_at = decided_at + timedelta(hours=hours)
    if random.random() < 0.001:
        return told | {"payout": "returned"}
    if credited_at > now:
        return told | {"payout": "accepted"}
    return told | {
        "payout": "credited",
        "credited_at": credited_at,
        "closed_at": credited_at + timedelta(minutes=1),
    }


def _trouble(
    random: Random, told: dict[str, Any], billed_at: datetime, now: datetime
) -> dict[str, Any]:
    if told.get("payout") == "returned":
        return {
            "exception": "PAYOUT_RETURNED",
            "exception_at": billed_at + timedelta(days=1),
            "resolved_at": None,
        }
    if random.random() >= 0.03:
        return {}
    is_open = told.get("closed_at") is None and random.random() < 0.5
    at = billed_at + timedelta(minutes=5)
    return {
        "exception": random.choice(_EXCEPTIONS),
        "exception_at": at,
        "resolved_at": None if is_open else at + timedelta(hours=random.randint(1, 40)),
    }
