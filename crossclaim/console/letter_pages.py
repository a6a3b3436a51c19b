"""A letter of guarantee at its insurer: the documents that are wanted before it is answered."""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.asking import ASKABLE, asked_word, ended_word, wanted_of
from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.examiner_pages import faults_of
from crossclaim.console.kept_forms import Filled, filled
from crossclaim.console.letters import Letters, LetterTold
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.console.words import WORDS
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Conflict, NotAllowed, NotFound, Refused, Unavailable
from crossclaim.domain.information_submission import WantedKind
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, may

_REFERENCE = re.compile(r"[A-Za-z0-9_\-]{1,64}")


async def letter(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_INFORMATION_REQUESTS, _reference(request))
    found = await _found(request, visitor)
    return _shown(request, visitor, found, {}, [])


async def ask(request: Request) -> Response:
    """Asks for documents: the clock of the insurer's person stands still until they are here."""
    sent = await _form(request, Operation.REQUEST_INFORMATION)
    found = await _found(request, sent.visitor)
    if sent.stale:
        return _shown(request, sent.visitor, found, sent.typed, sent.faults)
    wanted = wanted_of(sent)
    if not wanted:
        text = sentence_of(WORDS["nothing_asked"])
        faults = [Fault(code="NOTHING_ASKED", pointer="", text=text)]
        return _shown(request, sent.visitor, found, sent.typed, faults, 422)
    about = found.question or found.reference
    word = asked_word(sent, wanted, guarantee=about)
    kind = SubmissionKind.INFORMATION_REQUEST
    return await _said(request, sent, found, kind, word, "letter_documents_asked")


async def withdraw(request: Request) -> Response:
    """Ends a request: the documents are not needed any more."""
    sent = await _form(request, Operation.CHANGE_INFORMATION_REQUEST)
    found = await _found(request, sent.visitor)
    if sent.stale:
        return _shown(request, sent.visitor, found, sent.typed, sent.faults)
    kind = SubmissionKind.INFORMATION_CHANGE
    return await _said(request, sent, found, kind, ended_word(sent), "request_withdrawn")


async def _said(
    request: Request,
    sent: Filled,
    found: LetterTold,
    kind: SubmissionKind,
    word: dict[str, Any],
    said: str,
) -> Response:
    door = services_of(request).door
    if door is None:
        raise NotFound("nothing is taken in here")
    try:
        await door.say(sent.visitor.principal, kind, found.episode_id, word)
    except (Refused, NotAllowed, Unavailable) as refused:
        told, now = faults_of(refused), await _found(request, sent.visitor)
        return _shown(request, sent.visitor, now, sent.typed, told, refused.status)
    except Conflict:
        said = "sent_before"
    return RedirectResponse(f"{_place(found)}?said={said}", 303)


def _shown(
    request: Request,
    visitor: Visitor,
    found: LetterTold,
    typed: dict[str, str],
    faults: list[Fault],
    status: int = 200,
) -> Response:
    who = visitor.principal
    values = {
        "letter": found,
        "typed": typed,
        "faults": faults,
        "at": _place(found),
        "rows": range(1, ASKABLE + 1),
        "kinds": [kind.value for kind in WantedKind],
        "may_ask": bool(found.question) and may(who, Operation.REQUEST_INFORMATION),
        "may_end": may(who, Operation.CHANGE_INFORMATION_REQUEST),
    }
    return page(request, "letter", visitor, values, status)


async def _form(request: Request, operation: Operation) -> Filled:
    reference = _reference(request)
    back = f"/console/episodes/{episode_id_of(request)}/letters/{reference}"
    return await filled(request, operation, reference, back, 100)


async def _found(request: Request, visitor: Visitor) -> LetterTold:
    letters: Letters | None = services_of(request).letters
    if letters is None:
        raise NotFound("no letters are told of here")
    return await letters.letter(visitor.principal, episode_id_of(request), _reference(request))


def _place(found: LetterTold) -> str:
    return f"/console/episodes/{found.episode_id}/letters/{found.reference}"


def _reference(request: Request) -> str:
    given = str(request.path_params["reference"])
    if not _REFERENCE.fullmatch(given):
        raise NotFound("there is no such letter")
    return given
