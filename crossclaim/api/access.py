"""Who may call a route: every route declares its operation or is listed as public."""

from __future__ import annotations

import re

from starlette.requests import Request

from crossclaim.api.services import services_of
from crossclaim.domain.errors import NotAuthenticated
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
        # What a browser asks before it decodes; the decoding itself wants a key.
        "/codec/decode",
        "/codec/{reason}/decode",
        # A participant of the exchange signs what it sends.
        "/hcx/{version}/{flow}/{verb}",
        # Whoever holds an upload link: the link itself is checked instead of a key.
        "/v1/uploads/{link}",
        "/v1/uploads/{link}/{item}",
        "/v1/uploads/{link}/{item}/not-had",
    }
)

_BEARER = re.compile(r"bearer +(cc_[A-Za-z0-9_]{1,200}) *", re.IGNORECASE)


class Requires:
    """A dependency that gives the principal, if its role may do ``operation``."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    async def __call__(self, request: Request) -> Principal:
        """Raises ``NotAuthenticated`` (401) or ``NotAllowed`` (403)."""
        principal = await services_of(request).directory.principal_of(_bearer(request))
        if principal is None:
            raise NotAuthenticated("the API key is unknown or no longer valid")
        request.state.principal, request.state.operation = principal, self.operation.value
        purpose = request.headers.get("purpose-of-use", "")
        if purpose in PURPOSES:
            request.state.purpose = purpose
            PURPOSE.set(purpose)
        require(principal, self.operation)
        return principal


def _bearer(request: Request) -> str:
    given = request.headers.getlist("authorization")
    match = _BEARER.fullmatch(given[0]) if len(given) == 1 else None
    if match is None:
        raise NotAuthenticated("send one header Authorization: Bearer cc_…")
    return match[1]
