"""The rows of holds, cancellations and skipped steps, as the steps need them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.repair_rows import SkipToDecide
from crossclaim.domain.repair_submission import (
    EpisodeCancellation,
    HoldSubmission,
    SkipSubmission,
)


class RepairTransaction(Protocol):
    """Part of one step's transaction."""

    def is_held(self, episode_id: str) -> bool: ...

    def add_hold(
        self, episode_id: str, hold: HoldSubmission, organisation: str, by: str, at: datetime
    ) -> None: ...

    def release_hold(
        self, episode_id: str, number: str, organisation: str, by: str, at: datetime
    ) -> None:
        """Once; without organisation and person: its time was over."""
        ...

    def note_reminded(self, episode_id: str, number: str, at: datetime) -> None: ...

    def add_episode_cancellation(
        self, episode_id: str, order: EpisodeCancellation, organisation: str, by: str, at: datetime
    ) -> None: ...

    def add_skip(
        self, episode_id: str, skip: SkipSubmission, organisation: str, by: str, at: datetime
    ) -> None: ...

    def skip(self, episode_id: str, number: str) -> SkipToDecide | None:
        """Locked; None: there is none."""
        ...

    def decide_skip(
        self, episode_id: str, number: str, by: str, approved: bool, at: datetime
    ) -> None: ...
