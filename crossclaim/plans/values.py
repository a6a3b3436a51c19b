"""Reads one value of a parameter by its unit: money to minor units, ratios, counts, codes."""

from __future__ import annotations

import re
from decimal import Decimal

from crossclaim.domain.plan import Unit, Unknown, Value
from crossclaim.plans.tree import Tree

_AMOUNT = re.compile(r"(0|[1-9]\d{0,12})(\.\d{1,2})?")
_COUNT = re.compile(r"0|[1-9]\d{0,5}")
_RATIO = re.compile(r"(0|1)(\.\d{1,6})?")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,63}")


class ValueRefused(ValueError):
    """A text that its unit does not allow; ``allowed`` says what it does."""

    def __init__(self, line: int, reason: str, allowed: str) -> None:
        super().__init__(reason)
        self.line = line
        self.reason = reason
        self.allowed = allowed


def read_value(tree: Tree, unit: Unit) -> Value:
    """The typed value; None for ``null``, Unknown for ``unknown``. Raises ValueRefused."""
    if tree.text is not None and tree.null:
        return None
    if tree.text == "unknown":
        return Unknown.UNKNOWN
    if unit is Unit.CODES:
        return _codes(tree)
    text = tree.text
    if text is None:
        raise ValueRefused(tree.line, "is not a single value", f"one value in {unit.value}")
    if unit.currency is not None:
        return int(Decimal(_matched(_AMOUNT, text, tree, "8000 or 8000.00")).scaleb(2))
    if unit is Unit.RATIO:
        ratio = Decimal(_matched(_RATIO, text, tree, "0 to 1, for instance 0.35"))
        if ratio > 1:
            raise ValueRefused(tree.line, f"the ratio {text} is above 1", "0 to 1")
        return ratio
    if unit is Unit.SWITCH:
        return (
            _matched(re.compile("true|false"), text, tree, "true, false, null, unknown") == "true"
        )
    if unit is Unit.CODE:
        return _matched(CODE, text, tree, "letters, digits, - and _")
    return int(_matched(_COUNT, text, tree, f"a whole number of {unit.value}"))


def _codes(tree: Tree) -> tuple[str, ...]:
    if tree.items is None:
        raise ValueRefused(tree.line, "is not a list", "[code, code] or unknown")
    codes = tuple(_matched(CODE, item.text or "", item, "codes") for item in tree.items)
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueRefused(tree.line, f"{twice[0]} stands twice in the list", "each code once")
    return codes


def _matched(pattern: re.Pattern[str], text: str, tree: Tree, allowed: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueRefused(tree.line, f"{text!r} is not readable", allowed)
    return text
