"""Documents of an episode: an image in a frame that can do nothing, the pages of a PDF as pictures
that were drawn here, everything else downloaded.

Staff of the platform say why first; the address of the file is then good for a while, in that
session alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.document_view import page_asked, picture_answer
from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.episode_port import EpisodeReads, Paper
from crossclaim.console.forms import form_of, text_of
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.documents.page_picture import PAGES_MAX, pages_in
from crossclaim.domain.errors import NotAllowed, NotFound
from crossclaim.security.roles import Operation, may

IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
PDF = "application/pdf"
_SHA256 = re.compile(r"[0-9a-f]{64}")
_GOOD_FOR_S = 600
_FRAMES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_IN_FRAME = (
    "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


async def paper(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_PAPER, episode_id_of(request))
    found = await _paper(request, visitor)
    asks = _says_why(visitor)
    return await _shown(
        request, visitor, found, "" if asks else _pass(request, visitor, found.sha256)
    )


async def in_clear(request: Request) -> Response:
    """Why staff look is kept before they do."""
    visitor, form = await form_of(request, Operation.SHOW_IN_CLEAR)
    found, reason = await _paper(request, visitor), text_of(form)
    if not reason:
        return await _shown(request, visitor, found, "", "text_missing")
    desk = services_of(request).desk
    await desk.saw_in_clear(visitor.principal, episode_id_of(request), reason)
    return await _shown(request, visitor, found, _pass(request, visitor, found.sha256))


async def content(request: Request) -> Response:
    """The file itself, each time audited. A pass of another session, or an old one, is none."""
    visitor = await enter(request, Operation.READ_PAPER, episode_id_of(request))
    found = await _paper(request, visitor)
    if not _passes(request, visitor, found.sha256, request.query_params.get("pass", "")):
        raise NotAllowed("this document was not opened in this session")
    content_type, body = await _reads(request).paper(
        visitor.principal, episode_id_of(request), found.sha256
    )
    kind = kind_of(content_type)
    number = page_asked(request.query_params.get("page", ""))
    if kind == "pdf" and number:
        return await picture_answer(body, number)
    attached = kind != "image" or request.query_params.get("as") == "file"
    where = "attachment" if attached else "inline"
    name = f"{found.sha256[:12]}{_suffix(content_type)}"
    headers = {"Content-Disposition": f'{where}; filename="{name}"'}
    if not attached:
        headers |= {"Content-Security-Policy": _IN_FRAME, "X-Frame-Options": "SAMEORIGIN"}
    shown_as = content_type if kind else "application/octet-stream"
    return Response(body, media_type=shown_as, headers=headers)


def kind_of(content_type: str) -> str:
    """``image`` and ``pdf`` are shown, everything else is downloaded."""
    if content_type in IMAGES:
        return "image"
    return "pdf" if content_type == PDF else ""


async def _shown(
    request: Request, visitor: Visitor, found: Paper, pass_: str, said: str = ""
) -> Response:
    kind = kind_of(found.content_type)
    count = await _pages(request, visitor, found) if pass_ and kind == "pdf" else 0
    answer = page(
        request,
        "paper",
        visitor,
        {
            "episode_id": episode_id_of(request),
            "paper": found,
            "kind": kind,
            "pages": min(count, PAGES_MAX),
            "more_pages": count > PAGES_MAX,
            "pass_": pass_,
            "may_clear": may(visitor.principal, Operation.SHOW_IN_CLEAR),
            "said_now": said,
        },
    )
    if kind == "image":
        answer.headers["Content-Security-Policy"] = _FRAMES
    return answer


async def _pages(request: Request, visitor: Visitor, found: Paper) -> int:
    episode_id = episode_id_of(request)
    _, content = await _reads(request).paper(visitor.principal, episode_id, found.sha256)
    return await asyncio.to_thread(pages_in, content)


def _says_why(visitor: Visitor) -> bool:
    return may(visitor.principal, Operation.SHOW_IN_CLEAR)


def _pass(request: Request, visitor: Visitor, sha256: str) -> str:
    until = int(time.time()) + _GOOD_FOR_S
    return f"{until}-{_signed(request, visitor, sha256, until)}"


def _passes(request: Request, visitor: Visitor, sha256: str, given: str) -> bool:
    until, _, signed = given.partition("-")
    if not until.isascii() or not until.isdigit() or len(until) > 12:
        return False
    known = _signed(request, visitor, sha256, int(until))
    return int(until) >= time.time() and hmac.compare_digest(known.encode(), signed.encode())


def _signed(request: Request, visitor: Visitor, sha256: str, until: int) -> str:
    """Signed by a key of the house, not by a token that stands on the visitor's own pages: or
    whoever has to say why first would sign for himself."""
    who, session = visitor.principal, hashlib.sha256(visitor.csrf.encode()).hexdigest()
    about = (session, who.actor, who.role.value, episode_id_of(request), sha256, str(until))
    return _reads(request).signed("|".join(about))


async def _paper(request: Request, visitor: Visitor) -> Paper:
    sha256 = str(request.path_params["sha256"])
    if not _SHA256.fullmatch(sha256):
        raise NotFound("there is no such document")
    details = await _reads(request).details(visitor.principal, episode_id_of(request))
    found = next((one for one in details.papers if one.sha256 == sha256 and one.mine), None)
    if found is None:
        raise NotFound("there is no such document")
    return found


def _suffix(content_type: str) -> str:
    known = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "application/xml": ".xml"}
    return known.get(content_type, "")


def _reads(request: Request) -> EpisodeReads:
    reads = services_of(request).episode
    if reads is None:
        raise NotFound("there is no such document")
    return reads
