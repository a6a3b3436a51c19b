"""A final bill with some of its lines and documents put right: the content of its correction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bill_correction import correction_faults
from crossclaim.domain.correction import CorrectionKind
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.submission import BillSubmission

Raw = dict[str, Any]
_STRICTEST_FIRST = (CorrectionKind.LATE_CHARGE, CorrectionKind.CANCEL_ITEM)


class Amendment(Frozen):
    """What is typed about a bill; what cannot be read is left for the reading of the submission,
    which says what is wrong with it."""

    lines: dict[int, dict[str, str]] = {}
    """By number: every member of the line as it is now; a number that is new is a new line."""
    dropped: list[int] = []
    documents: list[dict[str, str]] | None = None
    """All that the bill names from now on; None: as before."""
    reason: str = ""


def amended(old: BillSubmission, change: Amendment, version: int) -> Raw:
    """The correction as it is sent: a sum is worked out and never typed."""
    raw: Raw = old.model_dump(mode="json", exclude_defaults=True)
    currency = old.total.currency.value
    kept = [line for line in raw["lines"] if line["number"] not in change.dropped]
    known = {line["number"] for line in kept}
    lines = [
        _line(line, change.lines[line["number"]], currency)
        if line["number"] in change.lines
        else line
        for line in kept
    ]
    added = sorted(number for number in change.lines if number not in known)
    lines += [_line({"number": number}, change.lines[number], currency) for number in added]
    raw |= {"version": version, "lines": lines, "total": _total(lines, currency)}
    if change.documents is not None:
        raw["documents"] = [dict(one) for one in change.documents]
    kind = CorrectionKind.REPLACE.value
    raw["correction"] = {"kind": kind, "of_version": old.version, "reason": change.reason}
    return raw


def with_its_kind(old: BillSubmission, new: BillSubmission) -> BillSubmission:
    """The narrowest kind of correction that the change is."""
    assert new.correction is not None, "an amended bill says what it corrects"
    for kind in _STRICTEST_FIRST:
        named = new.correction.model_copy(update={"kind": kind})
        other = new.model_copy(update={"correction": named})
        if not correction_faults(old, other):
            return other
    return new


def _line(before: Mapping[str, Any], typed: Mapping[str, str], currency: str) -> Raw:
    line: Raw = {**before, **{name: value for name, value in typed.items() if value}}
    for name in ("surgery_class", "bundle"):
        if name in typed and not typed[name]:
            line.pop(name, None)
    quantity, price = str(line.get("quantity", "")), typed.get("unit_price", "")
    line["quantity"] = int(quantity) if quantity.isascii() and quantity.isdigit() else quantity
    line["unit_price"] = {"amount": price, "currency": currency}
    line["amount"] = {"amount": _product(price, quantity, currency), "currency": currency}
    return line


def _product(price: str, quantity: str, currency: str) -> str:
    """Nothing is made of what is no number: the price as typed is refused where it stands."""
    try:
        return _whole([_money(price, currency).amount_minor * int(quantity)], currency)
    except ValueError:
        return price


def _total(lines: Sequence[Mapping[str, Any]], currency: str) -> Raw:
    try:
        amounts = [_money(line["amount"]["amount"], currency).amount_minor for line in lines]
    except ValueError:
        amounts = []
    return {"amount": _whole(amounts, currency), "currency": currency}


def _money(amount: str, currency: str) -> Money:
    """Raises ValueError for what no amount of the wire is."""
    return Money.model_validate({"amount": amount, "currency": currency})


def _whole(minors: Sequence[int], currency: str) -> str:
    return Money(amount_minor=sum(minors), currency=Currency(currency)).decimal_text()
