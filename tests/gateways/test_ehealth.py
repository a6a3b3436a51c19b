"""The eHealth gateway against the simulator, and against answers that no honest system gives."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from activities.ports import RecordSystem
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.health_record import (
    ConsentReport,
    DepositOrder,
    RecordOrder,
    RecordPerson,
    Unusable,
    unusable,
)
from crossclaim.domain.record_submission import RecordSection
from crossclaim.domain.submission import DocumentType, IdentityDocument
from crossclaim.gateways.ehealth import ANSWER_LIMIT_BYTES, EhealthGateway
from crossclaim.gateways.fhir_record import NotFhir, read_record
from crossclaim.gateways.http import PartyHttp
from tests.gateways.raw_party import RawParty, answer, hang
from tests.gateways.simulated_party import API_KEY, SimulatedParty

NOW = "2026-11-22T10:00:00+08:00"
MO = RecordPerson(
    document=IdentityDocument(type=DocumentType.HKID, number="A123456(3)"),
    birth_date=date(1949, 5, 1),
)
ORDER = RecordOrder(
    reference="RQ1",
    institution="GBA-JM01",
    person=MO,
    window_from=date(2023, 11, 22),
    window_until=date(2026, 11, 22),
    sections=list(RecordSection),
    requested_by="DR-1",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("ehealth", tmp_path_factory.mktemp("ehealth")) as party:
        yield party


@pytest.fixture
def system(running: SimulatedParty) -> SimulatedParty:
    running.reset(NOW)
    return running


@pytest.fixture
def gateway(system: SimulatedParty) -> Iterator[EhealthGateway]:
    http = system.http(timeout_s=3.0, answer_limit_bytes=ANSWER_LIMIT_BYTES)
    yield EhealthGateway(http)
    http.close()


def order(system: SimulatedParty, reference: str = "RQ1", person: str = "eh-0001") -> RecordOrder:
    shown = httpx.post(
        f"{system.url}/_control/app/codes", json={"person": person}, trust_env=False
    ).json()
    return ORDER.model_copy(
        update={
            "reference": reference,
            "application_code": shown["application_code"],
            "password_code": shown["password_code"],
        }
    )


def gateway_to(party: RawParty) -> EhealthGateway:
    return EhealthGateway(PartyHttp(party.url, API_KEY, None, 2.0, "ehealth"))


def test_the_gateway_is_the_port_that_activities_expect(gateway: EhealthGateway) -> None:
    port: RecordSystem = gateway
    assert port is gateway


def test_a_record_is_read_with_its_notice_and_found_again(
    gateway: EhealthGateway, system: SimulatedParty
) -> None:
    asked = order(system)
    assert gateway.find_request(asked.reference) is None
    found = gateway.request(asked)
    assert unusable(found, asked) is None
    assert found.record is not None and found.notice is not None
    assert [e.id for e in found.record.entries] == ["enc-1", "enc-2", "alg-1", "med-1", "lab-1"]
    assert [e.value for e in found.record.entries if e.value] == ["88 umol/L"]
    assert found.notice.means == "sms"
    assert gateway.request(asked) == found == gateway.find_request(asked.reference)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("other_patient", Unusable.OTHER_PATIENT),
        ("mixed_patients", Unusable.OTHER_PATIENT),
        ("not_fhir", Unusable.NOT_FHIR),
        ("outside_window", Unusable.OUTSIDE_WINDOW),
        ("contradicts", Unusable.CONTRADICTS),
        ("other_reference", Unusable.OTHER_REQUEST),
        ("no_notice", None),
    ],
)
def test_every_spoilt_answer_is_recognised(
    gateway: EhealthGateway, system: SimulatedParty, fault: str, why: Unusable | None
) -> None:
    asked = order(system)
    system.script(fault, match={"operation": "request"})
    assert unusable(gateway.request(asked), asked) is why


def test_refusals_are_final_and_carry_the_systems_code(
    gateway: EhealthGateway, system: SimulatedParty
) -> None:
    gateway.request(order(system))
    used = order(system).model_copy(update={"reference": "RQ2"})
    gateway.request(used)
    with pytest.raises(Final) as again:
        gateway.request(used.model_copy(update={"reference": "RQ3"}))
    assert again.value.code == "CODE_USED"
    assert used.application_code not in str(again.value)
    with pytest.raises(Final) as other:
        gateway.request(order(system, "RQ4", "eh-0002"))
    assert other.value.code == "CODE_OF_ANOTHER_PERSON"


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("error_500", OutcomeUnknown, "HTTP_500"),
        ("down", Retryable, "UNAVAILABLE"),
        ("accepted_answer_lost", OutcomeUnknown, "CONNECTION_LOST"),
    ],
)
def test_a_lost_answer_is_unknown_and_found_under_its_reference(
    gateway: EhealthGateway, system: SimulatedParty, fault: str, kind: type, code: str
) -> None:
    asked = order(system)
    system.script(fault, match={"operation": "request"})
    with pytest.raises(kind) as lost:
        gateway.request(asked)
    assert code in (lost.value.code, "HTTP_500")  # type: ignore[attr-defined]
    found = gateway.find_request(asked.reference)
    assert (found is None) == (fault != "accepted_answer_lost")


def test_documents_and_consents_get_receipts_and_are_found_again(
    gateway: EhealthGateway, system: SimulatedParty
) -> None:
    content = b"%PDF-1.7"
    sha256 = "0c8c9a9d0d9b3e0d".ljust(64, "0")
    given = DepositOrder(
        reference="RD1",
        institution="GBA-JM01",
        person=MO,
        kind="visit_summary",
        made_on=date(2026, 11, 22),
        content_type="application/pdf",
        sha256=sha256,
        content=content,
    )
    with pytest.raises(Final) as differs:
        gateway.deposit(given)
    assert differs.value.code == "CONTENT_DIFFERS"
    right = given.model_copy(update={"sha256": hashlib.sha256(content).hexdigest()})
    assert gateway.find_deposit("RD1") is None
    receipt = gateway.deposit(right)
    assert receipt == gateway.deposit(right) == gateway.find_deposit("RD1")
    assert receipt.sha256 == right.sha256
    report = ConsentReport(
        reference="RC1",
        institution="GBA-JM01",
        person=MO,
        type="EHEALTH_SHARE",
        given=False,
        changed_at=datetime(2026, 11, 22, 2, tzinfo=UTC),
        signer="patient",
    )
    told = gateway.report_consent(report)
    assert told.notice is not None
    assert told == gateway.find_consent_report("RC1")
    with pytest.raises(Final) as refused:
        gateway.request(order(system))
    assert refused.value.code == "SHARING_NOT_GIVEN"


def test_a_bare_404_proves_no_absence() -> None:
    with RawParty(answer(404, b'{"code": "NOT_FOUND"}')) as party, pytest.raises(Final):
        gateway_to(party).find_request("RQ1")


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b'{"reference": 7, "institution": "x"}',
        b'{"reference": "RQ1"}',
        b'{"reference": "RQ1", "reference": "RQ1", "institution": "x"}',
        b'{"reference": "RQ1", "institution": "x", "notice": {"number": "1"}}',
        b'{"reference": "RQ1", "institution": "x", "notice": {"number": "1", "means": "pigeon",'
        b' "sent_at": "2026-11-22T10:00:00+08:00"}}',
    ],
)
def test_an_envelope_that_cannot_be_read_leaves_the_outcome_unknown(body: bytes) -> None:
    with RawParty(answer(201, body)) as party, pytest.raises(OutcomeUnknown) as unknown:
        gateway_to(party).request(ORDER)
    assert unknown.value.code == "ANSWER_UNREADABLE"


def test_a_system_that_says_nothing_leaves_the_outcome_unknown() -> None:
    with RawParty(hang) as party, pytest.raises(OutcomeUnknown) as unknown:
        gateway_to(party).request(ORDER)
    assert unknown.value.code == "TIMED_OUT"


def bundle(*resources: Any, **changes: Any) -> dict[str, Any]:
    patient = {"resourceType": "Patient", "id": "p", "birthDate": "1949-05-01"}
    entries = [{"resource": r} for r in (patient, *resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | changes


def encounter(**changes: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": "e",
        "subject": {"reference": "Patient/p"},
        "reasonCode": [{"text": "cough"}],
        "period": {"start": "2026-01-01"},
    } | changes


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "Bundle",
        {"resourceType": "Patient"},
        bundle(type="transaction"),
        bundle(entry={}),
        bundle(entry=[{"resource": 7}]),
        bundle(entry=[{"resource": {"resourceType": "Patient"}}]),
        bundle(entry=[{"resource": {"resourceType": "Patient", "id": "../etc"}}]),
        bundle(encounter(subject={"reference": "Group/p"})),
        bundle(encounter(subject={"reference": "Patient/"})),
        bundle(encounter(subject={"reference": "https://elsewhere.example/Patient/p"})),
        bundle(encounter(subject=None)),
        bundle(encounter(period="2026")),
        bundle(encounter(period={"start": "2026-02-30"})),
        bundle(encounter(period={"start": "2026-02"})),
        bundle(encounter(period={"start": 20260101})),
        bundle(encounter(reasonCode=[{"text": "x" * 501}])),
        bundle({"resourceType": "Observation", "id": "o", "subject": {"reference": "Patient/p"}})
        | {"entry": [{"resource": {"resourceType": "Claim", "id": "c"}}]},
        bundle(entry=[{"resource": encounter()}] * 5001),
    ],
    ids=lambda content: json.dumps(content)[:60],
)
def test_what_is_no_record_that_we_know_is_none_at_all(content: Any) -> None:
    with pytest.raises(NotFhir):
        read_record(content)


def test_a_moment_is_told_as_the_regions_day() -> None:
    period = {"start": "2026-01-01T18:00:00Z", "end": "2026-01-02T18:00:00Z"}
    record = read_record(bundle(encounter(period=period)))
    (entry,) = record.entries
    assert (entry.begun_on, entry.ended_on) == (date(2026, 1, 2), date(2026, 1, 3))
