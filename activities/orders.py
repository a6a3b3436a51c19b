"""What a workflow orders of an activity and what it gets back: ids, times and standings only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.standing import Standing


class Answer(Frozen):
    """What the sender of a submission gets: an HTTP status and a body, as stored in its row."""

    status: int
    body: dict[str, Any]


class Apply(Frozen):
    episode_id: str
    submission_id: str
    at: datetime


class Applied(Frozen):
    answer: Answer
    standing: Standing


class Subject(Frozen):
    """One step about one thing (a guarantee, claim or payout) of an episode, at business time."""

    episode_id: str
    subject: str = ""
    at: datetime


class InboxWatch(Frozen):
    """One stretch of watching a bank's inbound folder."""

    bank: str
    seconds: float


class Sweep(Frozen):
    """Re-send submissions that have had no outcome for so many seconds."""

    older_than_s: float
