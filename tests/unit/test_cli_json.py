"""Scripts read what commands say: every one of them speaks JSON, or says why it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from crossclaim.cli import application

WITHOUT = {
    "up": "goes on until it is stopped",
    "api": "goes on until it is stopped",
    "worker": "goes on until it is stopped",
    "simulators": "goes on until it is stopped",
    "folders": "goes on until it is stopped; results lie beside the files",
    "bench": "hands its words on, --json among them",
    "soak": "hands its words on, --json among them",
    "claims appeals": "says nothing but JSON",
    "claims letter": "prints a letter as it was issued",
    "claims template": "prints the head of a file",
    "import template": "prints the head of a file",
    "roles": "prints a page of the documentation",
}


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, below in sorted(getattr(command, "commands", {}).items()):
        if hasattr(below, "commands"):
            yield from commands(below, (*path, name))
        else:
            yield " ".join((*path, name)), below


def test_every_command_that_tells_facts_tells_them_as_json_too() -> None:
    known = dict(commands(typer.main.get_command(application.app)))
    silent = {
        name
        for name, command in known.items()
        if not any("--json" in parameter.opts for parameter in command.params)
    }
    assert len(known) > 90
    assert silent == set(WITHOUT)
