"""Appeals against a decision on a claim: what is sent, what is kept, and by when. Pure.

Levels, deadlines and the reviewer's time are plan data (``claim-appeals``). A deadline counts from
the decision that is appealed, in whole days of the region, and holds through its last day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.examination import LineDecision
from crossclaim.domain.money import Money
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.stay import REGION_ZONE, local_day
from crossclaim.domain.submission import Code, Text, Wire

APPEAL_PLAN = "claim-appeals"
Level = Annotated[int, Field(ge=1, le=9)]
Line = Annotated[int, Field(ge=1)]


class Cause(StrEnum):
    """Why a claim was decided again."""

    APPEAL = "appeal"
    CHANGED_MIND = "changed_mind"
    """The insurer itself says something else than before."""
    UPSTREAM = "upstream"
    """An insurer that pays before this one pays something else than before."""


class AppealSubmission(Wire):
    """``POST /v1/claims/{id}/appeals``. Business key: claim + number."""

    number: Code
    """The sender's number of this appeal."""
    claim_id: Code
    level: Level = 1
    reason: Text
    lines: list[Line] = []
    """Charge lines that it is about; none: the decision as a whole."""


class AppealDecisionSubmission(Wire):
    """``POST /v1/claims/{id}/appeal-decisions``. Business key: claim + level."""

    claim_id: Code
    level: Level = 1
    outcome: Literal["upheld", "changed"]
    """``upheld``: the decision stands."""
    reason: Text
    lines: list[LineDecision] = []
    """Of a changed decision: every charge line, as an examiner decides it."""
    decided_at: AwareDatetime


class ChangedDecisionSubmission(Wire):
    """``POST /v1/claims/{id}/changed-decisions``: which of its two answers an insurer stands by.

    Business key: claim + number.
    """

    number: Code
    claim_id: Code
    benefit: Money
    """The whole benefit as it is now, in what the cover counts in."""
    reason: Text
    decided_at: AwareDatetime


class AppealRow(Frozen):
    id: str
    claim_id: str
    level: int
    number: str
    organisation_id: str
    """Who appealed."""
    state: str
    """``open``, ``upheld`` or ``changed``."""
    lodged_at: datetime
    due_at: datetime
    """By when a reviewer is to decide."""
    decided_at: datetime | None = None


class RevisionRow(Frozen):
    """A later decision on a claim. Version 1 is the claim's own row."""

    claim_id: str
    version: int
    cause: Cause
    cause_reference: str = ""
    """The appeal, the number of the stated change, or the bill."""
    benefit_minor: int
    pay_fen: int
    """All that the payee gets for the claim by this decision."""
    upheld: bool = False
    """A reviewer has let the decision before stand."""
    change_fen: int
    """More than by the decision before; below zero: the insurer gets that back."""
    room_fen: int = 0
    """Of papers: CNY of the lines that the decision pays anything of."""
    decided_at: datetime


class SealedWord(Frozen):
    """What was said with a later decision: free words may name a person."""

    reason: str
    lines: list[LineDecision] = []


class AppealCase(Frozen):
    """What the reviewer's transaction must know of an appeal and nobody else reads."""

    id: str
    state: str
    not_by: list[str]
    """Keys that may not decide it: the appellant's, and those that decided before."""


def levels(plan: PlanAt) -> int:
    return plan.count("appeals.levels")


def lodge_by(plan: PlanAt, level: int, decided_at: datetime) -> date:
    """The last day on which a decision can be appealed at a level."""
    return local_day(decided_at) + timedelta(days=plan.count(_key(level, "lodge_within")))


def decide_by(plan: PlanAt, level: int, lodged_at: datetime) -> datetime:
    """The end of the last day that the reviewer has."""
    last = local_day(lodged_at) + timedelta(days=plan.count(_key(level, "decide_within")))
    return datetime.combine(last + timedelta(days=1), time(0), REGION_ZONE)


def _key(level: int, what: str) -> str:
    return f"appeals.level_{level}.{what}"
