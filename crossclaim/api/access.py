"""Who may call a route: every route declares its operation or is listed as public."""

from __future__ import annotations

import hmac
import re

from starlette.requests import Request

from crossclaim.api.identity import ForgeryFeared, IdentityDesk, StepUpNeeded
from crossclaim.api.identity_ports import SignedIn
from crossclaim.api.pacing import SAFE_METHODS
from crossclaim.api.services import ApiServices, services_of
from crossclaim.domain.errors import NotAuthenticated
from crossclaim.security.conditions import Condition, asks
from crossclaim.security.purpose import PURPOSE, PURPOSES
from crossclaim.security.roles import Operation, Principal, require

PUBLIC_ROUTES = frozenset(
    {
        "/health",
        "/openapi.json",
        "/docs",
        "/docs/{asset}",
        # What the FHIR server can, and what our extensions mean.
        "/fhir/metadata",
        "/fhir/StructureDefinition",
        "/fhir/StructureDefinition/{name}",
        # An insurer signs what it sends; the signature is checked instead of a key.
        "/callbacks/insurers/{insurer}",
        # And so does the medical insurance office.
        "/callbacks/family-office",
        # Whoever holds a paper that we issued has its code, and hears nothing of its content.
        "/verify/{code}",
        # What patients are asked to sign, which is about nobody.
        "/v1/consent-texts",
        "/v1/consent-texts/{type}/{version}",
        # What a browser asks before it decodes; the decoding itself wants a key.
        "/codec/decode",
        "/codec/{reason}/decode",
        # A participant of the exchange signs what it sends.
        "/hcx/{version}/{flow}/{verb}",
        # Whoever holds an upload link: the link itself is checked instead of a key.
        "/v1/uploads/{link}",
        "/v1/uploads/{link}/{item}",
        "/v1/uploads/{link}/{item}/not-had",
        # Where a system proves who it is, and what it needs to know for that.
        "/.well-known/oauth-authorization-server",
        "/oauth/jwks",
        "/oauth/token",
        # Where a person comes in and goes out; the way out looks at the session itself.
        "/sign-in",
        "/sign-in/start",
        "/sign-in/back",
        "/sign-in/ended",
        "/sign-out",
    }
)
CSRF_HEADER = "x-csrf-token"

_API_KEY = re.compile(r"bearer +(cc_[A-Za-z0-9_]{1,200}) *", re.IGNORECASE)
_TOKEN = re.compile(r"bearer +([A-Za-z0-9_\-]{1,4000}(?:\.[A-Za-z0-9_\-]{0,4000}){2}) *", re.I)


class Requires:
    """A dependency that gives the principal, if its role may do ``operation``."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    async def __call__(self, request: Request) -> Principal:
        """Raises ``NotAuthenticated`` (401), ``NotAllowed`` (403) or ``TooFast`` (429)."""
        services = services_of(request)
        principal = await _authenticated(request, services)
        if services.pacing is not None:
            services.pacing.check(principal, request.method)
        request.state.principal, request.state.operation = principal, self.operation.value
        purpose = request.headers.get("purpose-of-use", "")
        if purpose in PURPOSES:
            request.state.purpose = purpose
            PURPOSE.set(purpose)
        require(principal, self.operation)
        if asks(self.operation, Condition.STEP_UP):
            fresh(services.identity, principal)
        return principal


async def _authenticated(request: Request, services: ApiServices) -> Principal:
    """By one credential: a key, a token, or the cookie of a session."""
    try:
        return await _known(request, services)
    except NotAuthenticated:
        if services.pacing is not None:
            services.pacing.check_entry(request)
        raise


async def _known(request: Request, services: ApiServices) -> Principal:
    given = request.headers.getlist("authorization")
    if not given:
        signed_in = await session_of(request, services)
        if signed_in is None:
            raise NotAuthenticated("send one header Authorization: Bearer cc_…")
        if request.method not in SAFE_METHODS:
            refuse_forgery(request, services, signed_in)
        return signed_in.principal
    key = _API_KEY.fullmatch(given[0]) if len(given) == 1 else None
    if key is not None:
        principal = await services.directory.principal_of(key[1])
        if principal is None:
            raise NotAuthenticated("the API key is unknown or no longer valid")
        return principal
    token = _TOKEN.fullmatch(given[0]) if len(given) == 1 else None
    tokens = services.identity.tokens if services.identity else None
    if token is None or tokens is None:
        raise NotAuthenticated("send one header Authorization: Bearer cc_…")
    principal = await tokens.principal_of(token[1])
    if principal is None:
        raise NotAuthenticated("the access token is not ours, or no longer valid")
    return principal


async def session_of(request: Request, services: ApiServices) -> SignedIn | None:
    """The session of the request's cookie, if it is open."""
    desk = services.identity
    if desk is None or desk.sign_ins is None:
        return None
    cookie = request.cookies.get(desk.session_cookie)
    return await desk.sign_ins.session(cookie) if cookie else None


def refuse_forgery(
    request: Request, services: ApiServices, signed_in: SignedIn, token: str | None = None
) -> None:
    """Raises ``ForgeryFeared`` unless a page of ours sent this: a browser adds the cookie to
    whatever any page asks for, but only ours know the token."""
    desk = services.identity
    assert desk is not None, "there is a session"
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    # A page that sends no referrer has a form say "null"; a browser that does so says the site.
    elsewhere = origin not in (None, desk.origin) and not (origin == "null" and site)
    foreign = elsewhere or site not in (None, "same-origin")
    shown = token if token is not None else request.headers.get(CSRF_HEADER, "")
    if foreign or not hmac.compare_digest(shown.encode(), signed_in.csrf.encode()):
        raise ForgeryFeared("send the header X-CSRF-Token that GET /v1/me tells, from our own page")


def fresh(desk: IdentityDesk | None, principal: Principal) -> None:
    """Raises ``StepUpNeeded`` for a person who did not sign in within the last minutes."""
    if desk is None or principal.signed_in_at is None:
        return
    if desk.now() - principal.signed_in_at > desk.step_up_within:
        raise StepUpNeeded(int(desk.step_up_within.total_seconds()))
