"""Starts a simulator as the process it is, kills it, and starts it again on the same state."""

from __future__ import annotations

import signal
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.simulators.born import born

KEY = "key-of-the-tests"
DEADLINE_S = 15.0

Found = TypeVar("Found")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(look: Callable[[], Found | None]) -> Found:
    """The first answer of ``look`` that is something."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"nothing came within {DEADLINE_S} s")


class PartyProcess:
    """One simulator with its data folder and port."""

    def __init__(
        self, module: str, data: Path, *options: str, trust: ssl.SSLContext | None = None
    ) -> None:
        self.data = data
        self.url = f"{'https' if trust else 'http'}://127.0.0.1:{free_port()}"
        self._party = module
        self._words = [f"--port={self.url.rpartition(':')[2]}", f"--api-key={KEY}", *options]
        self.client = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {KEY}", "X-Correlation-ID": "c-1"},
            timeout=10,
            # Parties close what was idle for five seconds; a request then would meet a closing one.
            limits=httpx.Limits(keepalive_expiry=2),
            verify=trust or True,
            trust_env=False,
        )
        self.start()

    def start(self) -> None:
        self._process = born(self._party, self.data, *self._words)
        eventually(self._is_ready)

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, "the simulator ended at once"
        try:
            return self.client.get("/_control/health").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def restart_after_kill(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> int:
        """Ends it by SIGTERM; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._process.wait(10)

    def close(self) -> None:
        self.client.close()
        if self._process.poll() is None:
            self.kill()

    def set_faults(self, *faults: dict[str, Any]) -> None:
        answer = self.client.put("/_control/faults", json={"faults": list(faults)})
        assert answer.status_code == 200, answer.text

    def set_clock(self, now: str | None) -> None:
        assert self.client.put("/_control/clock", json={"now": now}).status_code == 200

    def set_tables(self, rows: dict[str, Any]) -> None:
        assert self.client.put("/_control/tables", json=rows).status_code == 200

    def reset(self) -> None:
        assert self.client.post("/_control/reset").status_code == 200

    def journal(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.client.get(
            "/_control/journal", params={"kind": kind}
        ).json()["entries"]
        return entries


@contextmanager
def running(
    module: str, data: Path, *options: str, trust: ssl.SSLContext | None = None
) -> Iterator[PartyProcess]:
    process = PartyProcess(module, data, *options, trust=trust)
    try:
        yield process
    finally:
        process.close()
