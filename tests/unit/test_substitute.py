"""Who signs for whom: by age on the day of signing, capacity and paper, with pointers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.substitute import age_on, signer_faults
from crossclaim.plans.loader import DATA, load_plans, read_plan

PLAN = load_plans(demonstration=False).find("health-records")
BORN = date(2010, 5, 6)
SIGNER: dict[str, Any] = {
    "capacity": "parent",
    "name": {"en": "HO Tai Man"},
    "document": {"type": "hkid", "number": "AB987654(3)"},
    "paper": "birth-certificate",
    "paper_seen_at": "2026-05-05T09:00:00+08:00",
}


def faults(
    signer: dict[str, Any] | None,
    *,
    day: str = "2026-05-05",
    kind: str = "EHEALTH_SHARE",
    born: date | None = BORN,
) -> list[tuple[str, str]]:
    consent: dict[str, Any] = {"type": kind, "signed_at": f"{day}T10:00:00+08:00"}
    if signer is not None:
        consent["signed_by"] = signer
    own = frozenset({"A1234563"})
    found = signer_faults(Piece(consent, "/consents/0"), PLAN, born, own)
    return [(fault.code, fault.pointer.removeprefix("/consents/0/signed_by")) for fault in found]


def test_the_day_before_the_sixteenth_birthday_another_signs_on_it_the_patient_does() -> None:
    assert faults(None) == [("SIGNER_SUBSTITUTE_NEEDED", "")]
    assert faults(SIGNER) == []
    assert faults(None, day="2026-05-06") == []
    assert faults(SIGNER, day="2026-05-06") == [("SIGNER_NOT_NEEDED", "")]


def test_consents_towards_others_are_not_judged_by_ehealths_age() -> None:
    assert faults(None, kind="PI_SENSITIVE") == []


def test_a_carer_signs_for_the_incapable_and_not_for_a_child() -> None:
    carer = {**SIGNER, "capacity": "carer"}
    assert faults(carer) == [("SIGNER_CAPACITY", "/capacity")]
    incapable = {**carer, "patient_incapable": True, "paper": "medical-certificate"}
    assert faults(incapable, born=date(1940, 1, 1)) == []
    assert faults(carer, born=date(1940, 1, 1)) == [("SIGNER_NOT_NEEDED", "")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": {}}, ("SIGNER_NAME_MISSING", "/name")),
        (
            {"document": {"type": "hkid", "number": "AB987654(4)"}},
            ("HKID_CHECK_DIGIT", "/document/number"),
        ),
        (
            {"document": {"type": "hkid", "number": "A123456(3)"}},
            ("SIGNER_IS_PATIENT", "/document/number"),
        ),
        ({"paper_seen_at": "2026-05-05T10:00:01+08:00"}, ("SIGNER_PAPER_LATE", "/paper_seen_at")),
    ],
)
def test_every_slip_about_the_signer_has_its_pointer(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    (found,) = faults({**SIGNER, **changes})
    assert found[1] == expected[1]
    assert found[0] == expected[0] or found[0].startswith("HKID_")


def test_what_is_unreadable_hides_nothing_of_its_neighbours() -> None:
    broken = {**SIGNER, "capacity": 7, "name": {}, "document": "?"}
    assert faults(broken) == [("SIGNER_NAME_MISSING", "/name")]


def test_an_age_is_whole_years_and_a_leap_days_child_waits_for_march() -> None:
    assert age_on(date(2008, 2, 29), date(2024, 2, 28)) == 15
    assert age_on(date(2008, 2, 29), date(2024, 2, 29)) == 16
    assert age_on(date(2008, 2, 29), date(2023, 2, 28)) == 14
    assert age_on(date(2008, 2, 29), date(2023, 3, 1)) == 15


def test_a_figure_that_nobody_knows_sends_the_case_to_a_person() -> None:
    text = (DATA / "health-records.yaml").read_text("utf-8")
    unknown = read_plan(
        text.replace("{2024-01-01: 16}", "{2024-01-01: unknown}"), "health-records.yaml"
    )
    consent = {"type": "EHEALTH_JOIN", "signed_at": "2026-05-05T10:00:00+08:00"}
    (found,) = signer_faults(Piece(consent), unknown, BORN, frozenset())
    assert (found.code, found.pointer) == ("RECORD_RULE_MISSING", "/signed_by")


def test_without_a_plan_or_a_birth_date_no_age_is_made_up() -> None:
    assert faults(None, born=None) == []
    consent = {"type": "EHEALTH_JOIN", "signed_at": "2026-05-05T10:00:00+08:00"}
    assert list(signer_faults(Piece(consent), None, BORN, frozenset())) == []
