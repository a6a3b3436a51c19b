"""What is read and written of claims that are checked before they are decided here."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from crossclaim.domain.claim_review import Channel, Match
from crossclaim.domain.ebill_reading import ClaimedEbill, Stored
from crossclaim.domain.examination import ExaminerDecision
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission


class Piece(NamedTuple):
    """One bill of a claim: the episode's own, or one of the papers, with its days in a stay."""

    number: str
    first: int | None = None
    last: int | None = None
    """Its charge lines; None: all."""
    begins: date | None = None
    ends: date | None = None
    """The first day after the stay."""


class Checked(NamedTuple):
    """Everything that a check of one claim looks at, read at once."""

    bill: BillSubmission
    episode: EpisodeSubmission
    channel: Channel
    matches: list[Match]
    readings: list[Stored] = []
    """What the files of e-bills say; of a claim with papers alone."""
    claimed: list[ClaimedEbill] = []


class StoredDecision(NamedTuple):
    """A person's decision on a claim; ``waits``: for another person's word."""

    number: str
    decision: ExaminerDecision
    decided_by: str
    waits: bool
