"""A sender that never gives up: the very same request until there is a definite answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

import httpx

from crossclaim.domain.errors import CrossclaimError, InProgress

LOOK_EVERY_S = 0.5
PATIENCE_S = 300.0
_NOT_YET = (202, 429, 502, 503, 504)

Body = dict[str, Any]


class Desk:
    """Hospitals and insurers before our API, each with its key."""

    def __init__(self, api: str, keys: Mapping[str, str], connections: int) -> None:
        limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._http = httpx.AsyncClient(base_url=api, timeout=30, limits=limits, trust_env=False)
        self._keys = keys

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, sender: str, path: str, content: Body) -> Body:
        """Raises CrossclaimError when it is refused, or when no answer comes for too long."""
        return await self._definite(sender, "POST", path, content)

    async def episode(self, sender: str, episode_id: str) -> Body:
        """The episode as its sender may see it."""
        return await self._definite(sender, "GET", f"/v1/episodes/{episode_id}", None)

    async def _definite(self, sender: str, method: str, path: str, content: Body | None) -> Body:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            answer = await self._once(sender, method, path, content)
            if answer is not None:
                return answer
            await asyncio.sleep(LOOK_EVERY_S)
        raise CrossclaimError(f"{_what(path)} was not answered in time", code="SOAK_STOPPED")

    async def _once(self, sender: str, method: str, path: str, content: Body | None) -> Body | None:
        headers = {"Authorization": f"Bearer {self._keys[sender]}"}
        try:
            answer = await self._http.request(method, path, json=content, headers=headers)
        except httpx.TransportError:
            return None
        told = answer.headers.get("content-type", "").partition(";")[0]
        body: Body = answer.json() if told.endswith("json") else {}
        if answer.status_code in (200, 201):
            return body
        if answer.status_code in _NOT_YET or body.get("code") == InProgress.code:
            return None
        codes = ", ".join(str(error.get("code")) for error in body.get("errors", []))
        raise CrossclaimError(
            f"{_what(path)} was refused with {answer.status_code} {codes or body.get('code', '')}",
            code="SOAK_REFUSED",
        )


def _what(path: str) -> str:
    return path.rpartition("/")[2]
