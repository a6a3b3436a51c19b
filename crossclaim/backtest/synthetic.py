"""Invented claims for trials: the same number and seed give the same claim, on any machine.

The amounts are plausible and nothing more; no figure of theirs may be quoted as an experience.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from crossclaim.backtest.claim import Claim
from crossclaim.domain.money import ConversionRate, hk_cents

FIRST_DAY = date(2026, 1, 1)
DAYS = 365
_INSURER_PLAN = "vhis-standard-hk"
_POOL = "jiangmen-pool-2022"
_INSURERS = ("insurer-a", "insurer-b")
_HOSPITALS = ("jiangmen-central", "sysu-first", "zhongshan-chenxinghai", "hku-szh")
_DEPARTMENTS = ("internal-medicine", "orthopaedics", "ophthalmology", "chinese-medicine")
# Category and the range of its amount in RMB.
_OUTPATIENT = (
    ("examination", 80, 600),
    ("laboratory", 40, 500),
    ("treatment", 60, 900),
    ("drug", 20, 800),
)
_STAY = (
    ("attending_doctor", 600, 4_000),
    ("surgeon", 4_000, 40_000),
    ("anaesthetist", 1_500, 14_000),
    ("theatre", 1_500, 14_000),
    ("drug", 300, 6_000),
    ("laboratory", 200, 3_000),
    ("imaging", 500, 6_000),
    ("special_drug", 500, 20_000),
)
_CLASSES = ("complex", "major", "intermediate", "minor")


def synthetic_claim(seed: int, number: int) -> Claim:
    """The claim of that number, from 0."""
    random = Random(f"{seed}:{number}")
    day = FIRST_DAY + timedelta(days=random.randrange(DAYS))
    kind = random.random()
    if kind < 0.4:
        return _visit(random, number, day)
    if kind < 0.6:
        return _insured_visit(random, number, day)
    return _stay(random, number, day)


def _visit(random: Random, number: int, day: date) -> Claim:
    chosen = random.sample(_OUTPATIENT, random.randint(1, len(_OUTPATIENT)))
    lines = [("consultation", random.randint(2_000, 15_000), 1, day)]
    lines += [(name, random.randint(low * 100, high * 100), 1, day) for name, low, high in chosen]
    hospital = "jiangmen-central" if random.random() < 0.7 else random.choice(_HOSPITALS)
    episode = _episode(random, number, hospital, day, "outpatient", "voucher_dedicated")
    episode |= {"coverages": [{"funder": "voucher"}]}
    return Claim.model_validate(
        {
            "episode": episode,
            "bill": _bill(number, day, lines, random),
            "consents": ["EHEALTH_JOIN"],
            "voucher_balance": hk_cents(random.randint(0, 8_000) * 100),
            "voucher_rate": _rate(random, day),
        }
    )


def _insured_visit(random: Random, number: int, day: date) -> Claim:
    """Basic insurance of Jiangmen, the rest from the patient's own account as far as it goes."""
    names = random.sample(_OUTPATIENT, random.randint(1, len(_OUTPATIENT)))
    lines = [(name, random.randint(low * 100, high * 100), 1, day) for name, low, high in names]
    bill = _bill(number, day, lines, random)
    episode = _episode(random, number, "jiangmen-central", day, "outpatient", "ordinary")
    coverages = [{"funder": "basic_insurance", "plan": _POOL}, {"funder": "personal_account"}]
    area = {"pool": "jiangmen", "province": "guangdong"}
    balance = {"amount_minor": random.randint(0, 200_000), "currency": "CNY"}
    basic = {
        "insured": {"insurance": "EMPLOYEE", "retired": random.random() < 0.6},
        "care": "outpatient",
        "on": day,
        "lines": [_eligible(random, line) for line in bill["lines"]],
        "level": random.choice(("level-1", "level-2", "level-3")),
    }
    return Claim.model_validate(
        {
            "episode": episode | {"coverages": coverages},
            "bill": bill,
            "consents": [],
            "basic": basic,
            "account": {
                "on": day,
                "place": "designated_hospital",
                "holder": {"insurance": "EMPLOYEE", "area": area, "balance": balance},
            },
        }
    )


