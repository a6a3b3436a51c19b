"""Rows about bank entries as they are told: amounts as decimal texts, codes with sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.bank_account import AccountKey
from crossclaim.domain.bank_bridge import Bridge, bridge_sentence
from crossclaim.domain.bank_sentences import bank_sentence
from crossclaim.domain.money import Currency, Money

_AMOUNTS = {
    "amount_minor": "amount",
    "charges_minor": "charges",
    "opening_minor": "opening",
    "closing_minor": "closing",
    "debit_minor": "debits",
    "credit_minor": "credits",
}
_HIDDEN = frozenset({"group_id", "candidates"})


def spoken(sentence: Sentence, language: str) -> str:
    return {"en": sentence.en, "zh-Hant": sentence.zh_hant}.get(language, sentence.zh_hans)


def body_of(name: str, row: Mapping[str, Any], language: str) -> dict[str, Any]:
    """One row of a list."""
    found: dict[str, Any] = {}
    for member, value in row.items():
        if member in _AMOUNTS:
            if row.get("currency"):
                found[_AMOUNTS[member]] = _money(value, row["currency"])
        elif member not in _HIDDEN and member != "currency":
            found[member] = value.isoformat() if hasattr(value, "isoformat") else value
    if name in ("entries", "movements", "items"):
        if row["why"]:
            # No statement is spoken of where there is none.
            unnamed = name == "items" and row["why"] == "NOT_STATED"
            code = "NOT_NAMED" if unnamed else row["why"]
            found["detail"] = spoken(bank_sentence(code), language)
        found["candidates"] = [_candidate(one, language) for one in row["candidates"]]
    if name == "exceptions":
        found["detail"] = spoken(bank_sentence(row["code"]), language)
    if name == "remittances":
        found["lines"] = [body_of("line", line, language) for line in row["lines"] or []]
    if name == "line":
        found["detail"] = spoken(bank_sentence(row["why"]), language)
    if name == "days":
        found["events"] = [
            {**event, "detail": spoken(bank_sentence(event["cause"]), language)}
            for event in row["events"] or []
        ]
        del found["id"]
    return found


def _candidate(one: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {**one, "detail": spoken(bank_sentence(str(one["because"])), language)}


def _money(minor: int, currency: str) -> dict[str, str]:
    money = Money(amount_minor=minor, currency=Currency(currency))
    return {"amount": money.decimal_text(), "currency": currency}


def bridge_body(key: AccountKey, found: Bridge, language: str) -> dict[str, Any]:
    """Amounts as decimal texts of the account's CNY books."""

    def text(minor: int) -> str:
        return Money(amount_minor=minor, currency=Currency.CNY).decimal_text()

    return {
        "bank": key.bank,
        "account": key.account,
        "organisation": key.organisation,
        "day": found.day.isoformat(),
        "by_bank": text(found.bank_minor),
        "by_ledger": text(found.ledger_minor),
        "difference": text(found.bank_minor - found.ledger_minor),
        "unexplained": text(found.unexplained_minor),
        "lines": [
            {
                "item": line.key,
                "amount": text(line.amount_minor),
                "reason": line.reason.value,
                "other_day": line.other_day.isoformat() if line.other_day else None,
                "detail": spoken(bridge_sentence(line.reason), language),
            }
            for line in found.lines
        ],
    }
