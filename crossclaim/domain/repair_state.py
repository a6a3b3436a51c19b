"""How an episode stands as a whole: held, cancelled, with which steps that may be left out."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen


class Ordered(Frozen):
    """Who ordered it, when, why; ``note`` is empty where the person it is about is erased."""

    number: str
    organisation: str
    person: str
    reason: str
    note: str = ""
    at: datetime


class HoldTold(Ordered):
    until: datetime | None = None
    at_end: str = "remind"
    released_at: datetime | None = None
    released_organisation: str = ""
    released_by: str = ""


class SkipTold(Ordered):
    step: str
    subject: str
    decided_at: datetime | None = None
    decided_by: str | None = None
    approved: bool | None = None


class OpenStep(Frozen):
    """A step that two persons may leave out now, and why that does no harm."""

    step: str
    subject: str
    why: str


class RepairState(Frozen):
    """``revision`` rises with every change of the episode."""

    episode_id: str
    revision: int
    status: str
    hold: HoldTold | None = None
    holds: list[HoldTold] = []
    cancellation: Ordered | None = None
    skips: list[SkipTold] = []
    may_skip: list[OpenStep] = []
