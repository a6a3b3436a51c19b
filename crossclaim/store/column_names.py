"""Names that stand in a statement's text: only what can be nothing but a name gets there.

Values are always bound. Names come from our own code; that they do is held here, so that a name
that somebody else chose is a bug that stops, and no statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def checked(name: str) -> str:
    """The name itself. Raises ``ValueError`` for anything else."""
    if _NAME.fullmatch(name) is None:
        raise ValueError("this is no name of a table or column")
    return name


def listed(names: Iterable[str]) -> str:
    """``a, b``"""
    return ", ".join(checked(name) for name in names)


def bound(names: Iterable[str]) -> str:
    """``%(a)s, %(b)s``"""
    return ", ".join(f"%({checked(name)})s" for name in names)


def assigned(names: Iterable[str]) -> str:
    """``a = %(a)s, b = %(b)s``"""
    return ", ".join(f"{checked(name)} = %({name})s" for name in names)
