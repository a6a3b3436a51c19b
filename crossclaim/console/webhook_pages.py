"""Where events go, what became of each, and sending again; for staff what no longer answers."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from crossclaim.console.entrance import GoTo, enter
from crossclaim.console.forms import is_ours
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.console.webhook_port import WebhookBook
from crossclaim.domain.errors import NotFound, Unavailable
from crossclaim.domain.webhook_meanings import MEANINGS
from crossclaim.security.roles import PLATFORM_ROLES, Operation, may

STATUSES = ("pending", "delivered", "given_up")
_HOME = "/console/webhooks"
_ENDPOINT = re.compile(r"we_[0-9A-Z]{26}")
_MESSAGE = re.compile(r"msg_[0-9A-Za-z]{26,32}")


async def endpoints(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_WEBHOOKS, "webhooks")
    book = _book(request)
    values = {
        "endpoints": await book.endpoints(visitor.principal),
        "stopped": await book.stopped(visitor.principal),
        "watches": visitor.principal.role in PLATFORM_ROLES,
        "meanings": MEANINGS,
    }
    return page(request, "webhooks", visitor, values)


async def deliveries(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_WEBHOOKS, _endpoint_of(request))
    book, endpoint_id = _book(request), _endpoint_of(request)
    status = request.query_params.get("status", "")
    chosen = status if status in STATUSES else None
    cursor = request.query_params.get("cursor")
    values = {
        "endpoint": await book.endpoint(visitor.principal, endpoint_id),
        "deliveries": await book.deliveries(visitor.principal, endpoint_id, chosen, cursor),
        "chosen": chosen,
        "statuses": STATUSES,
        "later": cursor is not None,
        "meanings": MEANINGS,
        "manages": may(visitor.principal, Operation.MANAGE_WEBHOOKS),
    }
    return page(request, "webhook_deliveries", visitor, values)


async def delivery(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_WEBHOOKS, _endpoint_of(request))
    book, endpoint_id = _book(request), _endpoint_of(request)
    found, attempts = await book.delivery(visitor.principal, endpoint_id, _message_of(request))
    values = {
        "endpoint": await book.endpoint(visitor.principal, endpoint_id),
        "delivery": found,
        "attempts": attempts,
        "meanings": MEANINGS,
        "manages": may(visitor.principal, Operation.MANAGE_WEBHOOKS),
    }
    return page(request, "webhook_delivery", visitor, values)


async def send_again(request: Request) -> Response:
    visitor, endpoint_id = await _entered(request), _endpoint_of(request)
    message_id = _message_of(request)
    await _book(request).send_again(visitor.principal, endpoint_id, message_id)
    return _back(f"{_HOME}/{endpoint_id}/messages/{message_id}", "sent_again")


async def send_given_up_again(request: Request) -> Response:
    visitor, endpoint_id = await _entered(request), _endpoint_of(request)
    await _book(request).send_given_up_again(visitor.principal, endpoint_id)
    return _back(f"{_HOME}/{endpoint_id}", "sent_again")


async def enable(request: Request) -> Response:
    visitor, endpoint_id = await _entered(request), _endpoint_of(request)
    await _book(request).enable(visitor.principal, endpoint_id)
    return _back(f"{_HOME}/{endpoint_id}", "endpoint_enabled")


async def _entered(request: Request) -> Visitor:
    """Who may change it. A form that no page of ours sent, or of a session that is over, goes
    back to its page: nothing is typed here that could be lost."""
    form = await request.form(max_files=0, max_fields=5)
    visitor = await services_of(request).visitors.visitor(request)
    back = f"{_HOME}/{_endpoint_of(request)}"
    if visitor is None:
        raise GoTo(RedirectResponse(services_of(request).visitors.sign_in_path(back), 303))
    if not is_ours(request, visitor, form):
        raise GoTo(_back(back, "not_sent_again"))
    return await enter(request, Operation.MANAGE_WEBHOOKS, _endpoint_of(request))


def _back(address: str, said: str) -> Response:
    return RedirectResponse(f"{address}?said={said}", 303)


def _book(request: Request) -> WebhookBook:
    found = services_of(request).webhooks
    if found is None:
        raise Unavailable("webhooks are not served here")
    return found


def _endpoint_of(request: Request) -> str:
    return _known_form(_ENDPOINT, str(request.path_params["endpoint"]))


def _message_of(request: Request) -> str:
    return _known_form(_MESSAGE, str(request.path_params["message"]))


def _known_form(form: re.Pattern[str], given: str) -> str:
    """Raises ``NotFound`` for what has not the form of an id."""
    if form.fullmatch(given) is None:
        raise NotFound("there is no such thing here")
    return given


ROUTES = [
    Route("/webhooks", endpoints),
    Route("/webhooks/{endpoint}", deliveries),
    Route("/webhooks/{endpoint}/enabled", enable, methods=["POST"]),
    Route("/webhooks/{endpoint}/replays", send_given_up_again, methods=["POST"]),
    Route("/webhooks/{endpoint}/messages/{message}", delivery),
    Route("/webhooks/{endpoint}/messages/{message}/replays", send_again, methods=["POST"]),
]
