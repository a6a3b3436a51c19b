"""Builds the console out of the services that it is handed."""

from __future__ import annotations

from collections.abc import Callable

from python_multipart.multipart import parse_options_header
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crossclaim.console import (
    correction_pages,
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
from crossclaim.console.failing import handlers
from crossclaim.console.services import ConsoleServices
from crossclaim.console.view import STATIC, page
from crossclaim.domain.errors import CrossclaimError, NotFound

PREFIX = "/console"
_PLAIN_FORM = b"application/x-www-form-urlencoded"
LONGEST_BODY = 1_048_576
"""Bytes of a form, of strangers too: nobody has us keep more in memory."""
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
CORRECTION_ROUTES = [
    Route(f"{_EPISODE}/repair/correct", correction_pages.correct),
    Route(f"{_EPISODE}/repair/correct", correction_pages.order, methods=["POST"]),
]


class Guarded:
    """Gives every answer of the console its safety headers, and reads no form beyond a length."""

    def __init__(self, app: ASGIApp, longest: Callable[[Scope], int] | None = None) -> None:
        self._app = app
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self._longest(scope) if self._longest else LONGEST_BODY
        spoken = scope["type"] != "http" or _is_spoken(Headers(scope=scope).get("content-type"))
        if not spoken:
            # Its reader is not to look at the encoding before the refusal below.
            others = [pair for pair in scope["headers"] if pair[0].lower() != b"content-type"]
            scope = {**scope, "headers": [*others, (b"content-type", _PLAIN_FORM)]}

        async def receive_guarded() -> Message:
            nonlocal left
            if not spoken:
                raise HTTPException(415)
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


def _is_spoken(content_type: str | None) -> bool:
    """A form is UTF-8; under another name of an encoding its reader stumbles."""
    _, said = parse_options_header(content_type or "")
    return said.get(b"charset", b"utf-8").lower() in (b"utf-8", b"utf8", b"us-ascii")


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
            *CORRECTION_ROUTES,
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
        exception_handlers=handlers(_failed, _of_ours, _of_the_framework),
    )
    app.state.services = services
    return app


def _failed(request: Request, status: int, word: str) -> Response:
    return page(request, "error", None, {"what": word, "status": status}, status)


def _of_ours(error: CrossclaimError) -> tuple[int, str]:
    if isinstance(error, NotFound):
        return 404, "error_not_found"
    if error.status == 403:
        return 403, "error_not_allowed"
    return error.status, "error_unavailable"


def _of_the_framework(status: int) -> str:
    return "error_not_found" if status == 404 else "error_request"
