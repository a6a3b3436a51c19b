"""Lets a person through to his own pages, narrows what is read to him, and audits each look."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import GoTo, is_episode_id
from crossclaim.console.forms import LONGEST_TEXT, is_ours
from crossclaim.console.view import remember
from crossclaim.domain.errors import NotFound
from crossclaim.domain.patient_bearer import Sight, may_see
from crossclaim.patient.services import PatientServices, PatientSession, services_of
from crossclaim.patient.view import PREFIX, page

LOOKS = "patient_looks"
_ID = re.compile(r"[A-Za-z0-9_\-]{1,80}")


def cookie_name(services: PatientServices) -> str:
    """Beside the staff's own: neither opens the other's pages."""
    desk = services.identity
    return f"{desk.session_cookie if desk is not None else 'crossclaim'}-patient"


def id_of(request: Request, name: str) -> str:
    """An id of the address. Raises ``NotFound`` for what is none."""
    given = str(request.path_params[name])
    if not _ID.fullmatch(given):
        raise NotFound("there is no such page")
    return given


async def enter(request: Request, sight: Sight | None = None) -> tuple[PatientSession, str]:
    """The session, and the episode of the address. Raises ``GoTo`` where there is no session, and
    ``NotFound`` alike for another's episode and for one that is not there.

    Whatever is read afterwards in this request is narrowed to the session's own episodes.
    """
    keep_language(request)
    session = await session_of(request)
    if session is None:
        raise GoTo(page(request, "ended", None, {}, 401))
    return session, await _looking(request, session, sight)


async def session_of(request: Request) -> PatientSession | None:
    """Raises ``TooFast``, as the API does: by the session, and by the address for wrong cookies."""
    services = services_of(request)
    cookie = request.cookies.get(cookie_name(services))
    session = await services.doorkeeper.session(cookie) if cookie else None
    pacing = services.api.pacing
    if session is None:
        if cookie and pacing is not None:
            pacing.check_entry(request)
        return None
    if pacing is not None:
        pacing.check(session.principal, request.method)
    services.doorkeeper.narrow(session)
    return session


async def _looking(request: Request, session: PatientSession, sight: Sight | None) -> str:
    given = str(request.path_params.get("episode_id", ""))
    own = not given or (is_episode_id(given) and given in session.episodes)
    own = own and (sight is None or may_see(session.bearer, sight))
    # Nothing of what was asked for and is not his is written down as his.
    about, outcome = (given, "200") if own else ("", "404")
    await services_of(request).desk.looked(session, LOOKS, about, outcome)
    if not own:
        raise NotFound("there is no such page")
    return given


async def form_of(
    request: Request, sight: Sight, *, files: int = 0
) -> tuple[PatientSession, str, FormData]:
    """Who sent a form, about which episode, and what. Raises ``GoTo`` with a page that shows what
    was typed, where the session is over or another site sent it."""
    session = await session_of(request)
    if session is None and files:
        # Nobody's file is read.
        raise GoTo(page(request, "ended", None, {}, 401))
    form = await request.form(max_files=files, max_fields=20)
    if session is None or not is_ours(request, session, form):
        values = {"text": text_of(form)}
        raise GoTo(page(request, "send_again", session, values, 403))
    return session, await _looking(request, session, sight), form


def text_of(form: FormData) -> str:
    """What was written in the form's one text, without what no row can hold."""
    given = form.get("text", "")
    text = given if isinstance(given, str) else ""
    return text.replace("\x00", "").strip()[:LONGEST_TEXT]


def keep_language(request: Request) -> None:
    """Raises ``GoTo`` for a language that is chosen now: kept, and back to the same page."""
    given = request.query_params
    if "language" not in given:
        return
    kept = [(k, v) for k, v in given.multi_items() if k != "language"]
    query = f"?{urlencode(kept)}" if kept else ""
    response: Response = RedirectResponse(f"{request.url.path}{query}", 303)
    remember(response, request, language=given["language"])
    raise GoTo(response)


def episode_path(episode_id: str, rest: str = "") -> str:
    return f"{PREFIX}/episodes/{episode_id}{rest}"
