"""A hospital's window: sends example files over HTTP and waits for what becomes of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from crossclaim.demo.failure import DemoFailed, DemoStopped

ASK_EVERY_S = 0.3
PATIENCE_S = 120.0
TIMEOUT_S = 30.0


class Window:
    """One hospital with its API key. Any answer but 2xx is a ``DemoFailed``."""

    def __init__(self, url: str, api_key: str, stopping: threading.Event) -> None:
        self._stopping = stopping
        self._http = httpx.Client(
            base_url=url, timeout=TIMEOUT_S, headers={"Authorization": f"Bearer {api_key}"}
        )

    def close(self) -> None:
        self._http.close()

    def send(self, path: str, content: Any, media_type: str = "application/json") -> dict[str, Any]:
        return self._asked("POST", path, json=content, headers={"Content-Type": media_type})

    def upload(self, episode_id: str, name: str, content: bytes) -> str:
        """The SHA-256 by which bills name it."""
        answer = self._asked(
            "POST",
            f"/v1/episodes/{episode_id}/documents",
            params={"name": name},
            content=content,
            headers={"Content-Type": "application/pdf"},
        )
        return str(answer["sha256"])

    def episode(self, episode_id: str) -> dict[str, Any]:
        return self._asked("GET", f"/v1/episodes/{episode_id}")

    def story(self, episode_id: str) -> list[tuple[str, str]]:
        """Time of day and sentence of each line."""
        told = self._asked("GET", f"/v1/episodes/{episode_id}/story")
        return [(line["at"][11:19], line["text"]) for line in told["story"]]

    def wait(
        self, episode_id: str, until: Callable[[Mapping[str, Any]], bool], awaited: str
    ) -> dict[str, Any]:
        """The episode once ``until`` holds; ``DemoFailed`` after two minutes."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            found = self.episode(episode_id)
            if until(found):
                return found
            if time.monotonic() > deadline:
                state = found["episode"]["status"]
                raise DemoFailed(
                    f"{awaited}: not so after {PATIENCE_S:.0f} s, episode {episode_id} is {state};"
                    f" see `crossclaim episode show {episode_id}`."
                )
            if self._stopping.wait(ASK_EVERY_S):
                raise DemoStopped("Stopped before the demonstration had ended.")

    def _asked(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        if self._stopping.is_set():
            raise DemoStopped("Stopped before the demonstration had ended.")
        try:
            answer = self._http.request(method, path, **request)
        except httpx.HTTPError as error:
            raise DemoFailed(f"The API did not answer {method} {path}.") from error
        if not answer.is_success:
            raise DemoFailed(
                f"{method} {path} was answered {answer.status_code}: {_reason(answer)}"
            )
        body: dict[str, Any] = answer.json()
        return body


def _reason(answer: httpx.Response) -> str:
    """The problem's own sentence, and its first fault's."""
    try:
        problem = answer.json()
    except ValueError:
        return answer.reason_phrase
    faults = [str(fault.get("detail", "")) for fault in problem.get("faults", [])[:1]]
    return " ".join([str(problem.get("detail", answer.reason_phrase)), *faults])
