"""A changed rule file on its way: proposed by one person, put in force by another, on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.plan import Plan


class ProposalState(StrEnum):
    """Where a proposal stands at a moment."""

    WAITS = "waits"
    """For a second person."""
    ACTIVATED = "activated"
    """Confirmed; its day is still to come."""
    IN_FORCE = "in_force"
    """Its day has come; a later file may have followed it."""
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


class ProposalWord(Frozen):
    """What somebody said of a proposal."""

    kind: str
    person: str
    reason: str = ""
    said_at: datetime


class PlanProposal(Frozen):
    """The file stands apart, as text."""

    id: str
    organisation_id: str
    plan_id: str
    version: str
    follows: str
    """The version that ran when it was proposed."""
    wanted_from: date | None = None
    """None: as soon as a second person agrees."""
    reason: str
    proposed_by: str
    proposed_at: datetime
    words: list[ProposalWord] = []
    in_force_from: datetime | None = None
    """Once it is confirmed."""

    def said(self, kind: str) -> ProposalWord | None:
        return next((word for word in self.words if word.kind == kind), None)

    def state(self, at: datetime) -> ProposalState:
        if self.said("taken_back"):
            return ProposalState.TAKEN_BACK
        if self.said("refused"):
            return ProposalState.REFUSED
        if self.in_force_from is None:
            return ProposalState.WAITS
        due = self.in_force_from <= at
        return ProposalState.IN_FORCE if due else ProposalState.ACTIVATED


class AskedBacktest(Frozen):
    """A proposal to be tried on the bills of a month."""

    id: str
    plan: Plan
    month: str
    insurer: str | None = None
    """The proposer, where only bills of its own members may be looked at."""


class Activated(Protocol):
    """One activation of a plan."""

    @property
    def id(self) -> int: ...
    @property
    def in_force_from(self) -> datetime: ...
    @property
    def undone(self) -> bool: ...


One = TypeVar("One", bound=Activated)


def in_force(history: Sequence[One], at: datetime) -> One | None:
    """What held at a moment of all activations of one plan; None: the program's own file."""
    begun = [one for one in history if one.in_force_from <= at and not one.undone]
    return max(begun, key=lambda one: (one.in_force_from, one.id), default=None)


def still_ahead(history: Sequence[One], at: datetime) -> list[One]:
    """What is activated for later, the next first."""
    ahead = [one for one in history if one.in_force_from > at and not one.undone]
    return sorted(ahead, key=lambda one: (one.in_force_from, one.id))
