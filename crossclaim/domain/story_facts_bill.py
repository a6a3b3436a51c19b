"""What a story is told from of bills, splits, and money that goes back. Pure."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import AllocationResult, Frozen


class ClawBackFact(Frozen):
    reference: str
    organisation_id: str
    payee: str
    amount_minor: int
    state: str
    ordered_at: datetime
    received_at: datetime | None = None
    ended_at: datetime | None = None
    recorded_at: datetime


class BillFact(Frozen):
    id: str
    number: str
    version: int
    status: str
    state: str
    total_minor: int
    correction: str = ""
    corrects: str | None = None
    recorded_at: datetime


class SplitFact(Frozen):
    bill_id: str
    version: int
    reason: str
    result: AllocationResult
    """Without shares and trace."""
    recorded_at: datetime
