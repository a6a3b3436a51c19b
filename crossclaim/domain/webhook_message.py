"""One event as it is told: ids, type, version, link and time; and when it is tried again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.webhook_meanings import link_of

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Standard Webhooks 1.0.0: the first try at once, the tenth after 75 h 35 min 5 s,
up to a tenth later."""

DELIVERED, GONE = "DELIVERED", "GONE"
ANSWER_LIMIT_BYTES = 65_536
TIMEOUT_S = 15.0


class Message(Frozen):
    """What an outbox row says."""

    id: str
    type: str
    episode_id: str | None
    subject: str
    version: int
    occurred_at: datetime

    def payload(self, public_url: str) -> bytes:
        """The same bytes at every attempt: they are made of the row alone."""
        body: dict[str, Any] = {
            "type": self.type,
            "timestamp": self.occurred_at.isoformat(),
            "data": {
                "id": self.subject,
                "version": self.version,
                "link": public_url.rstrip("/") + link_of(self.type, self.episode_id),
            },
        }
        if self.episode_id is not None:
            body["data"]["episode_id"] = self.episode_id
        return json.dumps(body, separators=(",", ":"), sort_keys=True).encode()


SPREAD = 0.1
"""Of a pause: receivers that came back at one moment are not called at one moment."""


def pause_after(
    tries: int, pauses: Sequence[timedelta] = PAUSES, drawn: float = 0.0
) -> timedelta | None:
    """After so many tries of a round; None: it is given up. ``drawn``: from 0 to 1, by chance."""
    return pauses[tries - 1] * (1 + SPREAD * drawn) if tries <= len(pauses) else None


class Reply(Frozen):
    """What came of one try."""

    outcome: str
    """``DELIVERED``, ``GONE``, ``STATUS``, or why nothing was heard."""
    status: int | None = None
    latency_ms: int = 0
    answer: bytes = b""


class DueMessage(Frozen):
    """A message that this worker alone may send until its lease is over."""

    message: Message
    endpoint_id: str
    url: str
    secrets: tuple[str, ...]
    """The newest first; two while a secret is being changed."""
    attempt: int
    tries: int
    """Of this round, with this one."""
