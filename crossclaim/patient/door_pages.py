"""The door: a link and one thing more that only the person knows open a session, once."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.api.access import session_of as staff_session_of
from crossclaim.console.forms import is_ours, of_this_site
from crossclaim.domain.patient_bearer import Factor
from crossclaim.patient.entrance import cookie_name, keep_language, session_of
from crossclaim.patient.services import services_of
from crossclaim.patient.view import PREFIX, page

_LONGEST = 100


async def door(request: Request) -> Response:
    """The same for every link, good or not: what it opens is told to nobody yet."""
    keep_language(request)
    return _door(request, str(request.path_params["link"]))


async def come_in(request: Request) -> Response:
    """One answer for a wrong link, a used one and a wrong word; each try counts."""
    services = services_of(request)
    if services.api.pacing is not None:
        services.api.pacing.check_entry(request)
    form = await request.form(max_files=0, max_fields=5)
    link = _text(form, "link")
    given = Factor(birth_date=_text(form, "birth_date"), document=_text(form, "document"))
    if await staff_session_of(request, services.api) is not None:
        return _door(request, link, given, "staff_here")
    let_in = await services.doorkeeper.enter(link, given) if of_this_site(request) else None
    if let_in is None:
        return _door(request, link, given, "not_let_in")
    response = RedirectResponse(f"{PREFIX}/", 303)
    desk = services.identity
    response.set_cookie(
        cookie_name(services),
        let_in.cookie,
        path="/",
        secure=desk.secure if desk is not None else True,
        httponly=True,
        samesite="lax",
    )
    return response


async def leave(request: Request) -> Response:
    """Ends the session; a forged form ends nothing."""
    services = services_of(request)
    form = await request.form(max_files=0, max_fields=5)
    session = await session_of(request)
    if session is not None and is_ours(request, session, form):
        await services.doorkeeper.end(request.cookies.get(cookie_name(services), ""))
    elif session is not None:
        return RedirectResponse(f"{PREFIX}/", 303)
    response = page(request, "goodbye", None, {})
    desk = services.identity
    secure = desk.secure if desk is not None else True
    response.delete_cookie(cookie_name(services), path="/", secure=secure, httponly=True)
    return response


def _door(request: Request, link: str, given: Factor | None = None, why: str = "") -> Response:
    values = {"link": link[:_LONGEST], "given": given or Factor(), "why": why}
    return page(request, "door", None, values, 403 if why else 200)


def _text(form: FormData, name: str) -> str:
    given = form.get(name, "")
    return given.replace("\x00", "")[:_LONGEST] if isinstance(given, str) else ""
