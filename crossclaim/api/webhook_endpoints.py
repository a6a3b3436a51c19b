"""Webhook endpoints of an organisation: register, read, change, give a new secret, end."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.access import Requires
from crossclaim.api.answer_models import (
    EndpointAnswer,
    EndpointsAnswer,
    EventTypesAnswer,
    NewEndpointAnswer,
    NewSecretAnswer,
    answering,
    answers,
)
from crossclaim.api.body import read_json
from crossclaim.api.conditional import check_if_match, versioned, wants_match
from crossclaim.api.entry import idempotency_key
from crossclaim.api.episodes import Cursor
from crossclaim.api.openapi import documented, problems
from crossclaim.api.services import services_of
from crossclaim.api.webhook_port import Webhooks
from crossclaim.api.whole_answer import WholeRoute
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Refused, Unavailable
from crossclaim.domain.fault_shape import read_shape
from crossclaim.domain.faults import refusal_text
from crossclaim.domain.language import preferred_language, spoken
from crossclaim.domain.submission import Wire
from crossclaim.domain.webhook_meanings import MEANINGS
from crossclaim.domain.webhook_submission import (
    SecretRotation,
    WebhookChange,
    WebhookEndpoint,
    address_faults,
)
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["webhooks"], route_class=WholeRoute)

Shape = TypeVar("Shape", bound=Wire)
Reader = Annotated[Principal, Depends(Requires(Operation.READ_WEBHOOKS))]
Manager = Annotated[Principal, Depends(Requires(Operation.MANAGE_WEBHOOKS))]
EndpointId = Annotated[str, Path(pattern=r"^we_[0-9A-Z]{26}$")]
Limit = Annotated[int, Query(ge=1, le=200)]
READ = problems(401, 403, 404, 422, 503)
_CHANGED = answering(documented(WebhookChange) | {"status_code": 200}, EndpointAnswer)


@router.get(
    "/v1/webhook-event-types",
    response_model=None,
    responses={**answers(EventTypesAnswer), **problems(401, 403, 503)},
)
async def list_event_types(request: Request, principal: Reader) -> dict[str, Any]:
    """List every type of event, with what it means in your language."""
    language = preferred_language(request.headers.get("accept-language"))
    return {
        "types": [
            {"type": type_.value, "meaning": spoken(meaning, language)}
            for type_, meaning in MEANINGS.items()
        ]
    }


@router.post("/v1/webhook-endpoints", **answering(documented(WebhookEndpoint), NewEndpointAnswer))
async def add_endpoint(request: Request, principal: Manager) -> Response:
    """Register an address for events; its `secret` is told in this answer alone.

    With `signature` `v1a` there is none: the `public_key` verifies, and is told at every read."""
    endpoint = await shaped(request, WebhookEndpoint)
    webhooks = webhooks_of(request)
    refuse(address_faults(endpoint.url, allow_private=webhooks.allow_private))
    body, repeated = await webhooks.add(principal, endpoint, idempotency_key(request))
    headers = {
        "Location": f"/v1/webhook-endpoints/{body['id']}",
        "ETag": versioned(body["version"]),
    }
    if repeated:
        headers["Idempotent-Replayed"] = "true"
    return JSONResponse(body, status_code=201, headers=headers)


@router.get(
    "/v1/webhook-endpoints",
    response_model=None,
    responses={**answers(EndpointsAnswer), **READ},
)
async def list_endpoints(
    request: Request,
    principal: Reader,
    status: Literal["enabled", "disabled"] | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List your endpoints, newest first; one that no longer answered is `disabled`, with why."""
    return await webhooks_of(request).listed(principal, status, limit, cursor)


@router.get(
    "/v1/webhook-endpoints/{endpoint}",
    response_model=None,
    responses={**answers(EndpointAnswer), **READ},
)
async def read_endpoint(endpoint: EndpointId, request: Request, principal: Reader) -> Response:
    """Read one endpoint; its ETag is its version."""
    return _versioned(await webhooks_of(request).read(principal, endpoint))


@router.patch("/v1/webhook-endpoints/{endpoint}", **_CHANGED)
async def change_endpoint(endpoint: EndpointId, request: Request, principal: Manager) -> Response:
    """Change what is given; with `enabled` a disabled endpoint goes on with what waited."""
    change = await shaped(request, WebhookChange)
    webhooks = webhooks_of(request)
    refuse(address_faults(change.url, allow_private=webhooks.allow_private))
    version = await _version(request, principal, endpoint)
    return _versioned(await webhooks.change(principal, endpoint, change, version))


@router.delete(
    "/v1/webhook-endpoints/{endpoint}",
    status_code=204,
    responses=problems(401, 403, 404, 412, 422, 503),
)
async def end_endpoint(endpoint: EndpointId, request: Request, principal: Manager) -> Response:
    """End an endpoint; nothing goes there any more."""
    version = await _version(request, principal, endpoint)
    await webhooks_of(request).end(principal, endpoint, version)
    return Response(status_code=204)


@router.post(
    "/v1/webhook-endpoints/{endpoint}/secret-rotations",
    **answering(documented(SecretRotation), NewSecretAnswer),
)
async def rotate_secret(endpoint: EndpointId, request: Request, principal: Manager) -> Response:
    """Get a new secret, told in this answer alone, or a new public key; the one before signs too
    for a while."""
    rotation = await shaped(request, SecretRotation)
    key = idempotency_key(request)
    webhooks = webhooks_of(request)
    body = await webhooks.rotate(principal, endpoint, rotation.overlap_hours, key)
    return JSONResponse(body, status_code=201)


async def _version(request: Request, principal: Principal, endpoint: str) -> int | None:
    """The version that ``If-Match`` named, which the change is held to; None: whichever it is."""
    if not wants_match(request):
        return None
    version: int = (await webhooks_of(request).read(principal, endpoint))["version"]
    check_if_match(request, versioned(version))
    return version


def _versioned(body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers={"ETag": versioned(body["version"])})


async def shaped(request: Request, shape: type[Shape]) -> Shape:
    """The body in this shape. Raises ``Refused`` with every fault."""
    raw = await read_json(request, services_of(request).body_limit_bytes)
    model, faults = read_shape(shape, dict(raw))
    refuse(faults)
    assert isinstance(model, shape), "without faults there is a model"
    return model


def refuse(faults: list[Fault]) -> None:
    if faults:
        raise Refused(refusal_text(len(faults)), faults)


def webhooks_of(request: Request) -> Webhooks:
    found = services_of(request).webhooks
    if found is None:
        raise Unavailable("webhooks are not served here")
    return found
