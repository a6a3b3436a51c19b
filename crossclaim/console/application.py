"""Builds the console out of the services that it is handed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from math import ceil
from typing import cast

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crossclaim.console import (
    desk_routes,
    episode_pages,
    exception_pages,
    figure_pages,
    finance_pages,
    message_pages,
    operations_routes,
    paper_pages,
    repair_pages,
    repairing_pages,
    role_pages,
    search_pages,
    version_pages,
    view_pages,
    webhook_pages,
)
from crossclaim.console.entrance import GoTo
from crossclaim.console.services import ConsoleServices
from crossclaim.console.view import STATIC, page
from crossclaim.domain.errors import CrossclaimError, NotFound

PREFIX = "/console"
LONGEST_BODY = 1_048_576
"""Bytes of a form, of strangers too: nobody has us keep more in memory."""
_log = logging.getLogger(__name__)
_SAFETY = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


_EPISODE = "/episodes/{episode_id}"
EPISODE_ROUTES = [
    Route(f"{_EPISODE}/messages/{{attempt}}", message_pages.message),
    Route(f"{_EPISODE}/messages/{{attempt}}/in-clear", message_pages.in_clear, methods=["POST"]),
    Route(f"{_EPISODE}/papers/{{sha256}}", paper_pages.paper),
    Route(f"{_EPISODE}/papers/{{sha256}}/in-clear", paper_pages.in_clear, methods=["POST"]),
    Route(f"{_EPISODE}/papers/{{sha256}}/content", paper_pages.content),
    Route(f"{_EPISODE}/bills/{{number:path}}/difference", version_pages.difference),
]


class Guarded:
    """Gives every answer of the console its safety headers, and reads no form beyond a length."""

    def __init__(self, app: ASGIApp, longest: Callable[[Scope], int] | None = None) -> None:
        self._app = app
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self._longest(scope) if self._longest else LONGEST_BODY

        async def receive_guarded() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise HTTPException(413)
            return message

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _SAFETY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive_guarded, send_guarded)


def build_console(services: ConsoleServices) -> Starlette:
    """The console; it is mounted at ``PREFIX``."""
    app = Starlette(
        routes=[
            Route("/", search_pages.start),
            Route("/episodes", search_pages.episodes, methods=["GET", "POST"]),
            Route("/episodes.csv", search_pages.export, methods=["GET", "POST"]),
            Route("/episodes.xlsx", search_pages.export, methods=["GET", "POST"]),
            Route("/views", view_pages.save, methods=["POST"]),
            Route("/views/{view_id}", view_pages.change, methods=["POST"]),
            Route("/episodes/{episode_id}", episode_pages.overview),
            Route("/episodes/{episode_id}/history", episode_pages.history),
            Route("/episodes/{episode_id}/live", episode_pages.live),
            *EPISODE_ROUTES,
            Route("/episodes/{episode_id}/notes", repair_pages.note, methods=["POST"]),
            Route("/episodes/{episode_id}/repair", repairing_pages.repair),
            Route("/episodes/{episode_id}/repair/{act}", repairing_pages.act),
            Route("/episodes/{episode_id}/repair/{act}", repairing_pages.order, methods=["POST"]),
            Route("/episodes/{episode_id}/try-again", repair_pages.try_again, methods=["POST"]),
            Route("/exceptions", exception_pages.worklist),
            Route("/exceptions.csv", exception_pages.export),
            Route("/exceptions.xlsx", exception_pages.export),
            Route("/exceptions/actions", exception_pages.act, methods=["POST"]),
            Route("/exceptions/actions/{action_id}", exception_pages.action),
            Route("/exceptions/actions/{action_id}", exception_pages.go_on, methods=["POST"]),
            Route("/exceptions/{item}", exception_pages.one),
            *desk_routes.ROUTES,
            Route("/role", role_pages.act_as, methods=["POST"]),
            Route("/no-sign-in", search_pages.no_sign_in),
            Route("/figures", figure_pages.figures),
            *webhook_pages.ROUTES,
            Route("/finance", finance_pages.finance),
            *operations_routes.ROUTES,
            Mount("/static", StaticFiles(directory=str(STATIC))),
        ],
        middleware=[Middleware(Guarded)],
        exception_handlers={
            GoTo: _sent_elsewhere,
            CrossclaimError: _told(_of_ours),
            HTTPException: _told(_of_the_framework),
            Exception: _told(_of_a_bug),
        },
    )
    app.state.services = services
    return app


async def _sent_elsewhere(request: Request, error: Exception) -> Response:
    return cast(GoTo, error).response


def _told(
    status_of: Callable[[Exception], tuple[int, str]],
) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def tell(request: Request, error: Exception) -> Response:
        status, key = status_of(error)
        told = page(request, "error", None, {"what": key, "status": status}, status)
        if wait_s := getattr(error, "retry_after_s", None):
            told.headers["Retry-After"] = str(ceil(wait_s))
        return told

    return tell


def _of_ours(error: Exception) -> tuple[int, str]:
    known = cast(CrossclaimError, error)
    if isinstance(known, NotFound):
        return 404, "error_not_found"
    if known.status == 403:
        return 403, "error_not_allowed"
    return known.status, "error_unavailable"


def _of_the_framework(error: Exception) -> tuple[int, str]:
    status = cast(HTTPException, error).status_code
    return status, "error_not_found" if status == 404 else "error_request"


def _of_a_bug(error: Exception) -> tuple[int, str]:
    _log.error("a page failed: %s", type(error).__name__)
    return 500, "error_bug"