def _eligible(random: Random, line: dict[str, Any]) -> dict[str, Any]:
    amount = line["amount"]["amount_minor"] * random.randint(60, 100) // 100
    eligible = {"amount_minor": amount, "currency": "CNY"}
    return {"number": line["number"], "amount": line["amount"], "eligible": eligible}


def _stay(random: Random, number: int, day: date) -> Claim:
    nights = random.randint(1, 9)
    chosen = random.sample(_STAY, random.randint(2, len(_STAY)))
    lines = [("room", random.randint(30_000, 150_000) * nights, nights, day)]
    for name, low, high in chosen:
        quantity = nights + 1 if name == "attending_doctor" else 1
        lines.append((name, random.randint(low * 100, high * 100), quantity, day))
    hospital = random.choice(_HOSPITALS)
    episode = _episode(random, number, hospital, day, "inpatient", "international")
    coverage = {"funder": "insurer", "organisation": random.choice(_INSURERS)}
    episode |= {"coverages": [coverage | {"plan": _INSURER_PLAN, "policy_number": f"P{number}"}]}
    guaranteed = random.random() < 0.9
    return Claim.model_validate(
        {
            "episode": episode,
            "bill": _bill(number, day + timedelta(days=nights), lines, random),
            "consents": [],
            "admitted_on": day,
            "discharged_on": day + timedelta(days=nights),
            "guarantee_limit": hk_cents(random.randint(100, 1_200) * 10_000)
            if guaranteed
            else None,
            "insurer_rate": _rate(random, day),
            "deductible_used": hk_cents(random.choice((0, 0, 0, 400_000, 800_000))),
            "annual_benefit_used": hk_cents(random.choice((0, 0, 0, 5_000_000, 41_000_000))),
        }
    )


def _episode(
    random: Random, number: int, hospital: str, day: date, encounter: str, channel: str
) -> dict[str, Any]:
    department = random.choice(_DEPARTMENTS)
    return {
        "hospital": hospital,
        "visit": {
            "number": f"V{number}",
            "encounter_class": encounter,
            "department": department,
            "channel": channel,
        },
        "patient": {
            "name": {},
            "birth_date": date(day.year - random.randint(63, 92), random.randint(1, 12), 15),
            "documents": [{"type": "hkid", "number": "-"}],
        },
        "diagnoses": [],
        "consents": [],
    }


def _bill(
    number: int, day: date, lines: list[tuple[str, int, int, date]], random: Random
) -> dict[str, Any]:
    done = datetime(day.year, day.month, day.day, 2, 20, tzinfo=UTC)
    return {
        "number": f"B{number}",
        "version": 1,
        "status": "final",
        "issued_at": done + timedelta(minutes=10),
        "service_completed_at": done,
        "lines": [
            {
                "number": place,
                "category": category,
                "code": f"C{place}",
                "description": category,
                "service_date": on,
                "quantity": quantity,
                "unit_price": {"amount_minor": amount // quantity, "currency": "CNY"},
                "amount": {"amount_minor": amount, "currency": "CNY"},
                "surgery_class": random.choice(_CLASSES) if category == "surgeon" else None,
            }
            for place, (category, amount, quantity, on) in enumerate(lines, 1)
        ],
        "total": {"amount_minor": sum(amount for _, amount, _, _ in lines), "currency": "CNY"},
    }


def _rate(random: Random, day: date) -> ConversionRate:
    return ConversionRate(
        cny_per_hkd=Decimal(random.randint(9_050, 9_350)).scaleb(-4),
        source="invented",
        as_of=datetime(day.year, day.month, day.day, 1, tzinfo=UTC),
    )
