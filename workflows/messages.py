"""Inputs, updates, signals and results of the workflows: ids, never content."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from crossclaim.domain.credit_standing import CreditStanding


class Message(BaseModel):
    model_config = ConfigDict(frozen=True)


class EpisodeStart(Message):
    episode_id: str


class EpisodeEnd(Message):
    episode_id: str
    status: str


class Submitted(Message):
    """One submission row to be applied; the update's id is the submission's id."""

    submission_id: str


class PayoutReported(Message):
    """The bank said something about a payout; what, stands in our rows."""

    reference: str


class CreditStart(Message):
    """A first run, or one that goes on: ``standing`` is what the last one knew."""

    account_id: str
    runs: int = 0
    standing: CreditStanding | None = None


class CreditEnd(Message):
    account_id: str
    status: str


class ChargeReported(Message):
    """A hospital was paid out of the account, or gave it back; what, stands in our rows."""

    reference: str
