"""A piece of a raw submission that may be broken in places: what can be read is read.

The rules of meaning look at pieces, never at whole models, so that one member of the wrong type
does not hide the faults of its neighbours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from pydantic import AwareDatetime, TypeAdapter, ValidationError

from crossclaim.domain.money import Money

_Choice = TypeVar("_Choice", bound=StrEnum)

_DAY: TypeAdapter[date] = TypeAdapter(date)
_MOMENT: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}")
# The model would take a number of seconds in a string for a moment; our wire is RFC 3339 only.
_RFC_3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ].+")


def pointer_to(parent: str, member: str | int) -> str:
    """RFC 6901: ``~`` and ``/`` in a member's name are escaped."""
    return f"{parent}/{str(member).replace('~', '~0').replace('/', '~1')}"


def read_day(value: object) -> date | None:
    """``YYYY-MM-DD``; anything else is ``None``."""
    if not isinstance(value, str):
        return None
    try:
        return _DAY.validate_strings(value, strict=True)
    except ValidationError:
        return None


def read_moment(value: object) -> datetime | None:
    """RFC 3339 with an offset; anything else is ``None``."""
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        return None
    try:
        return _MOMENT.validate_strings(value, strict=True)
    except ValidationError:
        return None


@dataclass(frozen=True)
class Piece:
    """A raw value and its JSON pointer. A member that is absent or unreadable reads as ``None``."""

    value: object
    pointer: str = ""

    def _get(self, name: str) -> object:
        return self.value.get(name) if isinstance(self.value, dict) else None

    def at(self, name: str) -> str:
        """The pointer of a member, whether it is there or not."""
        return pointer_to(self.pointer, name)

    def has(self, name: str) -> bool:
        return self._get(name) is not None

    def member(self, name: str) -> Piece:
        return Piece(self._get(name), self.at(name))

    def items(self, name: str) -> list[Piece]:
        """The elements of a list; none when the member is not a list."""
        value = self._get(name)
        if not isinstance(value, list):
            return []
        return [Piece(item, pointer_to(self.at(name), i)) for i, item in enumerate(value)]

    def is_empty_list(self, name: str) -> bool:
        return self._get(name) == []

    def text(self, name: str) -> str | None:
        value = self._get(name)
        return value.strip() or None if isinstance(value, str) else None

    def code(self, name: str) -> str | None:
        """A text of the form of our ids; only such a one may be repeated in a sentence."""
        value = self._get(name)
        return value if isinstance(value, str) and _CODE.fullmatch(value) else None

    def whole(self, name: str) -> int | None:
        value = self._get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def day(self, name: str) -> date | None:
        return read_day(self._get(name))

    def moment(self, name: str) -> datetime | None:
        return read_moment(self._get(name))

    def money(self, name: str) -> Money | None:
        value = self._get(name)
        if not isinstance(value, dict) or "amount" not in value:
            return None
        try:
            return Money.model_validate(value)
        except ValidationError:
            return None

    def choice(self, name: str, choices: type[_Choice]) -> _Choice | None:
        value = self._get(name)
        return next((choice for choice in choices if choice.value == value), None)
