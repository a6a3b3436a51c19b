"""What an examiner does beside deciding: takes a claim, asks for documents, wants a second look,
decides an appeal, and reviews what was decided automatically."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.asking import asked_word, ended_word, wanted_of
from crossclaim.console.document_view import file_answer, page_asked, picture_answer
from crossclaim.console.door import Door
from crossclaim.console.entrance import enter, episode_id_of, is_episode_id
from crossclaim.console.examiner import ExaminedClaim
from crossclaim.console.examiner_pages import (
    claim_form,
    claim_id_of,
    claim_shown,
    done,
    examiner_of,
    faults_of,
    now,
    place_of,
    sha256_of,
)
from crossclaim.console.kept_forms import Filled, filled, word_of
from crossclaim.console.line_words import minor_of, read_lines
from crossclaim.console.services import services_of
from crossclaim.console.view import page
from crossclaim.console.words import WORDS
from crossclaim.documents.inspection.gate import PDF
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Conflict, NotAllowed, NotFound, Refused, Unavailable
from crossclaim.domain.money import counted
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Operation, may

_HOLDS = {"take": "taken", "return": "returned", "second-look": "second_look"}


async def claim_file(request: Request) -> Response:
    """One of the claim's documents: to be saved, or a picture of it, by page."""
    claim_id, sha256 = claim_id_of(request), sha256_of(request)
    visitor = await enter(request, Operation.READ_CLAIM_REVIEW, claim_id)
    kind, content = await examiner_of(request).claim_file(
        visitor.principal, episode_id_of(request), claim_id, sha256
    )
    page_number = page_asked(request.query_params.get("page", ""))
    if page_number and kind == PDF:
        return await picture_answer(content, page_number)
    return file_answer(kind, content, f"{sha256[:16]}")


async def hold(request: Request) -> Response:
    """Takes the claim, gives it back, or wants another person's look."""
    word = str(request.path_params["word"])
    if word not in _HOLDS:
        raise NotFound("there is no such page")
    sent = await claim_form(request, Operation.DECIDE_CLAIM_LINES)
    found = await _found(request, sent)
    if sent.stale:
        return await claim_shown(request, sent.visitor, found, sent.typed, sent.faults)
    try:
        await examiner_of(request).hold(
            sent.visitor.principal,
            found.episode_id,
            found.id,
            _HOLDS[word],
            sent.text("before"),
            sent.text()[:500],
        )
    except Conflict:
        again = await _found(request, sent)
        faults = [_fault("TAKEN_MEANWHILE", "taken_meanwhile")]
        return await claim_shown(request, sent.visitor, again, sent.typed, faults, 409)
    if word == "take":
        return RedirectResponse(f"{place_of(found)}?said=claim_taken", 303)
    return done("claim_returned" if word == "return" else "second_look_asked")


async def ask(request: Request) -> Response:
    """Asks for documents: the claim is not decided before they are answered."""
    sent = await claim_form(request, Operation.REQUEST_INFORMATION)
    found = await _found(request, sent)
    if sent.stale:
        return await claim_shown(request, sent.visitor, found, sent.typed, sent.faults)
    wanted = wanted_of(sent)
    if not wanted:
        faults = [_fault("NOTHING_ASKED", "nothing_asked")]
        return await claim_shown(request, sent.visitor, found, sent.typed, faults, 422)
    word = asked_word(sent, wanted, claim=found.id)
    kind = SubmissionKind.INFORMATION_REQUEST
    return await _said(request, sent, found, kind, word, "documents_asked")


async def withdraw(request: Request) -> Response:
    """Ends a request: the documents are not needed any more."""
    sent = await claim_form(request, Operation.CHANGE_INFORMATION_REQUEST)
    found = await _found(request, sent)
    if sent.stale:
        return await claim_shown(request, sent.visitor, found, sent.typed, sent.faults)
    kind = SubmissionKind.INFORMATION_CHANGE
    return await _said(request, sent, found, kind, ended_word(sent), "request_withdrawn")


