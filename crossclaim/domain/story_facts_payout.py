"""What a story knows of a payout's rail, approval, recall and finding."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen, TraceStep


class RailFact(Frozen):
    reference: str
    rail: str
    trace: list[TraceStep] = []
    recorded_at: datetime


class ApprovalFact(Frozen):
    reference: str
    why: str = "amount"
    recorded_at: datetime
    decided_at: datetime | None = None
    approved: bool | None = None


class RecallFact(Frozen):
    reference: str
    reason: str
    state: str
    recorded_at: datetime


class FindingFact(Frozen):
    payout_reference: str
    number: str
    outcome: str
    bank_entry: int | None = None
    recorded_at: datetime
    decided_at: datetime | None = None
    approved: bool | None = None


class WriteOffFact(Frozen):
    claw_back: str
    number: str
    reason: str
    recorded_at: datetime
    decided_at: datetime | None = None
    approved: bool | None = None


class ClawBackFindingFact(Frozen):
    claw_back: str
    number: str
    outcome: str
    amount_minor: int
    recorded_at: datetime
    decided_at: datetime | None = None
    approved: bool | None = None


class PayoutWordFacts(Frozen):
    """Part of what a story is told from."""

    rails: list[RailFact] = []
    approvals: list[ApprovalFact] = []
    recalls: list[RecallFact] = []
    findings: list[FindingFact] = []
    write_offs: list[WriteOffFact] = []
    claw_back_findings: list[ClawBackFindingFact] = []
