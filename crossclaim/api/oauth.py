"""Access tokens for systems: ``POST /oauth/token`` (RFC 6749), its metadata and its keys."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.answer_models import answers
from crossclaim.api.answers_systems import KeySetAnswer, TokenAnswer, TokenServerAnswer
from crossclaim.api.body import read_body
from crossclaim.api.identity_ports import OAuthRefused, Tokens
from crossclaim.api.services import services_of
from crossclaim.domain.errors import NotFound

router = APIRouter(tags=["identity"])

_FORM = "application/x-www-form-urlencoded"
_FORM_LIMIT_BYTES = 16_384
_BASIC = re.compile(r"basic +([A-Za-z0-9+/=]{1,1000}) *", re.IGNORECASE)
_TOKEN = {
    "requestBody": {
        "required": True,
        "content": {
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_assertion_type": {"type": "string"},
                        "client_assertion": {"type": "string"},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string"},
                        "scope": {"type": "string"},
                    },
                },
            }
        },
    },
    "security": [],
}
_OF_THE_PUBLIC: dict[str, Any] = {"security": []}


@router.post(
    "/oauth/token",
    openapi_extra=_TOKEN,
    response_model=None,
    responses={
        **answers(TokenAnswer),
        400: {"description": "RFC 6749 5.2: `error` says why."},
        401: {"description": "`invalid_client`."},
        429: {"description": "Too many tries; see Retry-After."},
    },
)
async def issue_token(request: Request) -> Response:
    """Get an access token: a client assertion signed by your key (RFC 7523), or a secret.

    The assertion's `aud` is this address, `iss` and `sub` are the client's id; it lives for five
    minutes at most and counts once. Without `scope` the token may what the client may.
    """
    services = services_of(request)
    if services.pacing is not None:
        services.pacing.check_entry(request)
    try:
        issued = await _tokens(request).issue(await _form(request), _basic(request))
    except OAuthRefused as refused:
        return _refusal(refused)
    body = {
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.expires_in,
    }
    if issued.scope is not None:
        body["scope"] = issued.scope
    return JSONResponse(body)


@router.get(
    "/oauth/jwks",
    openapi_extra=_OF_THE_PUBLIC,
    response_model=None,
    responses=answers(KeySetAnswer),
)
async def read_jwks(request: Request) -> dict[str, Any]:
    """Read the public keys that our access tokens are signed with."""
    return await _tokens(request).jwks()


@router.get(
    "/.well-known/oauth-authorization-server",
    openapi_extra=_OF_THE_PUBLIC,
    response_model=None,
    responses=answers(TokenServerAnswer),
)
async def read_metadata(request: Request) -> dict[str, Any]:
    """Read where and how systems get access tokens (RFC 8414)."""
    return _tokens(request).metadata()


def _tokens(request: Request) -> Tokens:
    desk = services_of(request).identity
    if desk is None or desk.tokens is None:
        raise NotFound("no access tokens are given here")
    return desk.tokens


async def _form(request: Request) -> dict[str, str]:
    """Each parameter once; a second one could be read another way by another program."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        raise OAuthRefused(f"send the body as {_FORM}", code="invalid_request")
    raw = await read_body(request, _FORM_LIMIT_BYTES)
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, strict_parsing=bool(raw), max_num_fields=20
        )
    except ValueError:
        raise OAuthRefused("the body is no form", code="invalid_request") from None
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthRefused("a parameter stands twice", code="invalid_request")
    return form


def _basic(request: Request) -> tuple[str, str] | None:
    given = request.headers.getlist("authorization")
    if not given:
        return None
    shape = _BASIC.fullmatch(given[0]) if len(given) == 1 else None
    try:
        words = base64.b64decode(shape[1], validate=True).decode() if shape else ""
    except (binascii.Error, UnicodeDecodeError):
        words = ""
    name, colon, secret = words.partition(":")
    if not colon:
        raise OAuthRefused("the header Authorization cannot be read", code="invalid_client")
    return unquote_plus(name), unquote_plus(secret)


def _refusal(refused: OAuthRefused) -> Response:
    headers = {"WWW-Authenticate": 'Basic realm="crossclaim"'} if refused.status == 401 else {}
    body = {"error": refused.code, "error_description": refused.detail}
    return JSONResponse(body, status_code=refused.status, headers=headers)
