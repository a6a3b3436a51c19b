"""Makes the outside parties of a running stack fail, and well again, over their ``/_control``."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from crossclaim.demo.failure import DemoFailed

TIMEOUT_S = 30.0


class Controls:
    """Thread safe. Every fault matches on something that one failure alone has."""

    def __init__(self, urls: Mapping[str, str], authority: Path) -> None:
        self._urls = urls
        trust = ssl.create_default_context(cafile=str(authority))
        self._http = httpx.Client(verify=trust, timeout=TIMEOUT_S, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def spoil(self, party: str, fault: Mapping[str, Any]) -> None:
        self._say("POST", party, "faults", {"faults": [fault]})

    def mend(self, party: str, match: Mapping[str, Any]) -> None:
        self._say("POST", party, "faults/end", {"match": match})

    def tables(self, party: str, rows: Mapping[str, Any]) -> None:
        self._say("PUT", party, "tables", rows)

    def order(self, method: str, party: str, path: str, content: Mapping[str, Any]) -> Any:
        """A control call that this party alone knows."""
        return self._say(method, party, path, content)

    def later(self, party: str, seconds: float) -> None:
        """Moves the party's clock, so that what it does later is done."""
        now = datetime.fromisoformat(self._say("GET", party, "health", None)["now"])
        moved = now + timedelta(seconds=seconds)
        self._say("PUT", party, "clock", {"now": moved.isoformat()})

    def today(self, party: str) -> None:
        self._say("PUT", party, "clock", {"now": None})

    def _say(self, method: str, party: str, path: str, content: Any) -> Any:
        try:
            answer = self._http.request(
                method, f"{self._urls[party]}/_control/{path}", json=content
            )
            answer.raise_for_status()
        except httpx.HTTPError as error:
            raise DemoFailed(f"The simulator {party} did not take {method} {path}.") from error
        return answer.json()
