"""The part of a transaction that checks claims, keeps examiners' decisions, and draws samples."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from crossclaim.domain.claim_review import Channel, Review
from crossclaim.domain.claim_taking import Taking
from crossclaim.domain.ebill_reading import Compared
from crossclaim.domain.examination import ExaminerDecision
from crossclaim.domain.review_rows import Checked, Piece, StoredDecision


class ReviewTransaction(Protocol):
    """Reads and writes about claims that are checked, examined and drawn."""

    def mark_claim(
        self,
        claim_id: str,
        episode_id: str,
        bill_id: str,
        insurer: str,
        pieces: Sequence[Piece],
        *,
        channel: Channel = Channel.HOSPITAL,
        names: Sequence[str] = (),
        ebills: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Notes what another claim may have in common with this one. A claim is checked in a later
        transaction than the one that marked it: of two at once, the later sees the earlier."""
        ...

    def mark_documents(self, claim_id: str, episode_id: str) -> None:
        """Marks the claim with the contents of the episode's documents; safe to repeat."""
        ...

    def note_ebills(
        self, claim_id: str, episode_id: str, words: Sequence[Compared], at: datetime
    ) -> None:
        """What was read beside what is claimed, agreement too; safe to repeat."""
        ...

    def taking(self, claim_id: str) -> Taking | None:
        """The newest word on who works at a claim; None: nobody said one."""
        ...

    def claim_check(self, claim_id: str) -> Checked:
        """In one statement."""
        ...

    def add_review(
        self, claim_id: str, episode_id: str, insurer: str, found: Review, at: datetime
    ) -> None:
        """Why the claim waits for the examiner, once."""
        ...

    def add_examination(
        self,
        claim_id: str,
        episode_id: str,
        number: str,
        insurer: str,
        decision: ExaminerDecision,
        **fields: object,
    ) -> None: ...

    def examination(self, claim_id: str, number: str | None = None) -> StoredDecision | None:
        """A decision, locked: by its number, or the one that waits."""
        ...

    def close_examination(
        self,
        claim_id: str,
        episode_id: str,
        number: str,
        state: str,
        by: str,
        reason: str,
        at: datetime,
    ) -> None: ...

    def counters_follow(self, claim_id: str, difference_minor: int, at: datetime) -> None:
        """What the claim's bill used of its insurer's cover becomes what a person decided on it:
        amounts in proportion, days and visits as they were."""
        ...

    def draw_sample(self, claim_id: str, at: datetime) -> None:
        """Puts a decided claim among those that are reviewed; nothing when it is not decided."""
        ...

    def sampled(self, claim_id: str, insurer: str) -> tuple[int, bool] | None:
        """The benefit that was decided, and whether it was reviewed; None: not drawn."""
        ...

    def review_sample(
        self, claim_id: str, episode_id: str, right_minor: int, by: str, note: str, at: datetime
    ) -> None: ...
