"""Who comes in: bearer keys for the party's wire, this machine only for its control calls."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

Refusal = Callable[[int, str, str], Response]
"""Renders (status, code, sentence) in the party's own form of an error."""

CONNECTION = "crossclaim.connection"


class KnownConnection(HttpToolsProtocol):
    """Hands each request its connection, so that a fault can cut it without a word."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[CONNECTION] = self.transport  # type: ignore[literal-required]


async def cut_connection(request: Request) -> Response:
    """Closes the connection before any byte of an answer; what is returned is never sent."""
    request.scope[CONNECTION].close()
    while (await request.receive())["type"] != "http.disconnect":
        continue
    return Response()


class Doorway:
    """ASGI shell around a party: keys, required headers and the wished latency of each answer."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        api_key: str,
        refuse: Refusal,
        latency_s: float,
        keyed: bool = True,
    ) -> None:
        """``keyed`` off: the party proves its callers by itself."""
        self._app = app
        self._keyed = keyed
        self._expected = f"Bearer {api_key}".encode()
        self._refuse = refuse
        self._latency_s = latency_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"].startswith("/_control"):
            refusal = None if _is_local(scope) else _control_refused()
        else:
            refusal = self._refusal(scope)
            if self._latency_s > 0:
                await asyncio.sleep(self._latency_s)
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        presented = headers.get("authorization", "").encode("utf-8", "replace")
        if self._keyed and not hmac.compare_digest(presented, self._expected):
            return self._refuse(401, "UNAUTHORISED", "A bearer key of this party is needed.")
        if "x-correlation-id" not in headers:
            return self._refuse(400, "HEADER_MISSING", "X-Correlation-ID is needed.")
        if scope["method"] == "POST" and "idempotency-key" not in headers:
            return self._refuse(400, "HEADER_MISSING", "Idempotency-Key is needed.")
        return None


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    return client is not None and ipaddress.ip_address(client[0]).is_loopback


def _control_refused() -> Response:
    return JSONResponse({"detail": "control calls are for this machine only"}, 403)
