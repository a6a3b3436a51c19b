"""Claims with papers as rows of a batch file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from crossclaim.domain.claim_file import COLUMNS

Body = dict[str, Any]


def rows_of(claim: Body) -> list[dict[str, str]]:
    """One row a charge line."""
    patient, account = claim["patient"], claim["account"]
    about = {
        "claim_number": claim["number"],
        "policy_number": claim["policy_number"],
        "plan": claim["plan"],
        "hospital": claim["hospital"],
        "patient_name_en": patient["name"]["en"],
        "birth_date": patient["birth_date"],
        "document_type": patient["documents"][0]["type"],
        "document_number": patient["documents"][0]["number"],
        "diagnosis": claim["diagnoses"][0]["code"],
        "account_holder": account["holder"],
        "account_number": account["number"],
        "bank_name": account["bank_name"],
        "bank_code": account["bank_code"],
        "requested_at": claim["requested_at"],
    }
    empty = dict.fromkeys(COLUMNS, "")
    return [
        empty | about | _paper(paper) | _line(line)
        for paper in claim["papers"]
        for line in paper["lines"]
    ]


def _paper(paper: Body) -> dict[str, str]:
    ebill = paper["ebill"]
    return {
        "paper_number": paper["number"],
        "encounter_class": paper["encounter_class"],
        "department": paper["department"],
        "issued_at": paper["issued_at"],
        "paper_total": paper["total"]["amount"],
        "paid_by": paper["paid"][0]["method"],
        "paid_reference": paper["paid"][0]["reference"],
        "ebill_code": ebill["code"],
        "ebill_number": ebill["number"],
        "ebill_check": ebill["check"],
        "ebill_issued_on": ebill["issued_on"],
    }


def _line(line: Body) -> dict[str, str]:
    names = ("category", "code", "description", "service_date", "quantity")
    return {
        **{name: str(line[name]) for name in names},
        "unit_price": line["unit_price"]["amount"],
        "amount": line["amount"]["amount"],
    }


def write(file: Path, rows: Iterable[dict[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, COLUMNS)
        out.writeheader()
        out.writerows(rows)
    return file
