"""What was typed of a claim's lines, as the page shows it again and as the API takes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crossclaim.console.examiner import ExaminedClaim
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.examination import ExaminerReason
from crossclaim.domain.money import Currency, counted

_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
AMOUNT, RULES, DENY = "amount", "rules", "deny"


class LineWord(Frozen):
    """``how``: the typed amount, as the rules say, or nothing at all."""

    line: int
    how: str = AMOUNT
    typed: str = ""
    reason: str = ""
    note: str = ""
    minor: int | None = None
    """What the line comes to; ``None`` for what is no amount."""


class LineWords(Frozen):
    currency: Currency
    lines: dict[int, LineWord]

    @property
    def total_minor(self) -> int:
        return sum(one.minor or 0 for one in self.lines.values())

    @property
    def missing(self) -> list[int]:
        """Lines without an amount that can be read."""
        return [one.line for one in self.lines.values() if one.minor is None]

    def told(self) -> list[dict[str, Any]]:
        """As the API takes them; what is no amount goes as it was typed and comes back refused."""
        return [self._told(one) for one in self.lines.values()]

    def _told(self, one: LineWord) -> dict[str, Any]:
        amount = one.typed
        if one.minor is not None:
            amount = counted(one.minor, self.currency).decimal_text()
        told: dict[str, Any] = {
            "line": one.line,
            "approved": {"amount": amount, "currency": self.currency.value},
        }
        reason = one.reason
        if one.how == RULES and not reason:
            reason = ExaminerReason.PLAN_TERMS.value
        return (
            told | ({"reason": reason} if reason else {}) | ({"note": one.note} if one.note else {})
        )


def read_lines(claim: ExaminedClaim, typed: Mapping[str, str]) -> LineWords:
    lines = {}
    for line in claim.lines:
        how = typed.get(f"how-{line.line}", AMOUNT)
        if how not in (AMOUNT, RULES, DENY) or (how == RULES and line.rules_minor is None):
            how = AMOUNT
        written = typed.get(f"approved-{line.line}", "").strip()
        by_how = {RULES: line.rules_minor, DENY: 0, AMOUNT: minor_of(written)}
        lines[line.line] = LineWord(
            line=line.line,
            how=how,
            typed=written,
            reason=typed.get(f"reason-{line.line}", ""),
            note=typed.get(f"note-{line.line}", "").strip()[:200],
            minor=by_how[how],
        )
    return LineWords(currency=claim.currency, lines=lines)


def minor_of(text: str) -> int | None:
    """Hundredths; ``None`` for what is no amount."""
    plain = text.replace(",", "")
    if not _AMOUNT.fullmatch(plain):
        return None
    whole, _, rest = plain.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0") or "0")
