"""Takes a FHIR message apart into submissions, judges them together, enters one after another.

Everything is judged before anything is entered, so a refused message leaves nothing behind. Sent
again, each part is answered as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from starlette.requests import Request

from crossclaim.api.body import parse_json, read_body
from crossclaim.api.entry import canonical, check_episode_id, context_for, enter
from crossclaim.api.fhir_fault import check_content_type
from crossclaim.api.fhir_kept import Keeping, not_acted_on
from crossclaim.api.fhir_request import FhirRequest, stay_told
from crossclaim.api.services import Answer, ApiServices
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Refused
from crossclaim.domain.faults import faults_of, refusal_text
from crossclaim.domain.stay import Stay
from crossclaim.security.roles import Principal

_ACCEPTED = 202


class FhirAnswer(NamedTuple):
    """``notes``: what was kept and not acted on, and what was not kept."""

    answer: Answer
    notes: list[str]
    whole: bool = True
    """False: a part is still being worked on, and those after it wait for it."""


async def read_message(
    request: Request, limit_bytes: int, read: Callable[[Any], FhirRequest]
) -> FhirRequest:
    """Raises ``Refused`` with every fault that FHIR itself has with the message."""
    check_content_type(request.headers.get("content-type"))
    return read(parse_json(await read_body(request, limit_bytes), exact=True))


async def answered(
    services: ApiServices,
    principal: Principal,
    request: FhirRequest,
    idempotency_key: str | None,
) -> FhirAnswer:
    """The last part's answer. Raises ``Refused`` with the faults of all parts."""
    stay = await _stay(services, principal, request)
    _judge(services, principal, request, stay)
    answer: Answer | None = None
    notes: list[str] = []
    for number, piece in enumerate(request.pieces):
        episode_id = request.episode_id or (answer.episode_id if answer else None)
        if episode_id is not None and not notes:
            notes = await _kept(services, principal, request, episode_id)
        try:
            answer = await enter(
                services,
                principal,
                piece.kind,
                canonical(piece.content),
                episode_id=episode_id,
                stay=stay,
                idempotency_key=None if number else idempotency_key,
            )
        except Refused as error:
            error.faults = list(_placed(error.faults, piece.origins))
            raise
        if answer.status == _ACCEPTED and number + 1 < len(request.pieces):
            return FhirAnswer(answer, notes, whole=False)
    assert answer is not None, "a message has a part"
    return FhirAnswer(answer, notes or await _kept(services, principal, request, answer.episode_id))


async def _stay(services: ApiServices, principal: Principal, request: FhirRequest) -> Stay:
    if request.episode_id is None:
        return stay_told(request)
    check_episode_id(request.episode_id)
    return await services.directory.stay_of(principal, request.episode_id) or Stay()


def _judge(services: ApiServices, principal: Principal, request: FhirRequest, stay: Stay) -> None:
    context = context_for(services, principal, stay)
    faults = [
        placed
        for piece in request.pieces
        for placed in _placed(
            faults_of(piece.kind, piece.content, services.reference, context), piece.origins
        )
    ]
    if faults:
        raise Refused(refusal_text(len(faults)), faults)


async def _kept(
    services: ApiServices, principal: Principal, request: FhirRequest, episode_id: str
) -> list[str]:
    """Before the charges are entered: whoever is answered finds again what was sent."""
    keeping = Keeping(request, episode_id)
    resources = keeping.resources()
    notes, ignored, dropped = [], not_acted_on(request), keeping.not_kept()
    if services.fhir_messages is not None:
        await services.fhir_messages.keep(principal, episode_id, resources)
    if services.fhir_messages is None or not keeping.keeps_focus:
        dropped, ignored = [*ignored, *dropped], []
    if ignored:
        notes.append(f"Kept as sent, and not acted on: {', '.join(ignored)}.")
    if dropped:
        notes.append(f"Not kept: {', '.join(dropped)}.")
    return notes or [""]


def _placed(faults: list[Fault], origins: Mapping[str, str]) -> Iterator[Fault]:
    """The same faults, each at its place in the message, or at what encloses it there."""
    for fault in faults:
        pointer = fault.pointer
        while pointer and pointer not in origins:
            pointer = pointer.rpartition("/")[0]
        yield fault.model_copy(update={"pointer": origins.get(pointer, "Bundle")})
