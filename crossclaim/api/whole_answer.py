"""Answers that are JSON already: written as they are, and not walked through once more."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi.encoders import jsonable_encoder
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse

Endpoint = Callable[..., Awaitable[Any]]


class WholeRoute(APIRoute):
    """Of a router whose answers are described by models (``answers``): a test holds each of them to
    its model, so none is checked again at every request. The walk of the web framework through an
    episode's rows costs more than everything else that is done to read it."""

    def __init__(self, path: str, endpoint: Endpoint, **words: Any) -> None:
        if words.get("response_model", ...) is None and not hasattr(endpoint, "writes_whole"):
            endpoint = _whole(endpoint, words.get("status_code") or 200)
        super().__init__(path, endpoint, **words)


def _whole(endpoint: Endpoint, status: int) -> Endpoint:
    @functools.wraps(endpoint)
    async def told(*given: Any, **named: Any) -> Any:
        answer = await endpoint(*given, **named)
        if not isinstance(answer, dict):
            return answer
        try:
            return JSONResponse(answer, status)
        except TypeError:
            # It holds a moment, or a model.
            return JSONResponse(jsonable_encoder(answer), status)

    told.writes_whole = True  # type: ignore[attr-defined]
    return told
