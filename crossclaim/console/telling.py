"""A story's lines for the history page: by day and step, the unusual marked. Pure."""

from __future__ import annotations

from datetime import date

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.story_line import StoryLine

_UNUSUAL = frozenset(
    [
        "again",
        "appeal",
        "back",
        "breach",
        "cancelled",
        "claw",
        "clear",
        "corrected",
        "denied",
        "dropped",
        "duplicate",
        "expired",
        "failed",
        "interrupted",
        "killed",
        "lapsed",
        "late",
        "lost",
        "not",
        "overdue",
        "pended",
        "recall",
        "recalled",
        "refused",
        "rejected",
        "reopened",
        "reset",
        "retried",
        "retry",
        "returned",
        "silent",
        "stopped",
        "stuck",
        "suspended",
        "unanswered",
        "unknown",
        "untrue",
        "void",
        "voided",
        "withdrawal",
        "withdrawn",
    ]
)
"""Words in the kinds of line that the usual way of an episode does not have."""
_UNUSUAL_KINDS = frozenset({"exception_opened", "exception_opened_code", "exception_to_do"})
_STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("engine", ("run_", "step_", "retry_", "worker_", "engine_", "archive_")),
    ("staff", ("exception_", "staff_")),
    ("payout", ("payout", "order_", "bank_", "payee", "recall", "finding")),
    (
        "vouchers",
        ("account_temporary", "voucher", "spouse", "identity_check", "use_record", "paired"),
    ),
    ("bureau", ("bureau", "quote", "settle", "insured", "basic_", "stay_")),
    ("asking", ("asked_",)),
    (
        "window",
        (
            "patient_paid",
            "tender",
            "payment",
            "refund",
            "pay_later",
            "charge",
            "acquirer",
            "cashier",
        ),
    ),
    ("cover", ("eligib", "guarantee", "cover", "letter")),
    ("claim", ("claim", "decision", "decided", "appeal", "information", "review", "claw")),
    ("consent", ("consent", "withdraw")),
    ("bill", ("bill", "split", "left_out", "rules_used", "later_", "non_medical")),
    ("records", ("record", "hand_over", "transfer", "delivery")),
)
"""Step → how the kinds of its lines begin; the first that fits. Everything else is the visit."""


class ToldLine(Frozen):
    number: int
    """Its place in the story, from 1."""
    line: StoryLine
    unusual: bool


class Fold(Frozen):
    """Lines of one step that follow each other."""

    step: str
    lines: list[ToldLine]

    @property
    def unusual(self) -> int:
        return sum(told.unusual for told in self.lines)


class Day(Frozen):
    on: date
    lines: list[ToldLine]

    @property
    def folds(self) -> list[Fold]:
        found: list[tuple[str, list[ToldLine]]] = []
        for told in self.lines:
            step = step_of(told.line)
            if not found or found[-1][0] != step:
                found.append((step, []))
            found[-1][1].append(told)
        return [Fold(step=step, lines=lines) for step, lines in found]


def days_of(lines: list[StoryLine], *, upto: int | None = None, unusual: bool = False) -> list[Day]:
    """The first ``upto`` lines of the story by day of the region; or of them the unusual ones."""
    days: dict[date, list[ToldLine]] = {}
    for number, line in enumerate(lines[:upto], start=1):
        told = ToldLine(number=number, line=line, unusual=is_unusual(line))
        if told.unusual or not unusual:
            days.setdefault(line.at.astimezone(REGION_ZONE).date(), []).append(told)
    return [Day(on=on, lines=of_day) for on, of_day in days.items()]


def is_unusual(line: StoryLine) -> bool:
    return line.kind in _UNUSUAL_KINDS or not _UNUSUAL.isdisjoint(line.kind.split("_"))


def step_of(line: StoryLine) -> str:
    """What part of an episode's way the line belongs to, by its kind."""
    kind = line.kind
    return next((s for s, starts in _STEPS if kind.startswith(starts)), "visit")
