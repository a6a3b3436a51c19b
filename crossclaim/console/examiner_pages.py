"""The examiner's desk: claims that wait for a person, decided line by line or left to the rules."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.examiner import ExaminedClaim, Examiner
from crossclaim.console.forms import form_of
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.console.words import WORDS
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Conflict, NotAllowed, NotFound, Refused
from crossclaim.domain.examination import ExaminerReason
from crossclaim.domain.money import counted
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.security.roles import Operation, may

_CLAIM_ID = re.compile(r"[A-Za-z0-9_\-]{1,64}")
_FIELDS = 10_020
_NO_LICENCE = "LICENCE_MISSING"


async def desk(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_CLAIM_REVIEW, "examiner")
    waiting = await _examiner(request).waiting(visitor.principal)
    return page(request, "desk", visitor, {"waiting": waiting})


async def claim(request: Request) -> Response:
    claim_id = _claim_id(request)
    visitor = await enter(request, Operation.READ_CLAIM_REVIEW, claim_id)
    found = await _examiner(request).claim(visitor.principal, episode_id_of(request), claim_id)
    return _shown(request, visitor, found, {}, [])


async def decide(request: Request) -> Response:
    """A decision that is refused comes back with all its faults and everything that was typed."""
    visitor, form = await form_of(request, Operation.DECIDE_CLAIM_LINES, _FIELDS)
    episode_id, claim_id = episode_id_of(request), _claim_id(request)
    found = await _examiner(request).claim(visitor.principal, episode_id, claim_id)
    try:
        word = _decision(found, form)
        status = await _examiner(request).decide(visitor.principal, episode_id, word)
    except (Refused, NotAllowed) as refused:
        return _shown(request, visitor, found, _typed(form), _faults(refused), refused.status)
    except Conflict:
        # The form's number was used: it came twice, or another tab sent it with other content.
        return _done("sent_before")
    return _done("decision_waits" if status == 202 else "decision_taken")


async def confirm(request: Request) -> Response:
    """The second person's word."""
    visitor, form = await form_of(request, Operation.CONFIRM_CLAIM_DECISION, _FIELDS)
    episode_id, claim_id = episode_id_of(request), _claim_id(request)
    word = {
        "number": str(form.get("number", "")),
        "claim": claim_id,
        "confirmed": form.get("word") == "confirmed",
        "reason": str(form.get("text", "")),
        "decided_at": _now(),
    }
    try:
        await _examiner(request).confirm(visitor.principal, episode_id, word)
    except (Refused, NotAllowed) as refused:
        found = await _examiner(request).claim(visitor.principal, episode_id, claim_id)
        return _shown(request, visitor, found, _typed(form), _faults(refused), refused.status)
    return _done("decision_confirmed" if word["confirmed"] else "decision_refused")


def _typed(form: FormData) -> dict[str, str]:
    return {name: str(value) for name, value in form.items()}


def _faults(refused: Refused | NotAllowed) -> list[Fault]:
    """Raises again what is no fault of the form: a role that may not do this."""
    if isinstance(refused, Refused):
        return refused.faults
    if refused.code != _NO_LICENCE:
        raise refused
    return [Fault(code=_NO_LICENCE, pointer="", text=sentence_of(WORDS["error_licence"]))]


def _shown(
    request: Request,
    visitor: Visitor,
    found: ExaminedClaim,
    typed: dict[str, str],
    faults: list[Fault],
    status: int = 200,
) -> Response:
    values = {
        "claim": found,
        "typed": typed,
        "faults": faults,
        "reasons": [reason.value for reason in ExaminerReason],
        "may_decide": may(visitor.principal, Operation.DECIDE_CLAIM_LINES),
        "may_confirm": may(visitor.principal, Operation.CONFIRM_CLAIM_DECISION),
        "approved": {
            line: counted(minor, found.currency).decimal_text()
            for line, minor in (found.decision.lines if found.decision else {}).items()
        },
    }
    return page(request, "claim", visitor, values, status)


def _decision(found: ExaminedClaim, form: FormData) -> dict[str, Any]:
    """The API's message; its number names the form, so that one sent twice counts once."""
    word: dict[str, Any] = {
        "number": str(form.get("number", "")),
        "claim": found.id,
        "decided_at": _now(),
    }
    if note := str(form.get("text", "")).strip():
        word["note"] = note
    if form.get("word") == "by_rules":
        return word | {"by_rules": True}
    lines = []
    for line in found.lines:
        amount = str(form.get(f"approved-{line.line}", "")).strip()
        one: dict[str, Any] = {
            "line": line.line,
            "approved": {"amount": amount, "currency": found.currency.value},
        }
        if reason := str(form.get(f"reason-{line.line}", "")):
            one["reason"] = reason
        lines.append(one)
    return word | {"lines": lines}


def _done(said: str) -> Response:
    return RedirectResponse(f"/console/desk?said={said}", 303)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _examiner(request: Request) -> Examiner:
    examiner = services_of(request).examiner
    if examiner is None:
        raise NotFound("no claims are examined here")
    return examiner


def _claim_id(request: Request) -> str:
    given = str(request.path_params["claim_id"])
    if not _CLAIM_ID.fullmatch(given):
        raise NotFound("there is no such claim")
    return given
