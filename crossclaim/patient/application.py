"""Builds patients' own pages out of the services that they are handed."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from crossclaim.console.application import Guarded
from crossclaim.console.failing import handlers
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
            Route("/texts", consent_pages.texts),
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
        exception_handlers=handlers(_failed, _of_ours, _of_the_framework),
    )
    app.state.services = services
    return app


def _failed(request: Request, status: int, word: str) -> Response:
    return page(request, "error", None, {"what": word}, status)


def _of_ours(error: CrossclaimError) -> tuple[int, str]:
    status = error.status
    if status == 429:
        return status, "error_too_fast"
    return (404, "error_not_found") if status in (403, 404) else (status, "error_unavailable")


def _of_the_framework(status: int) -> str:
    return _WORDS.get(status, "error_request")


__all__ = ["PREFIX", "build_patient_pages"]
