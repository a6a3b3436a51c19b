"""The shipped code as the architecture tests read it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("crossclaim", "workflows", "activities", "workers")


@cache
def shipped() -> list[Path]:
    """Every Python file of ours that a wheel would hold."""
    return sorted(file for room in ROOMS for file in (REPOSITORY / room).rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(_text(file), filename=str(file))


def mentioning(*words: str) -> list[Path]:
    """The files in whose text one of these stands: the others need not be parsed for it."""
    return [file for file in shipped() if any(word in _text(file) for word in words)]


@cache
def _text(file: Path) -> str:
    return file.read_text("utf-8")


def place(file: Path, line: int | None = None) -> str:
    """How a failing test names a line: relative to the repository."""
    name = str(file.relative_to(REPOSITORY))
    return f"{name}:{line}" if line else name


def module_of(file: Path) -> str:
    parts = file.relative_to(REPOSITORY).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def dotted(node: ast.expr) -> str:
    """``os.environ.get`` for that expression; empty for anything but names and attributes."""
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return node.id if isinstance(node, ast.Name) else ""
