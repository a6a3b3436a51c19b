"""What support does about an episode: notes, and a waiting step tried again now."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import GoTo, enter, episode_id_of
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.security.roles import Operation

_LONGEST = 2000


async def note(request: Request) -> Response:
    visitor, text = await _said(request, Operation.WRITE_STAFF_NOTE)
    episode_id = episode_id_of(request)
    if text:
        await services_of(request).desk.note(visitor.principal, episode_id, text)
    return _back(episode_id, "note_kept" if text else "text_missing")


async def try_again(request: Request) -> Response:
    """Needs a reason; asked twice it does no more than once, since each step is idempotent."""
    visitor, reason = await _said(request, Operation.TRY_AGAIN_NOW)
    episode_id = episode_id_of(request)
    if not reason:
        return _back(episode_id, "text_missing")
    steps = await services_of(request).desk.try_again(visitor.principal, episode_id, reason)
    return _back(episode_id, "tried_again" if steps else "nothing_to_try")


async def _said(request: Request, operation: Operation) -> tuple[Visitor, str]:
    """Who sent the form, and its text, which a session that is over does not lose."""
    form = await request.form(max_files=0, max_fields=10)
    text = str(form.get("text", "")).replace("\x00", "").strip()[:_LONGEST]
    visitor = await services_of(request).visitors.visitor(request)
    if visitor is None or form.get("csrf") != visitor.csrf or not _of_this_site(request):
        raise GoTo(page(request, "send_again", visitor, _kept(request, text), 403))
    return await enter(request, operation, episode_id_of(request)), text


def _kept(request: Request, text: str) -> dict[str, str]:
    episode = request.url.path.rsplit("/", 1)[0]
    return {
        "text": text,
        "back": episode,
        "sign_in": services_of(request).visitors.sign_in_path(episode),
    }


def _of_this_site(request: Request) -> bool:
    """A browser says where a form came from; what says nothing is no browser."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _back(episode_id: str, said: str) -> Response:
    return RedirectResponse(f"/console/episodes/{episode_id}?{urlencode({'said': said})}", 303)
