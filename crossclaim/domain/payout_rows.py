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


class AccountCheckRow(Frozen):
    """Of an intent: how its bank was asked whether account and holder belong together."""

    account_check: str | None = None
    """An ``AccountCheck``; none: nobody had to ask."""
    account_check_at: datetime | None = None
    account_checks: int = 0


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
