"""People come in through their identity provider, see who they are here, and go out."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from crossclaim.api.access import Requires, refuse_forgery, session_of
from crossclaim.api.answer_models import MyselfAnswer, answers
from crossclaim.api.answers_systems import RoleAnswer
from crossclaim.api.body import read_body, read_json
from crossclaim.api.identity import IdentityDesk
from crossclaim.api.identity_ports import SignInRefused, SignIns
from crossclaim.api.openapi import problems
from crossclaim.api.problem_sentences import problem_fault, problem_sentence
from crossclaim.api.services import services_of
from crossclaim.api.sign_in_page import page_of
from crossclaim.api.whole_answer import WholeRoute
from crossclaim.domain.errors import NotAllowed, NotFound, Refused
from crossclaim.domain.language import Language, preferred_language, spoken
from crossclaim.domain.preferences import LANGUAGE_COOKIE, THEME_COOKIE, THEMES
from crossclaim.security.roles import Operation, Principal

pages = APIRouter(include_in_schema=False)
router = APIRouter(tags=["identity"], route_class=WholeRoute)

_FORM_LIMIT_BYTES = 16_384
_POLICY = (
    "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "style-src 'self'; img-src 'self'"
)


@router.get(
    "/v1/me",
    response_model=None,
    responses={**answers(MyselfAnswer), **problems(401, 403)},
)
async def read_myself(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.READ_MYSELF))],
) -> dict[str, Any]:
    """Read as whom you are known here; a signed-in person reads the token for changes, too."""
    scopes = None if principal.scopes is None else sorted(principal.scopes)
    told: dict[str, Any] = {
        "organisation": principal.organisation,
        "role": principal.role.value,
        "id": principal.key_id,
        "scopes": scopes,
    }
    signed_in = await session_of(request, services_of(request))
    if signed_in is not None and principal.signed_in_at is not None:
        told |= {
            "name": signed_in.name,
            "roles": list(signed_in.roles),
            "csrf": signed_in.csrf,
            "signed_in_at": principal.signed_in_at.isoformat(),
            "expires_at": signed_in.expires_at.isoformat(),
        }
    return told


@router.post(
    "/v1/me/role",
    response_model=None,
    responses={**answers(RoleAnswer), **problems(400, 401, 403, 404, 422)},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["role"],
                        "properties": {"role": {"type": "string"}},
                    }
                }
            },
        }
    },
)
async def change_role(
    request: Request,
    principal: Annotated[Principal, Depends(Requires(Operation.CHANGE_ROLE))],
) -> Response:
    """Act in another of your roles from now on: one at a time."""
    wish = (await read_json(request, _FORM_LIMIT_BYTES)).get("role")
    if not isinstance(wish, str):
        fault = problem_fault("PARAMETER_NOT_VALID", "/role")
        raise Refused(fault.text.en, [fault], code="PARAMETERS_REFUSED")
    desk, sign_ins = _desk(request)
    cookie = request.cookies.get(desk.session_cookie, "")
    if principal.signed_in_at is None or not await sign_ins.act_as(cookie, wish):
        raise NotAllowed("this is none of your roles")
    return JSONResponse({"role": wish})


@pages.get("/sign-in")
async def sign_in_page(
    request: Request, language: Language | None = None, return_to: str = "/v1/me"
) -> Response:
    """The page with one button, or who is signed in and a way out."""
    _desk(request)
    chosen = language or _language(request)
    signed_in = await session_of(request, services_of(request))
    return _shown(page_of(chosen, signed_in, return_to, theme=_theme(request)), chosen)


@pages.get("/sign-in/start")
async def start(
    request: Request,
    language: Language | None = None,
    return_to: str = "/v1/me",
    anew: bool = False,
) -> Response:
    """To the provider; ``anew`` has it ask the person again, as a step up needs."""
    services = services_of(request)
    if services.pacing is not None:
        services.pacing.check_entry(request)
    desk, sign_ins = _desk(request)
    chosen = language or _language(request)
    address, cookie = await sign_ins.begin(return_to, anew=anew, language=chosen.value)
    response = RedirectResponse(address, status_code=303)
    _set(response, desk, desk.attempt_cookie, cookie, max_age_s=600)
    return response


@pages.get("/sign-in/back")
async def back(request: Request) -> Response:
    """From the provider: a new session under a new id, or a page that says why not."""
    desk, sign_ins = _desk(request)
    chosen = _language(request)
    attempt = request.cookies.get(desk.attempt_cookie, "")
    before = request.cookies.get(desk.session_cookie)
    try:
        cookie, place = await sign_ins.complete(attempt, dict(request.query_params), before)
    except SignInRefused:
        sentence = spoken(problem_sentence(SignInRefused.code), chosen)
        body = page_of(chosen, None, "/v1/me", theme=_theme(request), refused=sentence)
        refused = _shown(body, chosen, status=SignInRefused.status)
        refused.delete_cookie(desk.attempt_cookie, secure=desk.secure, httponly=True)
        return refused
    # 303 and a page of ours: the code in this address goes into no history of another.
    response = RedirectResponse(place, status_code=303)
    response.delete_cookie(desk.attempt_cookie, secure=desk.secure, httponly=True)
    _set(response, desk, desk.session_cookie, cookie, max_age_s=None)
    return response


@pages.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Ends the session here; the form of our page brings its token."""
    services = services_of(request)
    desk, sign_ins = _desk(request)
    signed_in = await session_of(request, services)
    response: Response = RedirectResponse("/sign-in", status_code=303)
    if signed_in is not None:
        form = await _form(request)
        refuse_forgery(request, services, signed_in, token=form.get("csrf"))
        await sign_ins.end(request.cookies[desk.session_cookie])
    response.delete_cookie(desk.session_cookie, secure=desk.secure, httponly=True)
    return response


@pages.post("/sign-in/ended")
async def ended(request: Request) -> Response:
    """The provider says that a person is out (OpenID Connect Back-Channel Logout 1.0)."""
    _, sign_ins = _desk(request)
    form = await _form(request)
    await sign_ins.provider_ended(form.get("logout_token", ""))
    return Response(status_code=200)


def _desk(request: Request) -> tuple[IdentityDesk, SignIns]:
    desk = services_of(request).identity
    if desk is None or desk.sign_ins is None:
        raise NotFound("nobody signs in here: no identity provider is configured")
    return desk, desk.sign_ins


async def _form(request: Request) -> dict[str, str]:
    raw = await read_body(request, _FORM_LIMIT_BYTES)
    try:
        return dict(parse_qsl(raw.decode("ascii"), max_num_fields=20))
    except ValueError:
        return {}


def _language(request: Request) -> Language:
    """As chosen on a page of the console before, else as the browser asks."""
    try:
        return Language(request.cookies.get(LANGUAGE_COOKIE, ""))
    except ValueError:
        return preferred_language(request.headers.get("accept-language"))


def _theme(request: Request) -> str:
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else THEMES[0]


def _shown(body: str, language: Language, status: int = 200) -> HTMLResponse:
    headers = {
        "Content-Security-Policy": _POLICY,
        "Content-Language": language.value,
        "Vary": "Accept-Language, Cookie",
    }
    return HTMLResponse(body, status_code=status, headers=headers)


def _set(
    response: Response, desk: IdentityDesk, name: str, value: str, *, max_age_s: int | None
) -> None:
    """No ``Domain`` and the whole path: with TLS the name's prefix holds browsers to it."""
    response.set_cookie(
        name, value, max_age=max_age_s, path="/", secure=desk.secure, httponly=True, samesite="lax"
    )
