"""Where one failure is played: a desk, the parties behind it, and what is seen of its episode."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crossclaim.demo.failure import DemoFailed
from crossclaim.demo.failures.catalogue import Expected, Failure
from crossclaim.demo.failures.control import Controls
from crossclaim.demo.failures.persons import Numbers
from crossclaim.demo.failures.shape import imbalance, shape_of, shape_of_binding
from crossclaim.demo.window import PATIENCE_S, Desks

Body = dict[str, Any]
BINDINGS = "/v1/family-bindings"
EPISODES = "/v1/episodes"


@dataclass(frozen=True)
class Moment:
    """What stood there, and what staff could read, at one moment."""

    found: Expected
    differences: list[str]
    story: list[dict[str, Any]]
    waiting: str


class Stage:
    """One failure's. Its steps raise ``DemoFailed`` when anything is answered otherwise."""

    def __init__(
        self,
        failure: Failure,
        desks: Desks,
        controls: Controls,
        numbers: Numbers,
        language: str,
        examples: Path,
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.failure = failure
        self.examples = examples
        self.numbers = numbers
        self.controls = controls
        self.seen: Moment | None = None
        self.subject = ""
        self._desks = desks
        self._language = language
        self._patience_s = patience_s
        self._sender = ""
        self._address = EPISODES

    @property
    def _sees_all(self) -> bool:
        """Whether it is told from a hospital's desk; an insurer sees its own accounts alone."""
        return self._address == EPISODES and self.failure.system != "insurance-connect"

    @property
    def path(self) -> str:
        return f"{self._address}/{self.subject}"

    def open(self, sender: str, content: Body, path: str = EPISODES) -> Body:
        """Whoever opens it speaks for it from now on."""
        answer = self._desks.of(sender).answered(path, content)
        self._sender = sender
        self.subject = str(answer.get("binding_id") or answer["episode_id"])
        self._address = path if path == BINDINGS else EPISODES
        return answer

    def say(self, what: str, content: Body, sender: str = "") -> Body:
        desk = self._desks.of(sender or self._sender)
        return desk.answered(f"{self.path}/{what}", content)

    def ask(self, sender: str, path: str, content: Body) -> Body:
        """Anything that is not about the episode itself."""
        return self._desks.of(sender).answered(path, content)

    def refused(self, what: str, content: Body, *codes: str) -> None:
        self._desks.of(self._sender).refused(f"{self.path}/{what}", content, codes)

    def not_taken(self, sender: str, path: str, content: Body, *codes: str) -> None:
        """A submission that must be refused before there is any episode."""
        self._desks.of(sender).refused(path, content, codes)

    def told_later(self, what: str, content: Body) -> None:
        self._desks.of(self._sender).told_later(f"{self.path}/{what}", content)

    def upload(self, name: str, content: bytes) -> str:
        return self._desks.of(self._sender).upload(self.subject, name, content)

    def spoil(
        self,
        party: str,
        fault: str,
        match: Mapping[str, Any],
        *,
        times: int = 1,
        delay_s: float = 0,
        **details: Any,
    ) -> None:
        """The next ``times`` requests that match; -1 is until it is mended."""
        line = {"match": match, "fault": fault, "times": times, "delay_s": delay_s, **details}
        self.controls.spoil(party, line)

    def rows(self) -> Body:
        return self._desks.of(self._sender).read(self.path)

    def wait(self, what: str, holds: Callable[[Body], bool]) -> Body:
        """The episode once ``holds``; ``DemoFailed`` when it is never so."""
        return self.wait_at(self._sender, self.path, what, holds)

    def wait_at(self, sender: str, path: str, what: str, holds: Callable[[Body], bool]) -> Body:
        deadline = time.monotonic() + self._patience_s
        desk = self._desks.of(sender)
        while not holds(found := desk.read(path)):
            if time.monotonic() > deadline:
                raise DemoFailed(f"{self.failure.name}: {what}: not so after {self._patience_s} s.")
            desk.rest()
        return found

    def failing(self) -> None:
        """Waits until it stands as the catalogue says of the time while it fails."""
        assert self.failure.failing is not None, "the catalogue says what is seen"
        self.seen = self.moment(self.failure.failing)

    def moment(self, expected: Expected) -> Moment:
        """What is found, as soon as it is as expected; at last as it is."""
        deadline = time.monotonic() + self._patience_s
        desk = self._desks.of(self._sender)
        while True:
            rows, late = desk.read(self.path), time.monotonic() > deadline
            # The story costs more than the rows: it is read once these are as expected.
            if late or not differing(expected, self._shape(rows, expected.waits)):
                told = desk.read(f"{self.path}/story", self._language)
                waiting = told["waiting"] or {"code": "", "text": ""}
                found = self._shape(rows, waiting["code"])
                differences = differing(expected, found)
                if self._sees_all:
                    differences += [f"{c} entries do not balance" for c in imbalance(rows)]
                if late or not differences:
                    return Moment(found, differences, told["story"], waiting["text"])
            desk.rest()

    def _shape(self, rows: Body, waits: str) -> Expected:
        binding = self._address == BINDINGS
        if binding:
            return shape_of_binding(rows, waits)
        return shape_of(rows, "" if rows["episode"]["status"] == "closed" else waits)


def differing(expected: Expected, found: Expected) -> list[str]:
    """Every member that is another one, as a sentence."""
    return [
        f"{name} is {getattr(found, name) or 'nothing'}, expected"
        f" {getattr(expected, name) or 'nothing'}"
        for name in Expected.model_fields
        if getattr(found, name) != getattr(expected, name)
    ]


def varied(body: Mapping[str, Any], **changes: Any) -> Body:
    """A deep copy with top members replaced; a mapping is merged one level deep."""
    new: Body = copy.deepcopy(dict(body))
    for name, value in changes.items():
        merge = isinstance(value, dict) and isinstance(new.get(name), dict)
        new[name] = {**new[name], **value} if merge else value
    return new
