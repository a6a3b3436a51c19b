"""Takes a FHIR claim apart into submissions, judges them together, and enters one after the other.

Everything is judged before anything is entered, so a refused message leaves nothing behind. Sent
again, each part is answered as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from starlette.requests import Request

from crossclaim.api.body import parse_json, read_body
from crossclaim.api.entry import canonical, context_for, enter
from crossclaim.api.fhir_claim import FhirSubmission, read_claim_bundle
from crossclaim.api.fhir_fault import check_content_type
from crossclaim.api.services import Answer, ApiServices
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Refused
from crossclaim.domain.faults import faults_of, refusal_text
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import SubmissionKind, Wire
from crossclaim.security.roles import Principal


class FhirMessage(NamedTuple):
    resource: dict[str, Any]
    submission: FhirSubmission


async def read_message(request: Request, limit_bytes: int) -> FhirMessage:
    """Raises ``Refused`` with every fault that FHIR itself has with the message."""
    check_content_type(request.headers.get("content-type"))
    resource = parse_json(await read_body(request, limit_bytes), exact=True)
    return FhirMessage(resource, read_claim_bundle(resource))


async def claim_submitted(
    services: ApiServices,
    principal: Principal,
    submission: FhirSubmission,
    idempotency_key: str | None,
) -> Answer:
    """The bill's answer. Raises ``Refused`` with the faults of all parts."""
    stay = _stay_of(submission)
    context = context_for(services, principal, stay)
    faults = [
        placed
        for kind, part, origins in _parts(submission)
        for placed in _placed(faults_of(kind, part, services.reference, context), origins)
    ]
    if faults:
        raise Refused(refusal_text(len(faults)), faults)
    answer: Answer | None = None
    for kind, part, _ in _parts(submission):
        answer = await enter(
            services,
            principal,
            kind,
            canonical(part),
            episode_id=answer.episode_id if answer else None,
            stay=stay,
            idempotency_key=None if answer else idempotency_key,
        )
    assert answer is not None
    return answer


def _parts(submission: FhirSubmission) -> Iterator[tuple[SubmissionKind, Wire, dict[str, str]]]:
    yield SubmissionKind.EPISODE, submission.episode, submission.episode_origins
    if submission.admission:
        yield SubmissionKind.ADMISSION, submission.admission, _PERIOD
    if submission.discharge:
        yield SubmissionKind.DISCHARGE, submission.discharge, _PERIOD
    yield SubmissionKind.BILL, submission.bill, submission.bill_origins


_PERIOD = {"/admitted_at": "Encounter.period.start", "/discharged_at": "Encounter.period.end"}


def _stay_of(submission: FhirSubmission) -> Stay:
    return Stay(
        hospital=submission.episode.hospital,
        encounter_class=submission.episode.visit.encounter_class,
        birth_date=submission.episode.patient.birth_date,
        admitted_at=submission.admission.admitted_at if submission.admission else None,
        discharged_at=submission.discharge.discharged_at if submission.discharge else None,
    )


def _placed(faults: list[Fault], origins: Mapping[str, str]) -> Iterator[Fault]:
    """The same faults, each at its place in the message, or at what encloses it there."""
    for fault in faults:
        pointer = fault.pointer
        while pointer and pointer not in origins:
            pointer = pointer.rpartition("/")[0]
        yield fault.model_copy(update={"pointer": origins.get(pointer, "Bundle")})
