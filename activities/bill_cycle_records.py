"""The part of a transaction about money that goes back to funders, and covers stated late."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.bill_rows import ClawBackRow
from crossclaim.domain.claw_back_finding import ClawBackFindingRow
from crossclaim.domain.claw_back_write_off import WriteOffRow
from crossclaim.domain.submission import EpisodeSubmission


class BillCycleTransaction(Protocol):
    """Part of ``EpisodeTransaction``."""

    def claw_back_needless(self, reference: str, at: datetime) -> None: ...
    def add_claw_back(self, episode_id: str, row: ClawBackRow) -> None: ...
    def add_coverage(
        self,
        episode_id: str,
        content: EpisodeSubmission,
        place: int,
        decides: str | None,
        at: datetime,
    ) -> None:
        """A cover that was stated late, at ``place`` of the episode's new content."""
        ...

    def claw_back_received(self, reference: str, receipt: str, at: datetime) -> None: ...
    def claw_back_written_off(self, reference: str, at: datetime) -> None: ...
    def add_write_off(
        self, episode_id: str, claw_back: str, row: WriteOffRow, at: datetime
    ) -> None: ...
    def write_off(self, claw_back: str, number: str) -> WriteOffRow | None:
        """Locked; None: there is none."""
        ...

    def decide_write_off(
        self, claw_back: str, number: str, decided_by: str, approved: bool, at: datetime
    ) -> None: ...
    def add_claw_back_finding(
        self, episode_id: str, claw_back: str, row: ClawBackFindingRow, at: datetime
    ) -> None: ...
    def claw_back_finding(self, claw_back: str, number: str) -> ClawBackFindingRow | None:
        """Locked; None: there is none."""
        ...

    def decide_claw_back_finding(
        self, claw_back: str, number: str, decided_by: str, approved: bool, at: datetime
    ) -> None: ...
    def claw_back_undone(self, reference: str, amount_minor: int) -> None: ...
    def waiting_proposal(self, kind: str, about: str) -> str:
        """The number of the oldest one that nobody has decided; empty: none waits."""
        ...
