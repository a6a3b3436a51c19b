"""Starts a simulator as its own process, as ``crossclaim simulators`` does, and ends it again."""

from __future__ import annotations

import signal
import socket
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
from pydantic import SecretStr

from crossclaim.gateways.http import PartyHttp
from tests.simulators.born import born

API_KEY = SecretStr("simulator-key")


class SimulatedParty:
    """One party on a free port of this machine."""

    def __init__(self, name: str, data: Path, *options: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self._name, self._data = name, data
        self._words = [f"--port={port}", f"--api-key={API_KEY.get_secret_value()}", *options]
        self._control = httpx.Client(base_url=self.url, trust_env=False)

    def __enter__(self) -> SimulatedParty:
        self._process = born(self._name, self._data, *self._words)
        pause = threading.Event()
        while not self._is_ready():
            assert self._process.poll() is None, "the simulator ended before it was ready"
            pause.wait(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._control.close()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def _is_ready(self) -> bool:
        try:
            return self._control.get("/_control/health").status_code == 200
        except httpx.TransportError:
            return False

    def http(self, timeout_s: float = 10.0, **options: Any) -> PartyHttp:
        return PartyHttp(self.url, API_KEY, None, timeout_s, "simulated", **options)

    def reset(self, now: str) -> None:
        self._control.post("/_control/reset").raise_for_status()
        self.set_clock(now)

    def set_clock(self, now: str) -> None:
        self._control.put("/_control/clock", json={"now": now}).raise_for_status()

    def script(self, fault: str, **details: Any) -> None:
        line = {"match": details.pop("match", {}), "fault": fault, **details}
        self._control.put("/_control/faults", json={"faults": [line]}).raise_for_status()

    def set_tables(self, rows: dict[str, Any]) -> None:
        self._control.put("/_control/tables", json=rows).raise_for_status()

    def take_back(self, reference: str) -> bool:
        """An insurer takes a letter of guarantee back."""
        answer = self._control.post("/_control/withdraw", json={"reference": reference})
        return bool(answer.raise_for_status().json()["withdrawn"])

    def journal(self, kind: str) -> list[dict[str, Any]]:
        answer = self._control.get("/_control/journal", params={"kind": kind})
        entries: list[dict[str, Any]] = answer.json()["entries"]
        return entries
