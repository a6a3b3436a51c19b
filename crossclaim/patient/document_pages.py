"""What was asked of a patient: he sends a document, or says why it cannot be had."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.api.file_gate import taken
from crossclaim.api.services import LinkedItem
from crossclaim.documents.inspection.gate import FIRST_BYTES
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.errors import NotFound, Refused
from crossclaim.domain.information_rows import WANTED
from crossclaim.domain.information_submission import NotHad
from crossclaim.domain.patient_bearer import Sight
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.domain.submission import SubmissionKind
from crossclaim.patient.entrance import episode_path, form_of, id_of
from crossclaim.patient.sending import sent
from crossclaim.patient.services import OwnRecord, PatientSession, services_of
from crossclaim.patient.view import page
from crossclaim.patient.words import WORDS


async def send_document(request: Request) -> Response:
    session, episode_id, form = await form_of(request, Sight.ACTS, files=1)
    services = services_of(request)
    record = await services.desk.record(session, episode_id)
    request_id, item = _wanted(request, record)
    given = form.get("file")
    content = await given.read() if isinstance(given, UploadFile) else b""
    content_type = sniffed(content)
    if not content or content_type is None:
        why = sentence_of(WORDS["wrong_file" if content else "no_file"])
        return _again(request, session, episode_id, record, [why])
    try:
        kept = await taken(services.api, content_type, content)
    except Refused as refused:
        return _again(request, session, episode_id, record, [f.text for f in refused.faults])
    sha256 = await services.api.documents.put(session.principal, episode_id, content_type, kept)
    answer = {"request": request_id, "item": item.item, "sha256": sha256}
    return await _answered(request, session, episode_id, record, answer, "received")


async def say_not_had(request: Request) -> Response:
    session, episode_id, form = await form_of(request, Sight.ACTS)
    record = await services_of(request).desk.record(session, episode_id)
    request_id, item = _wanted(request, record)
    reason = str(form.get("reason", ""))
    if reason not in set(NotHad):
        raise NotFound("there is no such reason")
    answer = {"request": request_id, "item": item.item, "cannot_be_had": reason}
    return await _answered(request, session, episode_id, record, answer, "not_had")


def sniffed(content: bytes) -> str | None:
    """What a file is by its first bytes; what a browser says of it counts for nothing."""
    return next((kind for kind, begins in FIRST_BYTES.items() if content.startswith(begins)), None)


async def _answered(
    request: Request,
    session: PatientSession,
    episode_id: str,
    record: OwnRecord,
    answer: dict[str, object],
    word: str,
) -> Response:
    kind, services = SubmissionKind.INFORMATION_ANSWER, services_of(request)
    done, refusals = await sent(services.api, session, kind, episode_id, answer)
    if refusals:
        return _again(request, session, episode_id, record, refusals)
    word = word if done else "is_passed_on"
    return RedirectResponse(episode_path(episode_id, f"?said={word}"), 303)


def _wanted(request: Request, record: OwnRecord) -> tuple[str, LinkedItem]:
    """Raises ``NotFound`` for what was not asked of this patient, or is answered."""
    request_id, number = id_of(request, "request_id"), id_of(request, "item")
    for one in record.requests:
        for item in one.items:
            if (one.id, str(item.item), item.status) == (request_id, number, WANTED):
                return request_id, item
    raise NotFound("there is no such page")


def _again(
    request: Request,
    session: PatientSession,
    episode_id: str,
    record: OwnRecord,
    refusals: list[Sentence],
) -> Response:
    values = {"record": record, "episode_id": episode_id, "reasons": [r.value for r in NotHad]}
    return page(request, "episode", session, {**values, "refusals": refusals}, 422)
