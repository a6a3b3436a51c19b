"""What a command did: in sentences for people, or the same facts as JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import typer


def say(as_json: bool, facts: Mapping[str, Any], *sentences: str) -> None:
    """Prints the facts as one JSON object where that was asked, else a line a sentence."""
    if as_json:
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False, default=str))
        return
    for sentence in sentences:
        typer.echo(sentence)
