"""The examiner's desk: the queue, and a claim decided line by line or left to the rules."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.asking import ASKABLE
from crossclaim.console.document_view import as_read, without_frames, words_in
from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.examiner import ExaminedClaim, Examiner, QueueFilter, WaitingClaim
from crossclaim.console.kept_forms import Filled, filled, word_of
from crossclaim.console.line_words import read_lines
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.console.words import WORDS
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Conflict, NotAllowed, NotFound, Refused, Unavailable
from crossclaim.domain.examination import ExaminerReason
from crossclaim.domain.information_submission import WantedKind
from crossclaim.domain.money import counted
from crossclaim.domain.sentences_review import ReviewReason
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.security.roles import Operation, may

_CLAIM_ID = re.compile(r"[A-Za-z0-9_\-]{1,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELDS = 10_020
_NO_LICENCE = "LICENCE_MISSING"


async def desk(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_CLAIM_REVIEW, "examiner")
    examiner, who = examiner_of(request), visitor.principal
    waiting = await examiner.waiting(who)
    wanted = _filter(request)
    appealed = await examiner.appealed(who)
    known = {one.id for one in waiting}
    every = [*waiting, *(one for one in appealed if one.id not in known)]
    shown = wanted.of(every, who.actor)
    values = {
        "waiting": shown,
        "every": len(every),
        "filter": wanted,
        "reasons": sorted({reason for one in every for reason in one.reasons}),
        "names": await examiner.names(who, {one.holder for one in every if one.holder}),
        "me": who.actor,
        "may_review": may(who, Operation.READ_CLAIM_SAMPLES),
        "may_approve": may(who, Operation.APPROVE_PAYOUT),
    }
    return page(request, "desk", visitor, values)


async def claim(request: Request) -> Response:
    claim_id = claim_id_of(request)
    visitor = await enter(request, Operation.READ_CLAIM_REVIEW, claim_id)
    found = await examiner_of(request).claim(visitor.principal, episode_id_of(request), claim_id)
    return await claim_shown(request, visitor, found, {}, [])


async def decide(request: Request) -> Response:
    """A decision that is refused comes back with all its faults and everything that was typed."""
    says = await word_of(request, _FIELDS) in ("lines", "by_rules")
    operation = Operation.DECIDE_CLAIM_LINES if says else Operation.READ_CLAIM_REVIEW
    sent = await claim_form(request, operation, _FIELDS)
    visitor, episode_id = sent.visitor, episode_id_of(request)
    found = await _found(request, visitor)
    faults = sent.faults or (_not_yours(found, visitor) if says else [])
    if faults or not says:
        return await claim_shown(request, visitor, found, sent.typed, faults)
    try:
        word = _decision(found, sent)
        status = await examiner_of(request).decide(visitor.principal, episode_id, word)
    except (Refused, NotAllowed, Unavailable) as refused:
        now = await _found(request, visitor)
        told = faults_of(refused)
        return await claim_shown(request, visitor, now, sent.typed, told, refused.status)
    except Conflict:
        # The form's number was used: it came twice, or another tab sent it with other content.
        return done("sent_before")
    return done("decision_waits" if status == 202 else "decision_taken")


async def confirm(request: Request) -> Response:
    """The second person's word."""
    sent = await claim_form(request, Operation.CONFIRM_CLAIM_DECISION)
    visitor, episode_id = sent.visitor, episode_id_of(request)
    word = {
        "number": sent.text("number"),
        "claim": claim_id_of(request),
        "confirmed": sent.text("word") == "confirmed",
        "reason": sent.text()[:200],
        "decided_at": now(),
    }
    if sent.stale:
        found = await _found(request, visitor)
        return await claim_shown(request, visitor, found, sent.typed, sent.faults)
    try:
        await examiner_of(request).confirm(visitor.principal, episode_id, word)
    except (Refused, NotAllowed, Unavailable) as refused:
        found = await _found(request, visitor)
        told = faults_of(refused)
        return await claim_shown(request, visitor, found, sent.typed, told, refused.status)
    return done("decision_confirmed" if word["confirmed"] else "decision_refused")


async def following(request: Request) -> Response:
    """The next claim that this person may work at: his own first, then the oldest free one."""
    visitor = await enter(request, Operation.READ_CLAIM_REVIEW, "examiner")
    me = visitor.principal.actor
    waiting = await examiner_of(request).waiting(visitor.principal)
    said = request.query_params.get("said", "")
    mark = f"?said={said}" if said in WORDS else ""
    open_ = [one for one in waiting if not one.second and one.asked == 0]
    free = [one for one in open_ if not one.held_by_other(me) and not one.wants_other(me)]
    free.sort(key=lambda one: one.holding != "taken")
    if not free:
        return RedirectResponse(f"/console/desk{mark}", 303)
    return RedirectResponse(f"{place_of(free[0])}{mark}", 303)


async def _found(request: Request, visitor: Visitor) -> ExaminedClaim:
    return await examiner_of(request).claim(
        visitor.principal, episode_id_of(request), claim_id_of(request)
    )


def place_of(one: WaitingClaim) -> str:
    return f"/console/episodes/{one.episode_id}/claims/{one.id}"


async def claim_form(request: Request, operation: Operation, fields: int = 100) -> Filled:
    back = f"/console/episodes/{episode_id_of(request)}/claims/{claim_id_of(request)}"
    return await filled(request, operation, claim_id_of(request), back, fields)


