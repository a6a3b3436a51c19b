"""One outside party's control calls: what it shall do wrong, and what it says that it did."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.flows.patience import until

Entry = dict[str, Any]


class Simulator:
    """Speaks to ``/_control`` of one party."""

    def __init__(self, url: str, authority: Path | None = None) -> None:
        trust = ssl.create_default_context(cafile=str(authority) if authority else None)
        self._http = httpx.Client(
            base_url=f"{url}/_control", verify=trust, timeout=20, trust_env=False
        )

    def answers(self) -> bool:
        try:
            return self._http.get("/health").status_code == 200
        except httpx.TransportError:
            return False

    def faults(self, *faults: dict[str, Any]) -> None:
        """Replaces the script; without arguments the party behaves again."""
        self._http.put("/faults", json={"faults": list(faults)}).raise_for_status()

    def fault(self, name: str, *, times: int = 1, delay_s: float = 0, **match: Any) -> None:
        """One fault; ``match`` may hold ``details``, which are members of the fault itself."""
        details = match.pop("details", {})
        line = {"match": match, "fault": name, "times": times, "delay_s": delay_s, **details}
        self.faults(line)

    def later(self, seconds: float) -> None:
        """Moves the party's clock forward, so that what it promised is due."""
        now = self._http.get("/health").raise_for_status().json()["now"]
        moved = datetime.fromisoformat(now) + timedelta(seconds=seconds)
        self._http.put("/clock", json={"now": moved.isoformat()}).raise_for_status()

    def behave(self) -> None:
        """No faults, real time."""
        self.faults()
        self._http.put("/clock", json={"now": None}).raise_for_status()

    def tables(self, **rows: Any) -> None:
        self._http.put("/tables", json=rows).raise_for_status()

    def app(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the patient does in his own app of the party."""
        answer = self._http.request(method, f"/app/{path}", json=body).raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def order(self, path: str, content: dict[str, Any]) -> None:
        """A control call that this party alone knows."""
        self._http.post(path, json=content).raise_for_status()

    def journal(self, kind: str, **members: Any) -> list[Entry]:
        """Entries of a kind whose members are as given."""
        answer = self._http.get("/journal", params={"kind": kind}).raise_for_status()
        return [
            entry
            for entry in answer.json()["entries"]
            if all(entry.get(name) == value for name, value in members.items())
        ]

    def heard(self, after: int = 0) -> list[Entry]:
        """The newest requests word for word, from the one after that number on; insurers only."""
        asked = self._http.get("/received", params={"after": after}).raise_for_status()
        found: list[Entry] = asked.json()["requests"]
        return found

    def has_done(self, kind: str, count: int = 1, **members: Any) -> list[Entry]:
        """Waits until there are so many such entries."""
        return until(
            lambda: found if len(found := self.journal(kind, **members)) >= count else None,
            f"{count} × {kind} {members}",
        )

    def close(self) -> None:
        self._http.close()
