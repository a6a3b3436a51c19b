"""Rows about a payout beside its intent: rail, approval, finding and a statement's entries."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen, TraceStep


class RailRow(Frozen):
    """Chosen when the intent is written, for ever."""

    reference: str
    rail: str
    on_day: date
    hkd_minor: int | None = None
    expected_at: datetime | None = None
    due_at: datetime | None = None
    trace: list[TraceStep] = []


class ApprovalRow(Frozen):
    made_by: str
    approved: bool | None = None


class FindingRow(Frozen):
    number: str
    outcome: str
    bank_entry: int | None = None
    evidence: str
    found_by: str
    approved: bool | None = None


class EvidenceRow(Frozen):
    """One entry of the payer's account that names the payout."""

    id: int
    source: str
    direction: str
    amount_minor: int
    currency: str
    booked_on: date


def net_debit(entries: list[EvidenceRow]) -> int:
    """Fen that left the account for good, by the kind of statement that tells of most."""
    nets = [
        sum(e.amount_minor if e.direction == "debit" else -e.amount_minor for e in told)
        for source in ("statement", "notification")
        if (told := [e for e in entries if e.source == source])
    ]
    return max(nets, default=0)
