"""What a form asks documents with."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossclaim.console.kept_forms import Filled
from crossclaim.domain.information_submission import WantedKind

ASKABLE = 6
"""Rows of the form; the plan says how many may be asked for."""


def asked_word(sent: Filled, wanted: list[dict[str, Any]], **about: str) -> dict[str, Any]:
    """The API's message."""
    word: dict[str, Any] = {
        "number": sent.text("number"),
        **about,
        "asked_of": "patient" if sent.text("asked_of") == "patient" else "hospital",
        "documents": wanted,
    }
    if due := _day(sent.text("due_on")):
        word["due_at"] = f"{due}T23:59:59+08:00"
    return word


def ended_word(sent: Filled) -> dict[str, Any]:
    """The documents are not needed any more."""
    return {"number": sent.text("number"), "request": sent.text("request"), "withdrawn": True}


def wanted_of(sent: Filled) -> list[dict[str, Any]]:
    """The rows of the form that name a document."""
    found = []
    for place in range(1, ASKABLE + 1):
        kind = sent.text(f"kind-{place}")
        if kind not in set(WantedKind):
            continue
        one: dict[str, Any] = {"type": kind}
        line = sent.text(f"line-{place}")
        if line.isascii() and line.isdigit() and len(line) < 6:
            one["line"] = int(line)
        if note := sent.text(f"note-{place}")[:200]:
            one["note"] = note
        found.append(one)
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