def _not_yours(found: ExaminedClaim, visitor: Visitor) -> list[Fault]:
    """Two people do not work at one claim: who wants it takes it over first."""
    me = visitor.principal.actor
    if found.held_by_other(me):
        return [_fault("HELD_BY_OTHER", "held_by_other")]
    if found.wants_other(me):
        return [_fault("SECOND_LOOK", "second_look_other")]
    return []


def _fault(code: str, word: str) -> Fault:
    return Fault(code=code, pointer="", text=sentence_of(WORDS[word]))


def faults_of(refused: Refused | NotAllowed | Unavailable) -> list[Fault]:
    """Raises again what is no fault of the form: a role that may not do this."""
    if isinstance(refused, Refused):
        return refused.faults
    if isinstance(refused, Unavailable):
        return [_fault("NOT_ANSWERING", "not_answering")]
    if refused.code != _NO_LICENCE:
        raise refused
    return [_fault(_NO_LICENCE, "error_licence")]


async def claim_shown(
    request: Request,
    visitor: Visitor,
    found: ExaminedClaim,
    typed: dict[str, str],
    faults: list[Fault],
    status: int = 200,
) -> Response:
    who, examiner = visitor.principal, examiner_of(request)
    people = {found.holder, *(p for s in found.said for p in (s.decided_by, s.confirmed_by) if p)}
    words = read_lines(found, typed)
    document, text = await _document(request, visitor, found)
    free = not found.held_by_other(who.actor) and not found.wants_other(who.actor)
    pended = found.state == "pended" and found.decision is None
    values = {
        "claim": found,
        "rows": range(1, ASKABLE + 1),
        "typed": typed,
        "faults": faults,
        "reasons": [reason.value for reason in ExaminerReason],
        "kinds": [kind.value for kind in WantedKind],
        "may_decide": free and pended and may(who, Operation.DECIDE_CLAIM_LINES),
        "may_hold": found.state == "pended" and may(who, Operation.DECIDE_CLAIM_LINES),
        "may_confirm": may(who, Operation.CONFIRM_CLAIM_DECISION),
        "may_ask": pended and may(who, Operation.REQUEST_INFORMATION),
        "may_appeal": found.open_appeal is not None
        and not found.open_appeal.not_mine
        and may(who, Operation.DECIDE_APPEAL),
        "approved": _approved(found),
        "words": words,
        "total": counted(words.total_minor, found.currency),
        "document": document,
        "text": text,
        "names": await examiner.names(who, people - {""}),
        "me": who.actor,
    }
    shown = page(request, "claim", visitor, values, status)
    return without_frames(shown)


async def _document(request: Request, visitor: Visitor, found: ExaminedClaim) -> tuple[Any, str]:
    """The one that is asked for, else the first; with its words."""
    asked = request.query_params.get("document", "")
    known = {one.sha256: one for one in found.documents}
    shown = known.get(asked) or next(iter(known.values()), None)
    if shown is None:
        return None, ""
    try:
        kind, content = await examiner_of(request).claim_file(
            visitor.principal, found.episode_id, found.id, shown.sha256
        )
    except NotFound:
        return None, ""
    return await as_read(shown, content), await words_in(kind, content)


def _approved(found: ExaminedClaim) -> dict[int, str]:
    waiting = found.decision.lines if found.decision else {}
    return {line: counted(m, found.currency).decimal_text() for line, m in waiting.items()}


def _decision(found: ExaminedClaim, sent: Filled) -> dict[str, Any]:
    """The API's message; its number names the form, so that one sent twice counts once."""
    word: dict[str, Any] = {
        "number": sent.text("number"),
        "claim": found.id,
        "decided_at": now(),
    }
    if note := sent.text()[:200]:
        word["note"] = note
    if without := sent.text("decided_without")[:200]:
        word["decided_without"] = without
    if sent.text("word") == "by_rules":
        return word | {"by_rules": True}
    return word | {"lines": read_lines(found, sent.typed).told()}


def _filter(request: Request) -> QueueFilter:
    """What is no value of ours narrows nothing."""
    given = request.query_params
    above = given.get("above", "")
    kind, whose = given.get("kind", ""), given.get("whose", "")
    reason, order = given.get("reason", ""), given.get("order", "")
    return QueueFilter(
        whose=whose if whose in ("mine", "free") else "",
        reason=reason if reason in set(ReviewReason) else "",
        kind=kind if kind in ("second", "asked", "appeal") else "",
        above_minor=int(above) * 100
        if above.isascii() and above.isdigit() and len(above) < 9
        else 0,
        order="amount" if order == "amount" else "oldest",
    )


def done(said: str) -> Response:
    return RedirectResponse(f"/console/desk/next?said={said}", 303)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def examiner_of(request: Request) -> Examiner:
    examiner = services_of(request).examiner
    if examiner is None:
        raise NotFound("no claims are examined here")
    return examiner


def claim_id_of(request: Request) -> str:
    given = str(request.path_params["claim_id"])
    if not _CLAIM_ID.fullmatch(given):
        raise NotFound("there is no such claim")
    return given


def sha256_of(request: Request) -> str:
    given = str(request.path_params["sha256"])
    if not _SHA256.fullmatch(given):
        raise NotFound("there is no such document")
    return given
