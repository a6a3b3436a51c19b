"""What the answers of the exchange need of the world."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.hcx_cycle import DueAnswer


class HcxAnswers(Protocol):
    """The rows of requests that came, and the wire to who sent them."""

    def due(self, message: int) -> DueAnswer: ...

    def send(self, answer: DueAnswer) -> None:
        """The same answer again is the same message. Raises as every gateway does."""
        ...

    def note_answered(self, message: int) -> None: ...

    def note_refused(self, message: int) -> None:
        """For good: nobody sends it again of himself."""
        ...

    def owed(self, older_than_s: float, at_most: int) -> list[int]:
        """Requests that are not answered and not refused, the oldest first."""
        ...
