"""A story's lines for the history page: by day, the unusual marked. Pure."""

from __future__ import annotations

from datetime import date

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.story_line import StoryLine

_UNUSUAL_PARTS = (
    "exception_opened",
    "exception_to_do",
    "retried",
    "refused",
    "rejected",
    "returned",
    "unknown",
    "lost",
    "failed",
    "silent",
    "breach",
    "late",
    "withdrawn",
    "withdrawal",
    "denied",
    "inquir",
    "recall",
    "claw_back",
    "appeal",
    "void",
    "cancel",
    "reset",
    "killed",
)
"""What kinds of line the usual way of an episode does not have, by a part of their names."""


class ToldLine(Frozen):
    number: int
    """Its place in the story, from 1."""
    line: StoryLine
    unusual: bool


class Day(Frozen):
    on: date
    lines: list[ToldLine]


def days_of(lines: list[StoryLine], *, upto: int | None = None, unusual: bool = False) -> list[Day]:
    """The first ``upto`` lines of the story by day of the region; or of them the unusual ones."""
    days: dict[date, list[ToldLine]] = {}
    for number, line in enumerate(lines[:upto], start=1):
        told = ToldLine(number=number, line=line, unusual=is_unusual(line))
        if told.unusual or not unusual:
            days.setdefault(line.at.astimezone(REGION_ZONE).date(), []).append(told)
    return [Day(on=on, lines=of_day) for on, of_day in days.items()]


def is_unusual(line: StoryLine) -> bool:
    return any(part in line.kind for part in _UNUSUAL_PARTS)
