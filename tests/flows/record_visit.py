"""A voucher visit whose patient is known to eHealth: his codes, his consents, his record."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.flows.hospital import Body, Episode, Hospital, next_number
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import VoucherVisit

DOCTOR = "DR-1024"


def now(minutes: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


def signed(type_: str, **more: Any) -> Body:
    version = "2025-01" if type_.startswith("EHEALTH") else "2026-01"
    return {
        "type": type_,
        "text_version": version,
        "signed_at": now(-60),
        "channel": "paper",
        **more,
    }


RECORDS = [
    {"section": "encounters", "id": "enc-1", "day": "2025-06-03", "code": "AMB", "text": "Cough"},
    {"section": "encounters", "id": "enc-0", "day": "2019-01-05", "code": "AMB", "text": "Old"},
    {"section": "allergies", "id": "alg-1", "day": "2012-08-30", "code": "1", "text": "Penicillin"},
]


class RecordVisit(VoucherVisit):
    """One outpatient visit; ``person`` is how eHealth calls the patient."""

    def __init__(
        self,
        hospital: Hospital,
        voucher: Simulator,
        system: Simulator,
        *,
        consents: tuple[str, ...] = ("EHEALTH_JOIN", "EHEALTH_SHARE"),
        records: list[Body] = RECORDS,
        **changes: Any,
    ) -> None:
        super().__init__(hospital, voucher, **changes)
        self.system = system
        self.person = f"eh-flow-{next_number()}"
        patient = self.submission["patient"]
        row = {
            "document": "HKID",
            "number": patient["documents"][0]["number"].replace("(", "").replace(")", ""),
            "birth_date": patient["birth_date"],
            "joined": True,
            "sharing": True,
            "notice": "email",
            "records": records,
        }
        system.tables(persons={self.person: row})
        self.submission["consents"] = [signed(one) for one in consents]

    def codes(self) -> Body:
        shown = self.system.app("POST", "codes", {"person": self.person})
        return {name: shown[name] for name in ("application_code", "password_code")}

    def request(self, **changes: Any) -> Body:
        return {
            "number": f"RR-{next_number()}",
            "requested_at": now(),
            "requested_by": DOCTOR,
            **self.codes(),
            **changes,
        }

    def switch(self, type_: str, given: bool) -> None:
        self.system.app("PUT", "consents", {"person": self.person, "type": type_, "given": given})

    def notices(self, event: str) -> list[dict[str, Any]]:
        return self.system.journal("notified", person=self.person, event=event)


def deposit_of(episode: Episode, content: bytes, kind: str = "visit_summary") -> Body:
    """Uploads a document and says that it is to be handed in."""
    path = f"{episode.path}/documents?name=summary.pdf"
    episode.hospital.upload(path, content, "application/pdf")
    item = {
        "kind": kind,
        "sha256": hashlib.sha256(content).hexdigest(),
        "made_on": "2026-11-22",
    }
    return {"number": f"RD-{next_number()}", "stated_at": now(), "items": [item]}


def record(episode: Episode, number: str) -> Body:
    answer = episode.hospital.get(f"{episode.path}/record-requests/{number}?by={DOCTOR}")
    assert answer.status_code == 200, answer.text
    content: Body = answer.json()
    return content


def accesses(episode: Episode) -> Body:
    answer = episode.hospital.get(f"{episode.path}/record-accesses")
    assert answer.status_code == 200, answer.text
    content: Body = answer.json()
    return content
