"""Scenarios E3, E8 and E9 at the window: an insured person of his own in every test."""

from __future__ import annotations

from typing import Any

from tests.flows.family_desk import FamilyDesk
from tests.flows.hospital import Body, Episode, Hospital, cny, example, next_number, varied
from tests.flows.simulator import Simulator

WINDOW = "2025-04-10T10:30:00+08:00"
_SIGNED = {
    "text_version": "2024-01",
    "signed_at": "2025-04-10T08:00:00+08:00",
    "channel": "paper",
}
CONSENTS: list[Body] = [
    {"type": "PI_SENSITIVE", **_SIGNED},
    {"type": "PI_PROVIDE", "recipient": "bureau", **_SIGNED},
]
CAPS, POOL = "jiangmen-seed-caps", "jiangmen-pool-2022"
ACCOUNT: Body = {"funder": "personal_account"}


def fund(plan: str) -> Body:
    return {"funder": "basic_insurance", "plan": plan}


def citizen_number(number: int) -> str:
    """An invented mainland identity number with its right check sign."""
    body = f"44070319600101{number % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


class Insured:
    """One person at the bureau; ``number`` is how the bureau calls him."""

    def __init__(self, bureau: Simulator, *, certno: str = "", **row: Any) -> None:
        count = next_number()
        self.bureau = bureau
        self.number = f"P{count:016d}"
        self.certno = certno or citizen_number(count)
        told = {
            "certno": self.certno,
            "insutype": "310",
            "psn_type": "11",
            "area": "440703",
            "benefit": "capped",
            "contracted": ["H44070300001"],
        }
        bureau.tables(persons={self.number: {**told, **row}})

    def may_use(self, holder: Insured, relation: str = "parent", **changes: Any) -> None:
        """The holder's account is shared with this person."""
        row = {"holder": holder.number, "user": self.number, "relation": relation}
        binding = {**row, "approved_on": "2025-01-06", **changes}
        self.bureau.tables(bindings={f"B-{self.number}": binding})

    def binds(
        self, holder: Insured, desk: Hospital, office: Simulator, **changes: Any
    ) -> FamilyDesk:
        """Our own binding for it, approved by the office on the day on which the bureau has it."""
        decision = {"decision": "approve", "decided_on": "2025-01-06"}
        office.tables(decisions={self.certno: decision})
        signed = {"signed_at": "2025-01-03T09:10:00+08:00"}
        family = FamilyDesk(desk, applied_at="2025-01-03T09:15:00+08:00", consent=signed)
        family.pair = (holder.certno, self.certno)
        for side, number in zip(("authoriser", "user"), family.pair, strict=True):
            family.submission[side]["document"] = {"type": "mainland_id", "number": number}
        return family.apply()

    def set(self, **row: Any) -> None:
        self.bureau.tables(persons={self.number: row})


def father(bureau: Simulator, **row: Any) -> Insured:
    told = {
        "insutype": "390",
        "psn_type": "15",
        "paid_date": "2024-11-05",
        "missed_years": 0,
        "late": False,
        "used": {"11/year/2025": "46.00"},
    }
    return Insured(bureau, **{**told, **row})


class BasicVisit:
    """One outpatient visit of an insured person."""

    def __init__(
        self, hospital: Hospital, person: Insured, *coverages: Body, **changes: Any
    ) -> None:
        number = next_number()
        self._hospital = hospital
        kind = "hkid" if person.certno[0].isalpha() else "mainland_id"
        shown = changes.pop("shown", person.certno)
        patient = {"birth_date": "1949-05-01", "documents": [{"type": kind, "number": shown}]}
        self.submission = varied(
            example("episode-2-voucher"),
            visit={"number": f"MZ20250410-{number:05d}", **changes.pop("visit", {})},
            patient=patient,
            coverages=list(coverages),
            consents=[*CONSENTS, *changes.pop("consents", [])],
            **changes,
        )

    def open(self) -> Episode:
        return self._hospital.open(self.submission)


def bill_of(*lines: tuple[str, str], day: str = "2025-04-10", **changes: Any) -> Body:
    """A final bill of (national code, amount) lines."""
    first = example("episode-2-bill-1")["lines"][0]
    made = [
        {
            **first,
            "number": n,
            "code": code,
            "service_date": day,
            "unit_price": cny(amount),
            "amount": cny(amount),
        }
        for n, (code, amount) in enumerate(lines, 1)
    ]
    cents = sum(int(amount.replace(".", "")) for _, amount in lines)
    return varied(
        example("episode-2-bill-1"),
        number=f"MZF20250410-{next_number():05d}",
        issued_at=f"{day}T10:20:00+08:00",
        service_completed_at=f"{day}T10:10:00+08:00",
        lines=made,
        total=cny(f"{cents // 100}.{cents % 100:02d}"),
        **changes,
    )


def owed(hospital: str, **purses: int) -> dict[str, int]:
    """All is paid but what the bureau owes the hospital, purse by purse."""
    found = {}
    for purse, amount in purses.items():
        if amount:
            found[f"hospital:{hospital}:bureau_{purse}_receivable"] = amount
            found[f"bureau:{purse}:committed"] = -amount
    return found
