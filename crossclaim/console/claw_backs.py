"""Money that payees give back, what two people say of it, and the port that reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bill_rows import TWICE
from crossclaim.security.roles import Principal

SHOWN = 200
STATES = ("due", "received", "needless", "written_off")


class ClawBackListed(Frozen):
    reference: str
    episode_id: str
    claim: str
    hospital_id: str
    insurer: str
    """Whose money it is."""
    payee: str
    """``hospital`` or ``patient``: who gives back."""
    amount_minor: int
    undone_minor: int
    cause: str
    state: str
    ordered_at: datetime
    received_at: datetime | None = None
    ended_at: datetime | None = None
    proposed: bool = False
    """Somebody's word waits for another person's."""
    had_twice: bool = False
    """Its owner has it from its payee and from the bank."""


class Proposal(Frozen):
    """One person's word, and another's on it."""

    what: str
    """``write_off`` or ``finding``."""
    number: str
    why: str
    """A write-off's reason, or what was found out."""
    amount_minor: int | None = None
    """Fen that a finding is about."""
    proof: str = ""
    by: str
    at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    approved: bool | None = None


class ClawBackTold(ClawBackListed):
    receipt: str = ""
    payout_reference: str = ""
    """The second payout, of what was paid twice."""
    twice_minor: int = 0
    """Fen that its owner has from the bank as well."""
    proposals: list[Proposal] = []
    """The newest first; told to whose money it is."""

    def waiting(self, what: str) -> Proposal | None:
        """The oldest that nobody has decided."""
        open_ = [p for p in self.proposals if p.what == what and p.approved is None]
        return open_[-1] if open_ else None

    @property
    def can_be_received(self) -> bool:
        return self.state in ("due", "written_off")

    @property
    def can_be_written_off(self) -> bool:
        return self.state == "due" and self.cause == TWICE

    @property
    def can_be_found_out(self) -> bool:
        return self.had_twice and self.twice_minor > 0


class ClawBacks(Protocol):
    """Reads as the visitor may see."""

    async def listed(self, principal: Principal, states: list[str]) -> list[ClawBackListed]:
        """One more than ``SHOWN`` where there are more; what waits for a person first."""
        ...

    async def one(self, principal: Principal, reference: str) -> ClawBackTold:
        """Raises ``NotFound``, for another's too."""
        ...
