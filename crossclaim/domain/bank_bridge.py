"""A day of an account by the bank and by our ledger: equal, or the difference line by line. Pure.

Amounts are signed as the account's owner sees them: what leaves is negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Frozen, Sentence


class BridgeReason(StrEnum):
    """Why a line stands on one side of a day only; each has a sentence."""

    LEDGER_EARLIER = "LEDGER_EARLIER"
    LEDGER_LATER = "LEDGER_LATER"
    LEDGER_NOT_YET = "LEDGER_NOT_YET"
    BANK_EARLIER = "BANK_EARLIER"
    BANK_LATER = "BANK_LATER"
    BANK_NOT_YET = "BANK_NOT_YET"
    AMOUNT_DIFFERS = "AMOUNT_DIFFERS"


class Booked(Frozen):
    """One movement, by the bank or by the ledger; ``key`` is the same on both sides."""

    key: str
    amount_minor: int
    day: date


class BridgeLine(Frozen):
    key: str
    amount_minor: int
    """What the bank has more than the ledger on this day."""
    reason: BridgeReason
    other_day: date | None = None


class Bridge(Frozen):
    day: date
    bank_minor: int
    ledger_minor: int
    lines: list[BridgeLine]

    @property
    def unexplained_minor(self) -> int:
        """Zero, unless somebody broke this module."""
        told = sum(line.amount_minor for line in self.lines)
        return self.bank_minor - self.ledger_minor - told


def bridge(day: date, bank: Iterable[Booked], ledger: Iterable[Booked]) -> Bridge:
    """``bank`` and ``ledger``: all movements of every key that moved on this day on either side."""
    of_bank, of_ledger = _by_key(bank), _by_key(ledger)
    lines = []
    for key in sorted(set(of_bank) | set(of_ledger)):
        theirs, ours = of_bank.get(key, {}), of_ledger.get(key, {})
        gap = theirs.get(day, 0) - ours.get(day, 0)
        if gap:
            reason, other = _reason(day, theirs, ours)
            lines.append(BridgeLine(key=key, amount_minor=gap, reason=reason, other_day=other))
    return Bridge(
        day=day,
        bank_minor=sum(days.get(day, 0) for days in of_bank.values()),
        ledger_minor=sum(days.get(day, 0) for days in of_ledger.values()),
        lines=lines,
    )


def _by_key(booked: Iterable[Booked]) -> dict[str, dict[date, int]]:
    found: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for one in booked:
        found[one.key][one.day] += one.amount_minor
    return found


def _reason(
    day: date, theirs: Mapping[date, int], ours: Mapping[date, int]
) -> tuple[BridgeReason, date | None]:
    if day in theirs and day in ours:
        return BridgeReason.AMOUNT_DIFFERS, None
    if day in theirs:
        other = next(iter(sorted(ours)), None)
        if other is None:
            return BridgeReason.LEDGER_NOT_YET, None
        early = other < day
        return (BridgeReason.LEDGER_EARLIER if early else BridgeReason.LEDGER_LATER), other
    other = next(iter(sorted(theirs)), None)
    if other is None:
        return BridgeReason.BANK_NOT_YET, None
    return (BridgeReason.BANK_EARLIER if other < day else BridgeReason.BANK_LATER), other


BRIDGE_TEXTS: dict[str, tuple[str, str, str]] = {
    "LEDGER_EARLIER": (
        "Our ledger has it on an earlier day.",
        "我方帳簿於較早日期入帳。",
        "我方账簿于较早日期入账。",
    ),
    "LEDGER_LATER": (
        "Our ledger has it on a later day.",
        "我方帳簿於較後日期入帳。",
        "我方账簿于较后日期入账。",
    ),
    "LEDGER_NOT_YET": (
        "Our ledger does not have it.",
        "我方帳簿沒有此筆。",
        "我方账簿没有此笔。",
    ),
    "BANK_EARLIER": (
        "The bank booked it on an earlier day.",
        "銀行於較早日期入帳。",
        "银行于较早日期入账。",
    ),
    "BANK_LATER": (
        "The bank booked it on a later day.",
        "銀行於較後日期入帳。",
        "银行于较后日期入账。",
    ),
    "BANK_NOT_YET": (
        "No statement has it.",
        "沒有任何結單載有此筆。",
        "没有任何对账单载有此笔。",
    ),
    "AMOUNT_DIFFERS": (
        "Both have it on this day, with other amounts.",
        "雙方同日入帳，金額不同。",
        "双方同日入账，金额不同。",
    ),
}


def bridge_sentence(reason: BridgeReason) -> Sentence:
    en, zh_hant, zh_hans = BRIDGE_TEXTS[reason.value]
    return Sentence(en=en, zh_hant=zh_hant, zh_hans=zh_hans)
