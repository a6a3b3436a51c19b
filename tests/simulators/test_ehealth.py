"""The eHealth simulator over its wire: what it decides, remembers, tells patients and spoils."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.simulators.party_process import PartyProcess, running

NOW = "2026-11-22T10:00:00+08:00"
PERSON = {"document": {"type": "HKID", "number": "A1234563"}, "birth_date": "1949-05-01"}
SECTIONS = ["encounters", "allergies", "medicines", "laboratory"]


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PartyProcess]:
    with running("ehealth", tmp_path_factory.mktemp("ehealth")) as process:
        yield process


@pytest.fixture
def ehealth(process: PartyProcess) -> PartyProcess:
    process.reset()
    process.set_clock(NOW)
    return process


def post(ehealth: PartyProcess, path: str, body: Any) -> httpx.Response:
    return ehealth.client.post(f"/ehealth/v1{path}", json=body, headers={"Idempotency-Key": "k"})


def codes(ehealth: PartyProcess, person: str = "eh-0001") -> dict[str, str]:
    answer = ehealth.client.post("/_control/app/codes", json={"person": person})
    assert answer.status_code == 200, answer.text
    shown: dict[str, str] = answer.json()
    del shown["expires_at"]
    return shown


def asking(shown: dict[str, str], reference: str = "r-1", **changes: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "institution": "GBA-JM01",
        "person": PERSON,
        "from": "2023-11-22",
        "until": "2026-11-22",
        "sections": SECTIONS,
        "requested_by": "DR-1",
        **shown,
        **changes,
    }


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def ids(answer: httpx.Response) -> list[str]:
    bundle = answer.json()["record"]
    return [entry["resource"]["id"] for entry in bundle["entry"]]


def test_a_record_of_the_years_asked_for_is_given_once_and_the_patient_told(
    ehealth: PartyProcess,
) -> None:
    body = asking(codes(ehealth))
    first, second = post(ehealth, "/record-requests", body), post(ehealth, "/record-requests", body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert ids(first) == ["eh-0001", "enc-1", "enc-2", "alg-1", "med-1", "lab-1"]
    (notice,) = ehealth.journal("notified")
    assert (notice["event"], notice["means"]) == ("access", "sms")
    assert first.json()["notice"]["number"] == notice["number"]
    found = ehealth.client.get("/ehealth/v1/record-requests/r-1")
    assert found.json() == first.json()


def test_only_the_parts_and_days_that_were_asked_for_are_given(ehealth: PartyProcess) -> None:
    body = asking(codes(ehealth), sections=["encounters"], **{"from": "2026-01-01"})
    assert ids(post(ehealth, "/record-requests", body)) == ["eh-0001", "enc-1"]


def test_codes_are_used_once_belong_to_one_person_and_run_out(ehealth: PartyProcess) -> None:
    shown = codes(ehealth)
    assert post(ehealth, "/record-requests", asking(shown)).status_code == 201
    again = post(ehealth, "/record-requests", asking(shown, "r-2"))
    assert refused(again) == (409, "CODE_USED")
    other = post(ehealth, "/record-requests", asking(codes(ehealth, "eh-0002"), "r-3"))
    assert refused(other) == (409, "CODE_OF_ANOTHER_PERSON")
    mixed = {**codes(ehealth), "password_code": shown["password_code"]}
    assert refused(post(ehealth, "/record-requests", asking(mixed, "r-4"))) == (409, "CODE_UNKNOWN")
    late = codes(ehealth)
    ehealth.set_clock("2026-11-22T10:10:01+08:00")
    assert refused(post(ehealth, "/record-requests", asking(late, "r-5"))) == (409, "CODE_EXPIRED")
    assert refused(post(ehealth, "/record-requests", asking({}, "r-6"))) == (409, "CODE_MISSING")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"institution": "GBA-XX99"}, (403, "INSTITUTION_NOT_DESIGNATED")),
        ({"person": {**PERSON, "birth_date": "1950-01-01"}}, (404, "PERSON_NOT_FOUND")),
        ({"from": "2020-01-01"}, (422, "WINDOW_TOO_LONG")),
        ({"sections": ["secrets"]}, (422, "REQUEST_INVALID")),
    ],
)
def test_what_may_not_be_asked_is_refused(
    ehealth: PartyProcess, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    answer = post(ehealth, "/record-requests", asking(codes(ehealth), **changes))
    assert refused(answer) == expected


def test_a_reference_with_another_body_is_refused(ehealth: PartyProcess) -> None:
    post(ehealth, "/record-requests", asking(codes(ehealth)))
    other = asking(codes(ehealth), requested_by="DR-2")
    assert refused(post(ehealth, "/record-requests", other)) == (409, "REFERENCE_REUSED")


def test_the_app_ends_sharing_at_any_time_and_the_patient_is_told(ehealth: PartyProcess) -> None:
    switch = {"person": "eh-0001", "type": "sharing", "given": False}
    assert ehealth.client.put("/_control/app/consents", json=switch).status_code == 200
    answer = post(ehealth, "/record-requests", asking(codes(ehealth)))
    assert refused(answer) == (403, "SHARING_NOT_GIVEN")
    assert [n["event"] for n in ehealth.journal("notified")] == ["consent"]


def test_a_hospital_reports_a_consent_once_and_it_holds(ehealth: PartyProcess) -> None:
    person = {"document": {"type": "HKID", "number": "ZZ000000A"}, "birth_date": "1961-08-22"}
    change = {
        "reference": "c-1",
        "institution": "GBA-JM01",
        "person": person,
        "type": "sharing",
        "given": True,
        "changed_at": NOW,
        "signer": "patient",
    }
    first, second = post(ehealth, "/consents", change), post(ehealth, "/consents", change)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["notice"]["means"] == "post"
    assert len(ehealth.journal("consent_changed")) == 1
    body = asking(codes(ehealth, "eh-0003"), person=person)
    assert post(ehealth, "/record-requests", body).status_code == 201


def deposit(reference: str = "d-1", content: bytes = b"summary", **changes: Any) -> dict[str, Any]:
    return {
        "reference": reference,
        "institution": "GBA-JM01",
        "person": PERSON,
        "kind": "visit_summary",
        "made_on": "2026-11-22",
        "content_type": "application/pdf",
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": base64.b64encode(content).decode(),
    } | changes


def test_a_document_is_taken_once_by_the_joining_consent(ehealth: PartyProcess) -> None:
    first = post(ehealth, "/deposits", deposit())
    assert first.status_code == 201
    assert post(ehealth, "/deposits", deposit()).json() == first.json()
    assert len(ehealth.journal("deposited")) == 1
    wrong = deposit("d-2", sha256="0" * 64)
    assert refused(post(ehealth, "/deposits", wrong)) == (422, "CONTENT_DIFFERS")
    ehealth.set_tables({"persons": {"eh-0001": {"joined": False}}})
    assert refused(post(ehealth, "/deposits", deposit("d-3"))) == (403, "NOT_JOINED")


def test_it_survives_being_killed(ehealth: PartyProcess) -> None:
    shown = codes(ehealth)
    first = post(ehealth, "/record-requests", asking(shown))
    ehealth.restart_after_kill()
    assert ehealth.client.get("/ehealth/v1/record-requests/r-1").json() == first.json()
    again = post(ehealth, "/record-requests", asking(shown, "r-2"))
    assert refused(again) == (409, "CODE_USED")


def test_an_answer_can_be_lost_after_the_code_was_used(ehealth: PartyProcess) -> None:
    ehealth.set_faults({"match": {"operation": "request"}, "fault": "accepted_answer_lost"})
    shown = codes(ehealth)
    with pytest.raises(httpx.TransportError):
        post(ehealth, "/record-requests", asking(shown))
    assert ehealth.client.get("/ehealth/v1/record-requests/r-1").status_code == 200


@pytest.mark.parametrize(
    "fault", ["other_patient", "mixed_patients", "not_fhir", "outside_window", "contradicts"]
)
def test_records_are_spoilt_on_demand(ehealth: PartyProcess, fault: str) -> None:
    right = post(ehealth, "/record-requests", asking(codes(ehealth))).json()["record"]
    ehealth.set_faults({"match": {"operation": "request"}, "fault": fault})
    spoilt = post(ehealth, "/record-requests", asking(codes(ehealth), "r-2")).json()["record"]
    assert spoilt != right


def test_the_direct_link_of_the_authority_takes_no_codes(tmp_path: Path) -> None:
    with running("ehealth", tmp_path, "--profile=hospital-authority") as authority:
        authority.set_clock(NOW)
        authority.set_tables({"persons": {"eh-0001": {"sharing": False}}})
        assert post(authority, "/record-requests", asking({})).status_code == 201
