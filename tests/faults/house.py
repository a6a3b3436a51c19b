"""The running house as a test sees it: clients that never give up, journals, rows, kills."""

from __future__ import annotations

import itertools
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row

from crossclaim.stack import Stack, postgres

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
FULL = os.environ.get("CROSSCLAIM_FULL") == "1"
PATIENCE_S = 150.0
WORKERS = ("worker-1", "worker-2")
_LOOK_AGAIN = {202, 502, 503, 504}

Row = dict[str, Any]


def example(name: str) -> Row:
    content: Row = json.loads((EXAMPLES / name).read_text(encoding="utf-8"))
    return content


def until(what: str, found: Callable[[], Any], patience_s: float = PATIENCE_S) -> Any:
    """The first true answer of ``found``; fails by name when none comes."""
    pause, deadline = threading.Event(), time.monotonic() + patience_s
    while not (answer := found()):
        assert time.monotonic() < deadline, f"never within {patience_s:g} s: {what}"
        pause.wait(0.1)
    return answer


class Window:
    """A hospital's client: it repeats the very same request until it has a definite answer."""

    def __init__(self, url: str, api_key: str) -> None:
        headers = {"Authorization": f"Bearer {api_key}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=20, trust_env=False)
        self.lost_connections = 0

    def _once(self, method: str, path: str, **content: Any) -> httpx.Response | None:
        try:
            answer = self._client.request(method, path, **content)
        except httpx.TransportError:
            self.lost_connections += 1
            return None
        if answer.status_code in _LOOK_AGAIN or "SUBMISSION_IN_PROGRESS" in answer.text:
            # 202 with a claim's id is the definite answer to a request for reimbursement.
            return answer if "claim_id" in answer.text else None
        return answer

    def send(self, path: str, body: Row) -> Row:
        answer = until(f"answer to {path}", lambda: self._once("POST", path, json=body))
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text[:300]}"
        found: Row = answer.json()
        return found

    def once(self, path: str, body: Row) -> httpx.Response:
        """A single try. Raises ``httpx.TransportError`` when the connection breaks."""
        return self._client.post(path, json=body)

    def upload(self, path: str, content: bytes, content_type: str) -> None:
        headers = {"content-type": content_type}
        answer = self._client.post(path, content=content, headers=headers)
        assert answer.is_success, answer.text[:300]

    def episode(self, episode_id: str) -> Row:
        path = f"/v1/episodes/{episode_id}"
        answer = until(path, lambda: self._once("GET", path))
        assert answer.is_success, f"{path}: {answer.status_code}"
        found: Row = answer.json()
        return found


class House:
    """A stack that children are killed of, and everything that tells what came of it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._numbers = itertools.count(1)
        self._hooks: dict[str, str] = {}
        self._keys: dict[str, str] = json.loads(
            (stack.home.root / "secrets" / "api-keys.json").read_text()
        )

    def number(self) -> int:
        """A number that no other case of this run has: for visits and bills."""
        return next(self._numbers)

    def window(self, organisation: str) -> Window:
        return Window(self.stack.urls.api, self._keys[organisation])

    def journal(self, party: str, kind: str) -> list[Row]:
        url = f"{self._control(party)}/journal"
        answer = httpx.get(url, params={"kind": kind}, verify=False, trust_env=False)
        entries: list[Row] = answer.raise_for_status().json()["entries"]
        return entries

    def control(self, party: str, what: str, content: Row) -> None:
        url = f"{self._control(party)}/{what}"
        httpx.put(url, json=content, verify=False, trust_env=False).raise_for_status()

    def _control(self, party: str) -> str:
        return f"{self.stack.urls.simulators[party]}/_control"

    def rows(self, query: str, **values: Any) -> list[Row]:
        """By the database's superuser, whom row-level security does not hold."""
        with psycopg.connect(self.superuser_url(), row_factory=dict_row) as connection:
            return connection.execute(query, values).fetchall()

    def superuser_url(self) -> str:
        return postgres.url(self.stack.home, self.stack.ports["POSTGRES"], "postgres")

    def heal(self) -> None:
        """Everything runs again, with no hook set."""
        for name in self.stack.names:
            if not self.stack.alive(name):
                self.stack.restart(name)
        for name in (*WORKERS, "api"):
            self.hook(name, "")

    def hook(self, name: str, point: str) -> None:
        """Restarts a child of ours so that it kills itself at a fault point, once; "" for never."""
        if self.stack.alive(name) and self._hooks.get(name, "") == point:
            return
        if point:
            self.marker(point).unlink(missing_ok=True)
        self.stack.kill(name)
        self.stack.restart(name, env={"CROSSCLAIM_FAULT_HOOK": point})
        self._hooks[name] = point

    def marker(self, point: str) -> Path:
        return self.stack.home.root / f"fault-{point}"
