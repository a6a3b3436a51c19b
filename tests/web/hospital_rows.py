"""A hospital's episodes and bills as rows of batch files."""

from __future__ import annotations

from typing import Any

from crossclaim.domain import bill_file, episode_file

Body = dict[str, Any]


def episode_rows(episode: Body) -> list[dict[str, str]]:
    """One row a coverage; consents that were signed together."""
    visit, patient = episode["visit"], episode["patient"]
    consents = [
        f"{one['type']}:{one['recipient']}" if "recipient" in one else one["type"]
        for one in episode["consents"]
    ]
    signed = episode["consents"][0]
    about = {
        "visit_number": visit["number"],
        "hospital": episode["hospital"],
        **{
            name: str(visit.get(name, ""))
            for name in (
                *("encounter_class", "department", "channel", "service", "planned_admission"),
                *("planned_nights", "guarantee_requested_at"),
            )
        },
        "patient_name_en": patient["name"].get("en", ""),
        "patient_name_zh": patient["name"].get("zh", ""),
        "birth_date": patient["birth_date"],
        "mobile": patient.get("mobile", ""),
        "diagnosis": episode["diagnoses"][0]["code"],
        "estimate": episode.get("estimate", {}).get("amount", ""),
        "consents": "; ".join(consents),
        "consents_text_version": signed["text_version"],
        "consents_signed_at": signed["signed_at"],
        "consents_channel": signed["channel"],
    }
    for place, one in zip(("document", "document_2"), patient["documents"], strict=False):
        about |= {f"{place}_type": one["type"], f"{place}_number": one["number"]}
    empty = dict.fromkeys(episode_file.COLUMNS, "")
    return [empty | about | cover for cover in episode["coverages"]]


def bill_rows(bill: Body, visit: str) -> list[dict[str, str]]:
    """One row a charge line."""
    about = {
        "visit_number": visit,
        "bill_number": bill["number"],
        "bill_version": str(bill["version"]),
        "status": bill["status"],
        "issued_at": bill["issued_at"],
        "service_completed_at": bill.get("service_completed_at", ""),
        "total": bill["total"]["amount"],
    }
    empty = dict.fromkeys(bill_file.COLUMNS, "")
    return [empty | about | _line(line) for line in bill["lines"]]


def _line(line: Body) -> dict[str, str]:
    names = ("category", "code", "description", "service_date", "quantity")
    return {
        **{name: str(line[name]) for name in names},
        "unit_price": line["unit_price"]["amount"],
        "amount": line["amount"]["amount"],
        "surgery_class": line.get("surgery_class", ""),
    }
