"""One example an order to the matching of bank entries."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.item_order import ItemExplanationOrder, ItemMatchOrder, ItemUndoOrder
from crossclaim.domain.match_order import ExplanationOrder, MatchOrder, UndoOrder
from crossclaim.domain.remittance import RemittanceOrder
from crossclaim.domain.submission import Wire

BANK_EXAMPLES: dict[type[Wire], dict[str, Any]] = {
    MatchOrder: {
        "entries": [4711],
        "expected": ["payout:PO01K7GQ4Z8R3N5T9V2X6Y0B1C4D"],
        "reason": "The bank's letter of 16 October names our reference.",
        "by": "finance-7",
    },
    ExplanationOrder: {
        "entries": [4712],
        "reason": "The account's owner paid it in himself.",
        "by": "finance-7",
    },
    RemittanceOrder: {
        "number": "RA-2025-10-14-7",
        "hospital": "hku-szh",
        "paid_on": "2025-10-14",
        "total": {"amount": "51850.50", "currency": "CNY"},
        "lines": [
            {
                "reference": "PO01K7GQ4Z8R3N5T9V2X6Y0B1C4D",
                "amount": {"amount": "51850.50", "currency": "CNY"},
            }
        ],
    },
    ItemMatchOrder: {
        "items": [311, 312],
        "reason": "The bureau renumbered the settlement.",
        "by": "finance-7",
    },
    ItemExplanationOrder: {
        "items": [313],
        "reason": "The bureau settles it with tomorrow's file.",
        "by": "finance-7",
    },
    ItemUndoOrder: {"match": 4, "reason": "It was another settlement.", "by": "finance-8"},
    UndoOrder: {"match": 12, "reason": "It belongs to another payment.", "by": "finance-8"},
}
