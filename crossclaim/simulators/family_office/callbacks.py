"""Delivers decisions by signed callback (Standard Webhooks 1.0.0) until they are taken."""

from __future__ import annotations

import json
import ssl
import time
from pathlib import Path
from typing import Any

import httpx

from crossclaim.simulators.insurer.callbacks import LADDER_S, signature
from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS office_callback (
  webhook_id TEXT PRIMARY KEY, reference TEXT NOT NULL, body TEXT NOT NULL,
  attempts INTEGER NOT NULL);
"""
_TIMEOUT_S = 15.0


class Callbacks:
    """Each promise is delivered under an id of its own; a repeat of it keeps the id."""

    def __init__(self, party: Party, url: str, secret: str, ca: Path | None) -> None:
        self._party = party
        self._state = party.state
        self._url = f"{url.rstrip('/')}/callbacks/family-office"
        self._secret = secret
        trust = ssl.create_default_context(cafile=str(ca) if ca else None)
        self._client = httpx.AsyncClient(verify=trust, timeout=_TIMEOUT_S, trust_env=False)
        party.agenda.deliver("office_callback", self._deliver)

    def enqueue(self, reference: str, body: dict[str, Any], delay_s: float = 0.0) -> None:
        """Commits with the caller's transaction."""
        number = self._state.next_number("office_callback")
        webhook_id = f"msg_{int(time.time())}_{number}"
        self._state.execute(
            "INSERT INTO office_callback VALUES (?, ?, ?, 0)",
            webhook_id,
            reference,
            json.dumps(body),
        )
        self._party.agenda.add(delay_s, "office_callback", webhook_id=webhook_id)

    async def _deliver(self, task: dict[str, Any]) -> float | None:
        webhook_id = task["webhook_id"]
        row = self._state.one("SELECT * FROM office_callback WHERE webhook_id = ?", webhook_id)
        if row is None:
            return None
        status = await self._post(webhook_id, row["body"])
        with self._state.transaction():
            self._party.journal.write(
                "called_back",
                reference=row["reference"],
                status=status,
                said=json.loads(row["body"])["status"],
            )
            self._state.execute(
                "UPDATE office_callback SET attempts = attempts + 1 WHERE webhook_id = ?",
                webhook_id,
            )
        if status is not None and 200 <= status < 300:
            return None
        return LADDER_S[min(row["attempts"], len(LADDER_S) - 1)]

    async def _post(self, webhook_id: str, body: str) -> int | None:
        """The receiver's status, or ``None`` when it could not be reached."""
        timestamp = str(int(time.time()))
        headers = {
            "content-type": "application/json",
            "webhook-id": webhook_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self._secret, webhook_id, timestamp, body),
        }
        try:
            answer = await self._client.post(self._url, content=body.encode(), headers=headers)
        except httpx.HTTPError:
            return None
        return answer.status_code
