"""What answers and notices of the exchange need of the world."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.hcx_cycle import DueAnswer, DueNotice


class HcxAnswers(Protocol):
    """The rows of requests that came, and the wire to who sent them."""

    def due(self, message: int) -> DueAnswer: ...

    def send(self, answer: DueAnswer) -> None:
        """The same answer again is the same message. Raises as every gateway does."""
        ...

    def note_answered(self, message: int) -> None: ...

    def note_refused(self, message: int, why: str) -> None:
        """For good: nobody sends it again of himself. ``why``: ``refused`` or ``erased``."""
        ...

    def owed(self, older_than_s: float, at_most: int) -> list[int]:
        """Requests that are not answered and not refused, of each asker the oldest first."""
        ...


class HcxNotices(Protocol):
    """The rows of what we tell of ourselves, what each says, and the wire."""

    def due(self, number: int) -> DueNotice: ...

    def note_said(self, number: int, sha256: str) -> bool:
        """Before it is sent; False where a later change has ended it meanwhile."""
        ...

    def content(self, notice: DueNotice) -> bytes | None:
        """What is to be told now; None: there is nothing to tell, or no longer anybody to."""
        ...

    def send(self, notice: DueNotice, content: bytes) -> None:
        """The same content again is the same message. Raises as every gateway does."""
        ...

    def end(self, number: int, outcome: str) -> None: ...

    def waiting(self, at_most: int) -> list[int]:
        """Notices that have not ended, of each recipient the oldest first; of the same one."""
        ...

    def note_ending_keys(self) -> int:
        """Adds a notice for each subscriber and key of ours that ends soon, once each."""
        ...
