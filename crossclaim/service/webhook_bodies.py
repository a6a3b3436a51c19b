"""How webhook endpoints, messages and attempts are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crossclaim.domain.webhook_meanings import link_of


def endpoint_body(row: dict[str, Any]) -> dict[str, Any]:
    """Never a secret: that is told once, by whoever made it."""
    return {
        "id": row["id"],
        "url": row["url"],
        "types": list(row["types"]),
        "description": row["description"],
        "status": row["state"],
        "reason": row["reason"],
        "disabled_at": _told(row["disabled_at"]),
        "signature": row["signature"],
        "public_key": row["public_key"] or None,
        "previous_secret_until": _told(row["previous_until"]),
        "version": row["version"],
        "made_at": _told(row["recorded_at"]),
        "changed_at": _told(row["changed_at"]),
    }


def message_body(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "type": row["type"],
        "episode_id": row["episode_id"],
        "subject": row["subject"],
        "version": row["version"],
        "link": link_of(row["type"], row["episode_id"]),
        "status": row["state"],
        "tries": row["attempts"],
        "occurred_at": _told(row["occurred_at"]),
        "recorded_at": _told(row["recorded_at"]),
        "next_try_at": _told(row["due_at"]) if row["state"] == "pending" else None,
        "finished_at": _told(row["finished_at"]),
    }


def attempt_body(row: dict[str, Any], answer: str | None) -> dict[str, Any]:
    return {
        "attempt": row["attempt"],
        "started_at": _told(row["started_at"]),
        "outcome": row["outcome"],
        "status": row["status"],
        "latency_ms": row["latency_ms"],
        "answer": answer,
    }


def _told(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