async def appeal(request: Request) -> Response:
    """Decides an open appeal; never by who appealed or decided before."""
    wants_total = await word_of(request, 10_020) not in ("upheld", "changed")
    operation = Operation.READ_CLAIM_REVIEW if wants_total else Operation.DECIDE_APPEAL
    sent = await claim_form(request, operation, 10_020)
    found = await _found(request, sent)
    if sent.stale or wants_total or found.open_appeal is None:
        faults = sent.faults
        if found.open_appeal is None:
            faults = [_fault("APPEAL_OVER", "appeal_over")]
        return await claim_shown(request, sent.visitor, found, sent.typed, faults)
    changed = sent.text("word") == "changed"
    word = {
        "claim_id": found.id,
        "level": found.open_appeal.level,
        "outcome": "changed" if changed else "upheld",
        "reason": sent.text()[:200],
        "lines": read_lines(found, sent.typed).told() if changed else [],
        "decided_at": now(),
    }
    kind = SubmissionKind.APPEAL_DECISION
    said = "appeal_changed" if changed else "appeal_upheld"
    return await _said(request, sent, found, kind, word, said, to_desk=True)


async def samples(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_CLAIM_SAMPLES, "samples")
    return await _samples(request, visitor, {}, [])


async def review(request: Request) -> Response:
    """What a drawn decision should have been; it moves no money."""
    sent = await filled(request, Operation.REVIEW_CLAIM_SAMPLE, "samples", "/console/desk/samples")
    found = await examiner_of(request).samples(sent.visitor.principal)
    drawn = next((one for one in found.drawn if one.claim_id == sent.text("claim")), None)
    if drawn is None or not is_episode_id(drawn.episode_id):
        raise NotFound("no such decision was drawn")
    if sent.stale:
        return await _samples(request, sent.visitor, sent.typed, sent.faults)
    minor = minor_of(sent.text("right"))
    amount = sent.text("right")
    if sent.text("word") == "correct":
        minor = drawn.benefit_minor
    if minor is not None:
        amount = counted(minor, drawn.currency).decimal_text()
    word: dict[str, Any] = {
        "claim": drawn.claim_id,
        "benefit": {"amount": amount, "currency": drawn.currency.value},
        "reviewed_at": now(),
    }
    if note := sent.text()[:200]:
        word["note"] = note
    try:
        await _door(request).say(
            sent.visitor.principal, SubmissionKind.SAMPLE_REVIEW, drawn.episode_id, word
        )
    except (Refused, Unavailable) as refused:
        told = faults_of(refused)
        return await _samples(request, sent.visitor, sent.typed, told, refused.status)
    except Conflict:
        return RedirectResponse("/console/desk/samples?said=sent_before", 303)
    return RedirectResponse("/console/desk/samples?said=sample_reviewed", 303)


async def _samples(
    request: Request,
    visitor: Any,
    typed: dict[str, str],
    faults: list[Fault],
    status: int = 200,
) -> Response:
    found = await examiner_of(request).samples(visitor.principal)
    values = {
        "samples": found,
        "typed": typed,
        "faults": faults,
        "may_review": may(visitor.principal, Operation.REVIEW_CLAIM_SAMPLE),
    }
    return page(request, "samples", visitor, values, status)


async def _said(
    request: Request,
    sent: Filled,
    found: ExaminedClaim,
    kind: SubmissionKind,
    word: dict[str, Any],
    said: str,
    to_desk: bool = False,
) -> Response:
    try:
        await _door(request).say(sent.visitor.principal, kind, found.episode_id, word)
    except (Refused, NotAllowed, Unavailable) as refused:
        again = await _found(request, sent)
        told = faults_of(refused)
        return await claim_shown(request, sent.visitor, again, sent.typed, told, refused.status)
    except Conflict:
        said = "sent_before"
    if to_desk:
        return done(said)
    return RedirectResponse(f"{place_of(found)}?said={said}", 303)


async def _found(request: Request, sent: Filled) -> ExaminedClaim:
    return await examiner_of(request).claim(
        sent.visitor.principal, episode_id_of(request), claim_id_of(request)
    )


def _fault(code: str, word: str) -> Fault:
    return Fault(code=code, pointer="", text=sentence_of(WORDS[word]))


def _door(request: Request) -> Door:
    door = services_of(request).door
    if door is None:
        raise NotFound("nothing is taken in here")
    return door
