"""Request bodies: raw bytes under a limit, and JSON that is exactly what it looks like.

Python's parser takes NaN, takes the last of two equal keys and falls over deep nesting; here each
of these is a fault with its pointer, and all faults of a body come together.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from starlette.requests import Request

from crossclaim.api.problem_sentences import problem_fault, problem_sentence
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Refused
from crossclaim.domain.fault_piece import pointer_to

MAX_DEPTH = 64
MAX_ITEMS = 5_000
MAX_KEY_LENGTH = 256
_MAX_DIGITS = 30

_STRUCTURE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


class BodyRefused(Refused):
    """The bytes of the request are not what this address takes: 400, 413 or 415."""

    status = 400
    code = "BODY_REFUSED"

    def __init__(self, faults: list[Fault], *, status: int = 400, code: str | None = None) -> None:
        detail = faults[0].text if len(faults) == 1 else problem_sentence("BODY_REFUSED")
        super().__init__(detail.en, faults, code=code or _code_of(faults))
        self.status = status


def _code_of(faults: list[Fault]) -> str:
    codes = {fault.code for fault in faults}
    return codes.pop() if len(codes) == 1 else "BODY_REFUSED"


@dataclass(frozen=True)
class _Mark:
    """Stands in the parsed tree for a number that is a fault."""

    code: str


class _Pairs(list[tuple[str, Any]]):
    """An object that has a key twice."""


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """The whole body. Raises ``BodyRefused`` (413) as soon as it is over the limit."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise BodyRefused([problem_fault("CONTENT_ENCODING", "")], status=415)
    declared = request.headers.get("content-length", "0")
    if len(declared) > 18 or (declared.isdecimal() and int(declared) > limit_bytes):
        raise _too_large(limit_bytes)
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > limit_bytes:
            raise _too_large(limit_bytes)
    return bytes(content)


def _too_large(limit_bytes: int) -> BodyRefused:
    return BodyRefused([problem_fault("BODY_TOO_LARGE", "", limit=limit_bytes)], status=413)


def check_content_type(request: Request, *expected: str) -> str:
    """The media type without parameters. Raises ``BodyRefused`` (415) for an unexpected one."""
    media_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if media_type not in expected:
        fault = problem_fault("CONTENT_TYPE", "", expected=", ".join(expected))
        raise BodyRefused([fault], status=415)
    return media_type


async def read_json(request: Request, limit_bytes: int) -> dict[str, Any]:
    """The JSON object of an ``application/json`` request. Raises ``BodyRefused``."""
    check_content_type(request, "application/json")
    return parse_json(await read_body(request, limit_bytes))


def parse_json(content: bytes, *, exact: bool = False) -> dict[str, Any]:
    """A JSON object, strictly. ``exact`` keeps fractions as ``Decimal``. Raises ``BodyRefused``."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BodyRefused([problem_fault("NOT_UTF8", "")]) from error
    if _depth(text) > MAX_DEPTH:
        raise BodyRefused([problem_fault("JSON_TOO_DEEP", "", limit=MAX_DEPTH)])
    try:
        tree = json.loads(
            text,
            parse_constant=lambda _: _Mark("JSON_NAN"),
            parse_int=_whole,
            parse_float=_exact_fraction if exact else _fraction,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        # The error itself holds the whole body, so it is not kept as the cause.
        fault = problem_fault("NOT_JSON", "", line=error.lineno, column=error.colno)
        raise BodyRefused([fault]) from None
    faults = list(_faults_in(tree, ""))
    if faults:
        raise BodyRefused(faults)
    if not isinstance(tree, dict):
        raise BodyRefused([problem_fault("JSON_NOT_OBJECT", "")])
    return tree


def _depth(text: str) -> int:
    """The deepest nesting, up to one more than allowed; brackets inside strings do not count."""
    depth = deepest = 0
    for match in _STRUCTURE.finditer(text):
        sign = text[match.start()]
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
        if deepest > MAX_DEPTH:
            break
    return deepest


def _whole(digits: str) -> int | _Mark:
    return int(digits) if len(digits) <= _MAX_DIGITS else _Mark("JSON_NUMBER")


def _fraction(digits: str) -> float | _Mark:
    number = float(digits)
    return number if math.isfinite(number) else _Mark("JSON_NUMBER")


def _exact_fraction(digits: str) -> Decimal | _Mark:
    if len(digits) > _MAX_DIGITS:
        return _Mark("JSON_NUMBER")
    try:
        number = Decimal(digits)
    except InvalidOperation:
        # An exponent beyond what a decimal number can have.
        return _Mark("JSON_NUMBER")
    return number if abs(number.adjusted()) <= _MAX_DIGITS else _Mark("JSON_NUMBER")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Pairs:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _Pairs(pairs)


def _faults_in(value: Any, pointer: str) -> Iterator[Fault]:
    match value:
        case _Mark():
            yield problem_fault(value.code, pointer)
        case str():
            if not _storable(value):
                yield problem_fault("JSON_TEXT", pointer)
        case _Pairs():
            yield from _member_faults(value, pointer)
        case dict():
            yield from _member_faults(list(value.items()), pointer)
        case list():
            if len(value) > MAX_ITEMS:
                yield problem_fault("JSON_TOO_MANY_ITEMS", pointer, limit=MAX_ITEMS)
            for i, item in enumerate(value[:MAX_ITEMS]):
                yield from _faults_in(item, pointer_to(pointer, i))


def _member_faults(pairs: list[tuple[str, Any]], pointer: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for name, member in pairs:
        if len(name) > MAX_KEY_LENGTH:
            yield problem_fault("JSON_KEY_TOO_LONG", pointer, limit=MAX_KEY_LENGTH)
        elif not _storable(name):
            yield problem_fault("JSON_TEXT", pointer)
        else:
            if name in seen:
                yield problem_fault("JSON_DUPLICATE_KEY", pointer_to(pointer, name))
            seen.add(name)
            yield from _faults_in(member, pointer_to(pointer, name))


def _storable(text: str) -> bool:
    """Databases and UTF-8 refuse NUL and lone surrogates, which JSON's escapes can spell."""
    return "\x00" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
