"""What reached the insurer, word for word: the newest requests, for whoever looks for what may not
have been sent."""

from __future__ import annotations

from collections import deque
from typing import Any

from fastapi import APIRouter, Request

KEPT = 200


class Received:
    """In memory only: a look at the wire, no part of what the insurer knows."""

    def __init__(self) -> None:
        self._requests: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._count = 0

    async def keep(self, request: Request) -> None:
        body = await request.body()
        self._count += 1
        self._requests.append(
            {
                "number": self._count,
                "path": request.url.path,
                "headers": [[k, v] for k, v in request.headers.items() if k != "authorization"],
                "body": body.decode("utf-8", "replace"),
            }
        )

    def router(self) -> APIRouter:
        """``GET /_control/received?after=N``: requests after the Nth, oldest first."""
        router = APIRouter(prefix="/_control")

        @router.get("/received")
        async def received(after: int = 0) -> dict[str, Any]:
            return {"requests": [one for one in self._requests if one["number"] > after]}

        return router
