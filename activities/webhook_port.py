"""The doors through which webhooks go out: our outbox, and the receiver at the other end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from crossclaim.domain.webhook_message import DueMessage, Reply


class WebhookOutbox(Protocol):
    """Messages in our rows. Of an episode and endpoint only the first is ever due."""

    def take(self, at_most: int, at: datetime) -> list[DueMessage]:
        """Leases what is due and writes the row of each attempt, before anything is sent."""
        ...

    def note(self, sent: DueMessage, reply: Reply, at: datetime) -> str:
        """Stores the reply; what became of the message: ``delivered``, ``pending``, ``given_up``.

        A reply that comes after the lease changes nothing that another attempt has settled.
        """
        ...

    def replay(self, at: datetime) -> int:
        """Makes messages due again that somebody asked for; how many."""
        ...

    def forget(self, keep_days: int) -> int: ...


class WebhookSender(Protocol):
    async def send(
        self, url: str, secrets: Sequence[str], message_id: str, body: bytes, at: datetime
    ) -> Reply:
        """Never raises for what the receiver does."""
        ...
