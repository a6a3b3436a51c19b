"""A hospital's window: sends example files over HTTP and waits for what becomes of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import httpx

from crossclaim.demo.failure import DemoFailed, DemoStopped

ASK_EVERY_S = 0.3
PATIENCE_S = 120.0
TIMEOUT_S = 30.0
LATER = frozenset({202, 503})
"""Kept, and not yet answered: the same is sent again until it is."""


class Sent(NamedTuple):
    """An answer, and whether the same had been sent before."""

    content: dict[str, Any]
    repeated: bool


class Desks:
    """The windows of everybody who sends something, for all runs at once. Thread safe: opening a
    window costs more than most of what is sent through it."""

    def __init__(
        self,
        url: str,
        api_keys: Mapping[str, str],
        stopping: threading.Event,
        ask_every_s: float = ASK_EVERY_S,
    ) -> None:
        self._url = url
        self._api_keys = api_keys
        self._stopping = stopping
        self._ask_every_s = ask_every_s
        self._open: dict[str, Window] = {}
        self._opening = threading.Lock()

    def of(self, sender: str) -> Window:
        with self._opening:
            if sender not in self._open:
                key = self._api_keys[sender]
                self._open[sender] = Window(self._url, key, self._stopping, self._ask_every_s)
            return self._open[sender]

    def close(self) -> None:
        for window in self._open.values():
            window.close()


class Window:
    """One organisation with its API key. Any answer but 2xx is a ``DemoFailed``."""

    def __init__(
        self, url: str, api_key: str, stopping: threading.Event, ask_every_s: float = ASK_EVERY_S
    ) -> None:
        self._stopping = stopping
        self._ask_every_s = ask_every_s
        self._http = httpx.Client(
            base_url=url, timeout=TIMEOUT_S, headers={"Authorization": f"Bearer {api_key}"}
        )

    def close(self) -> None:
        self._http.close()

    def send(self, path: str, content: Any, media_type: str = "application/json") -> Sent:
        answer = self._answer("POST", path, json=content, headers={"Content-Type": media_type})
        return Sent(_content(answer, "POST", path), "Idempotent-Replayed" in answer.headers)

    def answered(self, path: str, content: Any) -> dict[str, Any]:
        """As ``send``, of a desk that comes back when it is told "later"."""
        deadline = time.monotonic() + PATIENCE_S
        answer = self._answer("POST", path, json=content)
        while _is_outstanding(answer) and time.monotonic() < deadline:
            self._rest()
            answer = self._answer("POST", path, json=content)
        return _content(answer, "POST", path)

    def told_later(self, path: str, content: Any) -> None:
        """``DemoFailed`` unless the desk is told to come back: an outside party does not answer."""
        answer = self._answer("POST", path, json=content)
        if not _comes_later(answer):
            raise DemoFailed(
                f"POST {path} was answered {answer.status_code} but had to wait for a party."
            )

    def read(self, path: str, language: str = "") -> dict[str, Any]:
        """Any resource; ``language`` chooses that of its sentences."""
        params = {"language": language} if language else None
        return self._asked("GET", path, params=params)

    def rest(self) -> None:
        """Until it is worth asking again; ``DemoStopped`` when somebody asked to stop."""
        self._rest()

    def refused(
        self, path: str, content: Any, codes: tuple[str, ...], legal: tuple[str, ...] = ()
    ) -> None:
        """``DemoFailed`` unless it is refused with exactly these codes, and what is legal told."""
        deadline = time.monotonic() + PATIENCE_S
        answer = self._answer("POST", path, json=content)
        while _comes_later(answer) and time.monotonic() < deadline:
            self._rest()
            answer = self._answer("POST", path, json=content)
        found = _codes(answer)
        if found != sorted(codes):
            raise DemoFailed(
                f"POST {path} was answered {answer.status_code} {' '.join(found)} but had to be"
                f" refused with {' '.join(codes)}."
            )
        told = _legal(answer)
        if legal and told != list(legal):
            raise DemoFailed(f"POST {path} had to tell what is legal, not {'; '.join(told)}.")

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

    def account(self, account_id: str) -> dict[str, Any]:
        return self._asked("GET", f"/v1/credit-accounts/{account_id}")

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
            self._rest()

    def wait_account(
        self, account_id: str, until: Callable[[Mapping[str, Any]], bool], awaited: str
    ) -> dict[str, Any]:
        """The same of a pay-after-care account."""
        deadline = time.monotonic() + PATIENCE_S
        while not until(found := self.account(account_id)):
            if time.monotonic() > deadline:
                raise DemoFailed(
                    f"{awaited}: not so after {PATIENCE_S:.0f} s;"
                    f" see `crossclaim credit show {account_id}`."
                )
            self._rest()
        return found

    def wait_binding(
        self, binding_id: str, until: Callable[[Mapping[str, Any]], bool], awaited: str
    ) -> dict[str, Any]:
        """The same of a family binding."""
        deadline = time.monotonic() + PATIENCE_S
        while not until(found := self._asked("GET", f"/v1/family-bindings/{binding_id}")):
            if time.monotonic() > deadline:
                raise DemoFailed(
                    f"{awaited}: not so after {PATIENCE_S:.0f} s;"
                    f" see `crossclaim binding show {binding_id}`."
                )
            self._rest()
        return found

    def _rest(self) -> None:
        if self._stopping.wait(self._ask_every_s):
            raise DemoStopped("Stopped before the demonstration had ended.")

    def _asked(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        return _content(self._answer(method, path, **request), method, path)

    def _answer(self, method: str, path: str, **request: Any) -> httpx.Response:
        if self._stopping.is_set():
            raise DemoStopped("Stopped before the demonstration had ended.")
        try:
            return self._http.request(method, path, **request)
        except httpx.HTTPError as error:
            raise DemoFailed(f"The API did not answer {method} {path}.") from error


def _content(answer: httpx.Response, method: str, path: str) -> dict[str, Any]:
    if not answer.is_success:
        told = ", ".join([_reason(answer), *_codes(answer)])
        raise DemoFailed(f"{method} {path} was answered {answer.status_code}: {told}")
    body: dict[str, Any] = answer.json()
    return body


def _comes_later(answer: httpx.Response) -> bool:
    """Kept, and not yet answered."""
    if answer.status_code == 409:
        return bool(answer.json().get("code") == "SUBMISSION_IN_PROGRESS")
    return answer.status_code in LATER


def _is_outstanding(answer: httpx.Response) -> bool:
    """As above; 202 may also be the answer itself, of something that a second person decides."""
    if answer.status_code == 202:
        return bool(answer.json().get("status") == "accepted")
    return _comes_later(answer)


def _codes(answer: httpx.Response) -> list[str]:
    """Of a refusal; empty for any other answer."""
    if answer.status_code != 422:
        return []
    return sorted({str(error["code"]) for error in answer.json().get("errors", [])})


def _legal(answer: httpx.Response) -> list[str]:
    """Coverages, what the patient pays first, and what it costs him in the end."""
    return [
        f"{one['coverages']} {one['patient']['amount']} {one['cost']['amount']}"
        for one in answer.json().get("alternatives", [])
    ]


def _reason(answer: httpx.Response) -> str:
    """The problem's own sentence, and its first fault's."""
    try:
        problem = answer.json()
    except ValueError:
        return answer.reason_phrase
    faults = [str(fault.get("detail", "")) for fault in problem.get("faults", [])[:1]]
    return " ".join([str(problem.get("detail", answer.reason_phrase)), *faults])
