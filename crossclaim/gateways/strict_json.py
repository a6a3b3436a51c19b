"""JSON without loopholes: no key twice, no NaN, bounded depth, and decimals that stay exact.

``json`` alone takes the last of two equal keys, accepts ``NaN`` and turns 51850.50 into a binary
fraction; each of these has moved money wrongly somewhere.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

DEPTH_MAX = 64
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_DIGITS_MAX = 40
"""Longer numbers are no amounts; converting them costs quadratic time."""


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


class StrictJsonError(ValueError):
    """The text is not JSON that we accept; the message names the rule and never the content."""


def loads(text: bytes | str, *, depth_max: int = DEPTH_MAX) -> Any:
    """Parses UTF-8 JSON; fractions come back as ``Decimal``. Raises ``StrictJsonError``."""
    try:
        read = text if isinstance(text, str) else text.decode("utf-8")
        value = json.loads(
            read,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except StrictJsonError:
        raise
    except RecursionError:
        raise StrictJsonError("nested too deeply") from None
    except ValueError:
        raise StrictJsonError("not JSON in UTF-8") from None
    _refuse_depth(value, depth_max)
    if _SURROGATE.search(read):
        _refuse_halves(value)
    return value


def dumps(value: Any) -> bytes:
    """Writes UTF-8 JSON; a ``Decimal`` keeps its digits (51850.50 stays 51850.50)."""
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts).encode("utf-8")


def _write(value: Any, parts: list[str]) -> None:
    if isinstance(value, dict):
        opening = "{"
        for key, member in value.items():
            parts.append(f"{opening}{_ENCODER.encode(key)}:")
            _write(member, parts)
            opening = ","
        parts.append("}" if value else "{}")
    elif isinstance(value, list | tuple):
        opening = "["
        for member in value:
            parts.append(opening)
            _write(member, parts)
            opening = ","
        parts.append("]" if value else "[]")
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise StrictJsonError("a number must be finite")
        parts.append(f"{value:f}")
    else:
        parts.append(_ENCODER.encode(value))


def _decimal(text: str) -> Decimal:
    if len(text) > _DIGITS_MAX:
        raise StrictJsonError("a number has too many digits")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise StrictJsonError("a number has too many digits") from None
    if abs(number.adjusted()) > _DIGITS_MAX:
        # Few letters, and written out again a gigabyte of digits.
        raise StrictJsonError("a number has too many digits")
    return number


def _integer(text: str) -> int:
    if len(text) > _DIGITS_MAX:
        raise StrictJsonError("a number has too many digits")
    return int(text)


def _constant(_: str) -> NoReturn:
    raise StrictJsonError("NaN and Infinity are not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise StrictJsonError("a key stands twice in one object")
    return members


def _refuse_halves(value: Any) -> None:
    """Half a letter, which escapes can spell, is nothing that UTF-8 can hold. Depth is bounded."""
    if isinstance(value, dict):
        for name, member in value.items():
            _refuse_halves(name)
            _refuse_halves(member)
    elif isinstance(value, list):
        for member in value:
            _refuse_halves(member)
    elif isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value):
        raise StrictJsonError("a text is not Unicode")


def _refuse_depth(value: Any, depth_max: int) -> None:
    level = _containers([value])
    depth = 0
    while level:
        depth += 1
        if depth > depth_max:
            raise StrictJsonError("nested too deeply")
        level = [child for parent in level for child in _containers(parent)]


def _containers(parent: dict[str, Any] | list[Any]) -> list[Any]:
    members = parent.values() if isinstance(parent, dict) else parent
    return [member for member in members if isinstance(member, dict | list)]
