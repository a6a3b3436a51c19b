"""What one transaction about an episode reads and writes of appeals and later decisions alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from crossclaim.domain.appeal import AppealCase, AppealRow, RevisionRow
from crossclaim.domain.examination import LineDecision


class AppealTransaction(Protocol):
    """Part of ``EpisodeTransaction``."""

    def add_appeal(
        self, episode_id: str, appeal: AppealRow, reason: str, lines: list[int], appellant: str
    ) -> None:
        """With the keys that may not decide it: the appellant's and every earlier decider's."""
        ...

    def appeal_case(self, appeal_id: str) -> AppealCase: ...
    def decide_appeal(
        self, appeal_id: str, state: str, decided_by: str, reason: str, at: datetime
    ) -> None: ...
    def cover_version(self, bill_id: str, version: int) -> int:
        """Under which version what a bill uses is noted now: that of its split, or one after what
        an examiner's decision has noted before."""
        ...

    def add_revision(
        self,
        episode_id: str,
        revision: RevisionRow,
        allocation_version: int,
        lines: Sequence[LineDecision],
        reason: str,
        decided_by: str,
    ) -> None: ...
