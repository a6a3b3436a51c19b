"""The delivery log of an endpoint: messages, attempts, a test event, and sending again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from crossclaim.api.answer_models import (
    MessagesAnswer,
    PingAnswer,
    ReplayAnswer,
    TriedMessageAnswer,
    answering,
    answers,
)
from crossclaim.api.days import Instant
from crossclaim.api.entry import idempotency_key
from crossclaim.api.episodes import Code, Cursor
from crossclaim.api.openapi import documented, problems
from crossclaim.api.webhook_endpoints import (
    READ,
    EndpointId,
    Limit,
    Manager,
    Reader,
    refuse,
    shaped,
    webhooks_of,
)
from crossclaim.api.webhook_port import MessageFilters
from crossclaim.api.whole_answer import WholeRoute
from crossclaim.domain.webhook_events import EventType
from crossclaim.domain.webhook_submission import WebhookReplay, replay_faults

router = APIRouter(tags=["webhooks"], route_class=WholeRoute)

MessageId = Annotated[str, Path(pattern=r"^msg_[0-9A-Za-z]{26,32}$")]
ReplayId = Annotated[str, Path(pattern=r"^wr_[0-9A-Za-z]{26,32}$")]
_TAKEN = {**problems(401, 403, 404, 422, 503)}


@router.get(
    "/v1/webhook-endpoints/{endpoint}/messages",
    response_model=None,
    responses={**answers(MessagesAnswer), **READ},
)
async def list_messages(
    endpoint: EndpointId,
    request: Request,
    principal: Reader,
    status: Literal["pending", "delivered", "given_up"] | None = None,
    type: EventType | None = None,
    episode: Code = None,
    since: Annotated[Instant | None, Query()] = None,
    before: Annotated[Instant | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """List events to this endpoint, newest first, with how often each was tried."""
    filters = MessageFilters(
        status=status,
        type=type.value if type else None,
        episode=episode,
        since=_within_years(since),
        before=_within_years(before),
        limit=limit,
    )
    return await webhooks_of(request).messages(principal, endpoint, filters, cursor)


@router.get(
    "/v1/webhook-endpoints/{endpoint}/messages/{message}",
    response_model=None,
    responses={**answers(TriedMessageAnswer), **READ},
)
async def read_message(
    endpoint: EndpointId, message: MessageId, request: Request, principal: Reader
) -> dict[str, Any]:
    """Read one event with every attempt: status, how long it took, what was answered."""
    return await webhooks_of(request).message(principal, endpoint, message)


@router.post(
    "/v1/webhook-endpoints/{endpoint}/messages/{message}/replays",
    status_code=202,
    responses={**answers(ReplayAnswer, 202), **_TAKEN},
)
async def replay_message(
    endpoint: EndpointId, message: MessageId, request: Request, principal: Manager
) -> Response:
    """Send one event again, under the same id."""
    key = idempotency_key(request)
    body = await webhooks_of(request).replay(principal, endpoint, message, key)
    return _waiting(endpoint, body)


@router.post(
    "/v1/webhook-endpoints/{endpoint}/replays",
    **answering(documented(WebhookReplay) | {"status_code": 202}, ReplayAnswer),
)
async def replay_messages(endpoint: EndpointId, request: Request, principal: Manager) -> Response:
    """Send the events of a time again, in their order and under their ids."""
    replay = await shaped(request, WebhookReplay)
    refuse(replay_faults(replay))
    key = idempotency_key(request)
    body = await webhooks_of(request).replay(principal, endpoint, replay, key)
    return _waiting(endpoint, body)


@router.get(
    "/v1/webhook-endpoints/{endpoint}/replays/{replay}",
    response_model=None,
    responses={**answers(ReplayAnswer), **READ},
)
async def read_replay(
    endpoint: EndpointId, replay: ReplayId, request: Request, principal: Reader
) -> dict[str, Any]:
    """Read whether a replay was applied, and to how many events."""
    return await webhooks_of(request).replay_status(principal, endpoint, replay)


@router.post(
    "/v1/webhook-endpoints/{endpoint}/pings",
    status_code=202,
    responses={**answers(PingAnswer, 202), **_TAKEN},
)
async def ping_endpoint(endpoint: EndpointId, request: Request, principal: Manager) -> Response:
    """Send a test event; its message tells what became of it."""
    message = await webhooks_of(request).ping(principal, endpoint, idempotency_key(request))
    headers = {"Location": f"/v1/webhook-endpoints/{endpoint}/messages/{message}"}
    return JSONResponse({"message": message}, status_code=202, headers=headers)


def _waiting(endpoint: str, body: dict[str, Any]) -> Response:
    headers = {"Location": f"/v1/webhook-endpoints/{endpoint}/replays/{body['replay']}"}
    return JSONResponse(body, status_code=202, headers=headers)


def _within_years(moment: datetime | None) -> datetime | None:
    """What no database could hold as a moment asks for the same as the first or last year."""
    if moment is None or 1900 <= moment.year <= 2199:
        return moment
    return moment.replace(year=min(max(moment.year, 1901), 2199), day=min(moment.day, 28))
