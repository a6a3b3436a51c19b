"""What submissions and lists of finance are answered, as far as all of a kind have it in common."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_TEXT_OR_NONE = {"type": ["string", "null"]}
_ABOUT = ("episode_id", "binding_id", "link_id", "account_id", "claim_id", "order", "endpoint")
_NAMED = ("bill_id", "request", "reference", "number", "payout_reference", "guarantee")
OUTCOME: dict[str, Any] = {
    "type": "object",
    "minProperties": 1,
    "properties": {
        **dict.fromkeys((*_ABOUT, *_NAMED), _TEXT_OR_NONE),
        "status": _TEXT,
        "version": {"type": "integer"},
        "totals": {"type": "array", "items": {"type": "object"}},
        "lines": {"type": "array", "items": {"type": "object"}},
    },
}
"""What became of a submission: its members are those of its kind."""
PENDING: dict[str, Any] = {
    **OUTCOME,
    "anyOf": [{"required": ["status"]}, {"required": ["order"]}],
    "properties": {
        **OUTCOME["properties"],
        **dict.fromkeys(("submission", "detail", "order"), _TEXT),
    },
}
"""Where its outcome will be stands in ``Location``."""
_BRIDGE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["bank", "account", "day", "by_bank", "by_ledger", "difference", "lines"],
    "properties": {
        **dict.fromkeys(("bank", "account", "day"), _TEXT),
        "organisation": _TEXT_OR_NONE,
        **dict.fromkeys(("by_bank", "by_ledger", "difference", "unexplained"), _TEXT),
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["item", "amount", "reason", "other_day", "detail"],
                "properties": {
                    **dict.fromkeys(("item", "amount", "reason", "detail"), _TEXT),
                    "other_day": _TEXT_OR_NONE,
                },
            },
        },
    },
}
_ORDER: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["order", "status"],
    "properties": {
        "order": _TEXT,
        "status": {"enum": ["waiting", "applied"]},
        "outcome": {"type": "object"},
    },
}


def kept_as(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Of a route that answers with a file of one of these types, byte for byte as it is kept."""
    file = {"schema": {"type": "string", "format": "binary"}}
    return {200: {"description": "As asked.", "content": dict.fromkeys(media_types, file)}}


def in_json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _told(schema: dict[str, Any], refusals: dict[int | str, dict[str, Any]]) -> dict[str, Any]:
    said: dict[int | str, dict[str, Any]] = {
        200: {"description": "As asked.", "content": in_json(schema)}
    }
    return {"response_model": None, "responses": {**said, **refusals}}


def listing(name: str, refusals: dict[int | str, dict[str, Any]]) -> dict[str, Any]:
    """Of a route that answers with one page of ``name`` and the cursor of the next."""
    rows = {"type": "array", "items": {"type": "object", "minProperties": 1}}
    page = {
        "type": "object",
        "additionalProperties": False,
        "required": [name, "next"],
        "properties": {name: rows, "next": _TEXT_OR_NONE},
    }
    return _told(page, refusals)


def bridge(refusals: dict[int | str, dict[str, Any]]) -> dict[str, Any]:
    """Of the route that compares a day of the bank with ours."""
    return _told(_BRIDGE, refusals)


def order(refusals: dict[int | str, dict[str, Any]]) -> dict[str, Any]:
    """Of the route that tells how an order of finance stands."""
    return _told(_ORDER, refusals)
