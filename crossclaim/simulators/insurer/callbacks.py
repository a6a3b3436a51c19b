"""Delivers answers by signed callback (Standard Webhooks 1.0.0) until they are taken."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ssl
import time
from pathlib import Path
from typing import Any

import httpx

from crossclaim.simulators.insurer.outcome import CONTENT_TYPE
from crossclaim.simulators.party import Party

TABLES = """
CREATE TABLE IF NOT EXISTS callback (
  webhook_id TEXT PRIMARY KEY, reference TEXT NOT NULL, body TEXT NOT NULL,
  attempts INTEGER NOT NULL, deliveries_left INTEGER NOT NULL);
"""

LADDER_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Pauses after a failed delivery; the last one repeats."""
_TIMEOUT_S = 15.0


def signature(secret: str, webhook_id: str, timestamp: str, body: str) -> str:
    """``v1,`` + HMAC-SHA256 over ``id.timestamp.body``; ``secret`` is ``whsec_`` + base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{webhook_id}.{timestamp}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class Callbacks:
    """The timestamp in the signature is real time: the receiver judges it by its own clock."""

    def __init__(self, party: Party, insurer: str, url: str, secret: str, ca: Path | None) -> None:
        self._party = party
        self._state = party.state
        self._url = f"{url.rstrip('/')}/callbacks/insurers/{insurer}"
        self._secret = secret
        trust = ssl.create_default_context(cafile=str(ca) if ca else None)
        self._client = httpx.AsyncClient(verify=trust, timeout=_TIMEOUT_S, trust_env=False)
        party.agenda.deliver("callback", self._deliver)

    def enqueue(self, reference: str, body: str, deliveries: int) -> None:
        """Promises so many deliveries under one id; commits with the caller's transaction."""
        number = self._state.next_number("callback")
        webhook_id = f"msg_{int(time.time())}_{number}"
        self._state.execute(
            "INSERT INTO callback VALUES (?, ?, ?, 0, ?)", webhook_id, reference, body, deliveries
        )
        self._party.agenda.add(0.0, "callback", webhook_id=webhook_id)

    async def _deliver(self, task: dict[str, Any]) -> float | None:
        webhook_id = task["webhook_id"]
        row = self._state.one("SELECT * FROM callback WHERE webhook_id = ?", webhook_id)
        if row is None or row["deliveries_left"] == 0:
            return None
        status = await self._post(webhook_id, row["body"])
        taken = status is not None and 200 <= status < 300
        with self._state.transaction():
            self._party.journal.write(
                "called_back",
                reference=row["reference"],
                webhook_id=webhook_id,
                attempt=row["attempts"] + 1,
                status=status,
            )
            self._state.execute(
                "UPDATE callback SET attempts = attempts + 1,"
                " deliveries_left = deliveries_left - ? WHERE webhook_id = ?",
                int(taken),
                webhook_id,
            )
        if taken:
            return 0.0 if row["deliveries_left"] > 1 else None
        return LADDER_S[min(row["attempts"], len(LADDER_S) - 1)]

    async def _post(self, webhook_id: str, body: str) -> int | None:
        """The receiver's status, or ``None`` when it could not be reached."""
        timestamp = str(int(time.time()))
        headers = {
            "content-type": CONTENT_TYPE,
            "webhook-id": webhook_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(self._secret, webhook_id, timestamp, body),
        }
        try:
            answer = await self._client.post(self._url, content=body.encode(), headers=headers)
        except httpx.HTTPError:
            return None
        return answer.status_code
