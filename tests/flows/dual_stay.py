"""Scenario E11 from consent to discharge: A with HK$30,000 left of its year, then B."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.flows.hospital import Body, Episode, Hospital, cny, example, next_number, varied

ADMITTED = {"admitted_at": "2026-04-07T09:20:00+08:00"}
DISCHARGED = {"discharged_at": "2026-04-10T10:00:00+08:00"}
AT_DISCHARGE = "2026-04-10T10:50:00+08:00"
HARBOUR, MUTUAL, PEARL = "harbour-life", "kowloon-mutual", "pearl-assurance"
NETWORK, SCALE = "gba-network-hk", "hospital-scale-hk"
STAY = {"room": "3600.00", "surgeon": "25000.00", "theatre": "15000.00", "miscellaneous": "8400.00"}
CODES = {
    "room": "BED-INTL-S",
    "surgeon": "SUR-MJ-02",
    "theatre": "OT-L3",
    "miscellaneous": "MISC-IP-2",
}


class Cover(NamedTuple):
    """What is claimed of one insurer, and what is stated of its cover."""

    organisation: str
    plan: str
    series: str
    stated: Body


def first_there(series: str = "HL-2025-E11A") -> Cover:
    used = {"amount": "970000.00", "currency": "HKD"}
    stated = {"order": 1, "covered_since": "2025-01-01", "annual_benefit_used": used}
    return Cover(HARBOUR, NETWORK, series, stated)


def second_here(year: int) -> Cover:
    """B by our own book of policies; from year 4 on nobody asks about the condition."""
    condition = {} if year == 4 else {"pre_existing": True}
    return Cover(MUTUAL, SCALE, f"KM-2025-E11B{year}", {"order": 2, **condition})


def second_there() -> Cover:
    """B in its third policy year, by a system of its own."""
    stated = {"order": 2, "covered_since": "2024-04-07", "pre_existing": True}
    return Cover(PEARL, SCALE, "PA-2025-E11B", stated)


class DualStay:
    """One stay at the international centre with policies that nobody else has."""

    def __init__(self, hospital: Hospital, *covers: Cover) -> None:
        number = next_number()
        self._hospital = hospital
        self.policies = {c.organisation: f"{c.series}-{number}" for c in covers}
        inpatient = example("episode-1-inpatient")
        self.submission = varied(
            inpatient,
            visit={
                "number": f"ZY20260407-{number:05d}",
                "planned_admission": "2026-04-07T09:00:00+08:00",
                "guarantee_requested_at": "2026-03-30T09:00:00+08:00",
            },
            coverages=[self._coverage(cover) for cover in covers],
            consents=_consents(inpatient, [c.organisation for c in covers]),
            estimate=cny("52000.00"),
        )
        self.bill = varied(
            example("episode-1-bill-final"),
            number=f"F20260410-{number:05d}",
            issued_at="2026-04-10T10:30:00+08:00",
            lines=[_line(n, c, STAY[c]) for n, c in enumerate(STAY, 1)],
            total=cny("52000.00"),
            documents=[],
        )

    def _coverage(self, cover: Cover) -> Body:
        return {
            "funder": "insurer",
            "organisation": cover.organisation,
            "plan": cover.plan,
            "policy_number": self.policies[cover.organisation],
            **cover.stated,
        }

    def open(self) -> Episode:
        return self._hospital.open(self.submission)

    def until_discharge(self) -> Episode:
        episode = self.open()
        episode.say("admission", ADMITTED)
        episode.say("discharge", DISCHARGED)
        return episode

    def billed_before_discharge(self, paid: str) -> Episode:
        """All is said but the discharge, from which on claims go out."""
        episode = self.open()
        episode.say("admission", ADMITTED)
        split = episode.say("bills", self.bill)
        suffix = split["bill"]["id"].partition("_")[2]
        self.claims = (f"CL{suffix}", f"CL{suffix}-2")
        self.payouts = (f"PO{suffix}", f"PO{suffix}-2")
        if paid != "0.00":
            episode.tender(self.bill, paid, AT_DISCHARGE)
        return episode


def _consents(inpatient: Body, insurers: list[str]) -> list[Body]:
    found = []
    for consent in inpatient["consents"]:
        if "recipient" in consent:
            found += [{**consent, "recipient": insurer} for insurer in insurers]
        else:
            found.append(consent)
    return found


def _line(number: int, category: str, amount: str) -> Body:
    line: dict[str, Any] = {
        "number": number,
        "category": category,
        "code": CODES[category],
        "description": category,
        "service_date": "2026-04-08",
        "quantity": 3 if category == "room" else 1,
        "unit_price": cny("1200.00" if category == "room" else amount),
        "amount": cny(amount),
    }
    return line | ({"surgery_class": "major"} if category == "surgeon" else {})


def parts(split: Body) -> dict[str, str]:
    """Insurer, or funder → CNY of a window's answer."""
    return {t["organisation"] or t["funder"]: t["amount"]["amount"] for t in split["totals"]}
