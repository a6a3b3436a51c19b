"""What support does about an episode: notes, and a waiting step tried again now."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import episode_id_of
from crossclaim.console.forms import form_of, text_of
from crossclaim.console.services import services_of
from crossclaim.security.roles import Operation


async def note(request: Request) -> Response:
    visitor, form = await form_of(request, Operation.WRITE_STAFF_NOTE)
    episode_id, text = episode_id_of(request), text_of(form)
    if text:
        await services_of(request).desk.note(visitor.principal, episode_id, text)
    return _back(episode_id, "note_kept" if text else "text_missing")


async def try_again(request: Request) -> Response:
    """Needs a reason; asked twice it does no more than once, since each step is idempotent."""
    visitor, form = await form_of(request, Operation.TRY_AGAIN_NOW)
    episode_id, reason = episode_id_of(request), text_of(form)
    if not reason:
        return _back(episode_id, "text_missing")
    steps = await services_of(request).desk.try_again(visitor.principal, episode_id, reason)
    return _back(episode_id, "tried_again" if steps else "nothing_to_try")


def _back(episode_id: str, said: str) -> Response:
    return RedirectResponse(f"/console/episodes/{episode_id}?said={said}", 303)
