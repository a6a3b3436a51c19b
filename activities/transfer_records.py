"""What one transaction about an episode reads and writes of a transfer by ambulance alone."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.transfer import HandOverRecord, Release
from crossclaim.domain.transfer_submission import HandOverSubmission


class TransferTransaction(Protocol):
    """Part of ``EpisodeTransaction``."""

    def add_hand_over(
        self, hand_over_id: str, episode_id: str, record: HandOverSubmission, recipient: str
    ) -> None: ...
    def hand_over_content(self, hand_over_id: str) -> HandOverSubmission: ...
    def set_hand_over_state(self, hand_over_id: str, state: str) -> None: ...
    def note_release(
        self, hand_over_id: str, release: Release, consents: list[int], at: datetime
    ) -> None:
        """Once for ever: that the record went out, by which consents or by which emergency."""
        ...

    def add_hand_over_paper(
        self, episode_id: str, hand_over_id: str, language: str, sha256: str, key: str, size: int
    ) -> None: ...


class HandOverPrinter(Protocol):
    """Prints the hand-over record."""

    def hand_over_record(self, record: HandOverRecord, language: str) -> bytes: ...
