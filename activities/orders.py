"""What a workflow orders of an activity and what it gets back: ids, times and standings only."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.standing import Standing


class Receipt(Frozen):
    """A submission has its outcome; what it says stands in the submission's row, not in history."""

    submission_id: str
    status: int
    """HTTP status of the outcome."""


class Apply(Frozen):
    episode_id: str
    submission_id: str
    at: datetime


class Applied(Frozen):
    receipt: Receipt
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


class WebhookWatch(Frozen):
    """One stretch of delivering webhooks."""

    seconds: float


class MatchingOrder(Frozen):
    """Match the entries of every account at one bank, or at all of them."""

    bank: str = ""
    at: datetime


class HcxAnswerOrder(Frozen):
    """An answer that we owe on the exchange, by the row of its request."""

    message: int
    at: datetime


class HcxNoticeOrder(Frozen):
    """Something that we tell on the exchange of ourselves, by its row."""

    notice: int
    at: datetime


class ReconciliationOrder(Frozen):
    """Apply what a person ordered of the matching."""

    order_id: str
    at: datetime


class Sweep(Frozen):
    """Re-send submissions that have had no outcome for so many seconds."""

    older_than_s: float


class Comparison(Frozen):
    """Compare the settlements of a stretch of days; of every hospital when none is named."""

    hospital: str = ""
    begins: date
    ends: date
    at: datetime


class Compared(Frozen):
    """What came of it: figures only, the rest stands in our rows."""

    sums: int
    unequal: int
    differences: int
