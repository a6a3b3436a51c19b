"""Builds patients' own pages out of the services that they are handed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from math import ceil
from typing import cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from crossclaim.console.application import Guarded
from crossclaim.console.entrance import GoTo
from crossclaim.console.view import STATIC as LOOK
from crossclaim.domain.errors import CrossclaimError
from crossclaim.patient import (
    appeal_pages,
    consent_pages,
    document_pages,
    door_pages,
    episode_pages,
)
from crossclaim.patient.services import PatientServices
from crossclaim.patient.view import PREFIX, STATIC, page
from crossclaim.security.narrowed import ONLY_EPISODES

LONGEST_FORM = 65_536
_AROUND_A_FILE = 65_536
"""Bytes of a form beside the file that it brings."""
_WORDS = {404: "error_not_found", 405: "error_not_found", 413: "error_too_large"}
_log = logging.getLogger(__name__)


class Apart:
    """What one request was narrowed to ends with it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        before = ONLY_EPISODES.set(None)
        try:
            await self._app(scope, receive, send)
        finally:
            ONLY_EPISODES.reset(before)


def build_patient_pages(services: PatientServices) -> Starlette:
    """The pages; they are mounted at ``PREFIX``."""
    one = "/episodes/{episode_id}"
    item = one + "/requests/{request_id}/{item}"
    largest = services.api.document_limit_bytes + _AROUND_A_FILE

    def longest(scope: Scope) -> int:
        return largest if scope.get("path", "").endswith("/document") else LONGEST_FORM

    app = Starlette(
        routes=[
            Route("/", episode_pages.home),
            Route("/in", door_pages.come_in, methods=["POST"]),
            Route("/in/{link}", door_pages.door),
            Route("/out", door_pages.leave, methods=["POST"]),
            Route(one, episode_pages.episode),
            Route(one + "/vouchers", episode_pages.vouchers),
            Route(one + "/looks", episode_pages.looks),
            Route(one + "/estimate", episode_pages.estimate_form),
            Route(one + "/estimate", episode_pages.estimate, methods=["POST"]),
            Route(one + "/letters/{claim_id}/{kind}", episode_pages.letter),
            Route(one + "/consents", consent_pages.consents),
            Route(one + "/consents/withdrawal", consent_pages.before),
            Route(one + "/consents/withdrawal", consent_pages.withdraw, methods=["POST"]),
            Route(one + "/appeals/{claim_id}", appeal_pages.appeal_form),
            Route(one + "/appeals/{claim_id}", appeal_pages.appeal, methods=["POST"]),
            Route(item + "/document", document_pages.send_document, methods=["POST"]),
            Route(item + "/not-had", document_pages.say_not_had, methods=["POST"]),
            Mount("/look", StaticFiles(directory=str(LOOK))),
            Mount("/static", StaticFiles(directory=str(STATIC))),
        ],
        middleware=[Middleware(Apart), Middleware(Guarded, longest=longest)],
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
        told = page(request, "error", None, {"what": key}, status)
        if wait_s := getattr(error, "retry_after_s", None):
            told.headers["Retry-After"] = str(ceil(wait_s))
        return told

    return tell


def _of_ours(error: Exception) -> tuple[int, str]:
    status = cast(CrossclaimError, error).status
    if status == 429:
        return status, "error_too_fast"
    return (404, "error_not_found") if status in (403, 404) else (status, "error_unavailable")


def _of_the_framework(error: Exception) -> tuple[int, str]:
    status = cast(HTTPException, error).status_code
    return status, _WORDS.get(status, "error_request")


def _of_a_bug(error: Exception) -> tuple[int, str]:
    _log.error("a patient's page failed: %s", type(error).__name__)
    return 500, "error_bug"


__all__ = ["PREFIX", "build_patient_pages"]
