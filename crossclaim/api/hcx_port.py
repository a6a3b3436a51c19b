"""What the exchange's routes need of the house."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.hcx_cycle import Arrived, Opened
from crossclaim.domain.hcx_topics import Subscription


class HcxExchange(Protocol):
    """Proves, opens and keeps messages; every method raises ``HcxError``."""

    def open(self, version: str, action: str, authorization: str, raw: bytes) -> Opened: ...

    async def known(self, message: Opened) -> int | None:
        """The row of this very message, if it came before."""
        ...

    async def request(self, message: Opened, correlation_id: str) -> Arrived | None:
        """The sender's own request of this cycle."""
        ...

    async def owe(self, message: Opened, answer: Arrived) -> None:
        """Keeps a request with what it is to be answered, and has the answer sent."""
        ...

    async def answer_again(self, number: int) -> None:
        """Has the answer to a request that was taken before sent, unless it went out."""
        ...

    async def take_answer(self, message: Opened) -> None:
        """An answer to a request of ours, for whoever waits for it."""
        ...

    async def wish(self, message: Opened, wish: Subscription) -> None:
        """Keeps what the sender wants to be told of."""
        ...

    async def note(self, message: Opened, arrived: Arrived) -> None:
        """Keeps a message that is answered by its acknowledgment alone."""
        ...
