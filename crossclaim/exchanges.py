"""What goes out to a party and comes back, noted while one attempt's call runs.

The gateway notes it, the store keeps it sealed with the attempt's outcome; nobody hands it on in
between, so no step can forget it. A file that travels inside a message is not kept a second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

LONGEST_TEXT = 2_000
"""Characters of one member; beyond it there is a file in it, which stands among the documents."""
LONGEST_KEPT = 262_144
MOST_CALLS = 8
"""Of one attempt: an inquiry, a question or two, and the message itself."""


@dataclass(frozen=True)
class Exchanged:
    """One call of an attempt."""

    method: str
    path: str
    """With its query, which may name a person: it is kept sealed as the bodies are."""
    status: int | None
    took_ms: int
    request: bytes
    answer: bytes


@dataclass
class _Noting:
    scope: str
    attempt: tuple[str, str, int]
    calls: list[Exchanged] = field(default_factory=list)


_NOTING: ContextVar[_Noting | None] = ContextVar("exchanges", default=None)


def begin(scope: str, reference: str, operation: str, number: int) -> None:
    """From here on calls belong to this attempt and are kept under the key of this scope, which is
    the episode or a person who is named in it; no scope: nothing is noted."""
    attempt = (reference, operation, number)
    _NOTING.set(_Noting(scope, attempt) if scope else None)


def note(exchanged: Exchanged) -> None:
    """Does nothing outside an attempt."""
    noting = _NOTING.get()
    if noting is not None and len(noting.calls) < MOST_CALLS:
        noting.calls.append(exchanged)


def taken(reference: str, operation: str, number: int) -> Iterator[tuple[str, Exchanged]]:
    """Each call of that attempt with the scope under whose key it is kept, once."""
    noting = _NOTING.get()
    if noting is None or noting.attempt != (reference, operation, number):
        return
    calls, noting.calls = noting.calls, []
    for call in calls:
        yield noting.scope, call


def kept(body: bytes) -> str:
    """As JSON without the files in it; empty for what is no JSON, or too long."""
    if not body or len(body) > 64 * LONGEST_KEPT:
        return ""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    text = json.dumps(_without_files(told), ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= LONGEST_KEPT else ""


def _without_files(told: Any) -> Any:
    if isinstance(told, dict):
        return {key: _without_files(value) for key, value in told.items()}
    if isinstance(told, list):
        return [_without_files(one) for one in told]
    if isinstance(told, str) and len(told) > LONGEST_TEXT:
        return f"[{len(told)} characters]"
    return told
