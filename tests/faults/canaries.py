"""Two invented patients, every particular of whom occurs nowhere else in the world of a test."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

from tests.faults.house import House, Row

MODEL_POLICY = "HL-2025-000053"


@dataclass(frozen=True)
class Person:
    english: str
    chinese: str
    birth_date: str
    hkid: str
    mobile: str
    diagnosis: str
    diagnosis_text: str
    permit: str = ""
    policy: str = ""
    account: str = ""
    service: str = ""
    document_name: str = ""
    document_text: str = ""

    def secrets(self) -> list[str]:
        """All particulars; of names each word, of the identity number what stands before "("."""
        others = {"english": "", "hkid": self.hkid.partition("(")[0]}
        found = [value for value in {**vars(self), **others}.values() if value]
        return [*found, *self.english.split()]

    def enter(self, episode: Row) -> None:
        """Writes the person into an example episode in place of the example's."""
        documents = [{"type": "hkid", "number": self.hkid}]
        if self.permit:
            documents.append({"type": "home_return_permit", "number": self.permit})
        episode["patient"] = {
            "name": {"zh": self.chinese, "en": self.english},
            "birth_date": self.birth_date,
            "documents": documents,
            "mobile": self.mobile,
        }
        found = {"system": "icd-10", "code": self.diagnosis, "text": self.diagnosis_text}
        episode["diagnoses"] = [found]


INPATIENT = Person(
    english="QUILLFEATHER Xanthippe",
    chinese="龘靐鱻",
    birth_date="1957-08-23",
    hkid="XQ746183(7)",
    mobile="+85298765091",
    diagnosis="W56.2",
    diagnosis_text="Contact with orca, sequela of the canary",
    permit="H7391846205",
    policy="HL-2025-QX7731946",
    account="6200731946285019",
    service="Removal of a canary feather, laparoscopic",
    document_name="quillfeather-operation-note.pdf",
    document_text="The canary sang before the operation",
)
OUTPATIENT = Person(
    english="BRACKENTHWAITE Ottoline",
    chinese="齾爩麤",
    birth_date="1949-11-03",
    hkid="W918273(2)",
    mobile="+85264930718",
    diagnosis="V91.0",
    diagnosis_text="Burn due to water-skis on fire, canary",
)
REFUSED_HKID = "YZ583920(4)"
"""A number whose check digit is wrong: what is refused must not be told to the logs either."""


def make_known(house: House) -> None:
    """Tells the voucher system and the insurer of the two."""
    text = files("crossclaim.simulators").joinpath("data/insurer.yaml").read_text("utf-8")
    tables: dict[str, Any] = yaml.safe_load(text)
    policy = copy.deepcopy(tables["harbour-life"]["policies"][MODEL_POLICY])
    house.control("harbour-life", "tables", {"policies": {INPATIENT.policy: policy}})
    account = {
        "document": "HKID",
        "number": OUTPATIENT.hkid.replace("(", "").replace(")", ""),
        "birth_date": OUTPATIENT.birth_date,
        "balance_hkd": 8000,
        "ehealth_joined": True,
    }
    house.control("voucher", "tables", {"accounts": {"va-canary": account}})
