"""The outermost layer of the API: correlation id, safety headers, the answer to a bug."""

from __future__ import annotations

import logging
import re
import traceback
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crossclaim.api.audited import NotAudited
from crossclaim.api.refusal import refusal
from crossclaim.domain.errors import CrossclaimError, NotFound, Unavailable
from crossclaim.observability import correlated

logger = logging.getLogger(__name__)

_CORRELATION_ID = re.compile(r"[A-Za-z0-9._\-]{1,128}")
_SAFETY = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


class Envelope:
    """Gives every request a correlation id, the caller's own where it has the form of one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        correlation_id = _correlation_id(Headers(scope=scope))
        scope.setdefault("state", {})["correlation_id"] = correlation_id
        started = False

        async def send_enveloped(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Correlation-ID"] = correlation_id
                for name, value in _SAFETY.items():
                    headers.setdefault(name, value)
            await send(message)

        with correlated(correlation_id=correlation_id):
            try:
                if "\x00" in scope["path"]:
                    # No id has it, and neither a row nor the audit can hold it.
                    await refusal(Request(scope), NotFound("there is no such address"))(
                        scope, receive, send_enveloped
                    )
                    return
                await self._app(scope, receive, send_enveloped)
            except Exception as error:
                _log(error)
                if started:
                    raise
                response = refusal(Request(scope), _told(error))
                await response(scope, receive, send_enveloped)


def _told(error: Exception) -> CrossclaimError:
    if isinstance(error, NotAudited):
        return Unavailable("the request could not be recorded, so it is not answered; try again")
    return CrossclaimError("unexpected error")


def _correlation_id(headers: Headers) -> str:
    given = headers.get("x-correlation-id", "")
    return given if _CORRELATION_ID.fullmatch(given) else uuid4().hex


def _log(error: Exception) -> None:
    """Type and place only: the text of an unexpected error may hold a person's data."""
    if isinstance(error, NotAudited):
        logger.warning("an answer was held back, since it could not be audited")
        return
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{f.name}:{f.lineno}" for f in reversed(frames))
    logger.error("unexpected %s at %s", type(error).__name__, places)
