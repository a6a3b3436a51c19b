"""What the bare workflow is told and tells: as large as an episode's own, and about nothing."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from workflows.policies import BANK_FILES, BUREAU, INSURER, RECORDS, VOUCHER

BARE = "bare-episodes"
QUEUES = {
    VOUCHER: "bare-voucher",
    INSURER: "bare-insurer",
    BANK_FILES: "bare-bank-files",
    RECORDS: "bare-records",
    BUREAU: "bare-bureau",
}
STANDING_CHARS = 560
"""A standing as JSON."""
RECEIPT_CHARS = 62
"""A receipt as JSON; what a submission is answered never passes through the engine."""


class Bare(BaseModel):
    model_config = ConfigDict(frozen=True)


class BareStart(Bare):
    """``story`` names the steps; ``episode_id`` is as long as an episode's."""

    episode_id: str
    story: str


class BareNews(Bare):
    """One update: the id of a submission."""

    submission_id: str


class BareReport(Bare):
    reference: str


class BareOrder(Bare):
    """What a step is handed."""

    episode_id: str
    subject: str = ""
    at: datetime


class BareStanding(Bare):
    """What a step gives back."""

    filler: str = ""


class BareApplied(Bare):
    receipt: str
    standing: BareStanding
