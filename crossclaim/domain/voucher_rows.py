"""The rows of an episode that only vouchers have: spouse, identity checks, stages, use records."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from crossclaim.domain.allocation import Frozen

OWN, SPOUSE = "voucher", "voucher_spouse"
KINDS = (OWN, SPOUSE)
"""Kinds of claims on vouchers; the own one is always first."""
LOOK_BACK_MONTHS = 12
"""How many months back a claim that was not reimbursed is looked for each day."""
LANGUAGES = ("en", "zh-Hant", "zh-Hans")


class SpouseRow(Frozen):
    """``looked_up_at`` is None until the voucher system was asked about the pairing."""

    named_at: datetime
    balance_minor: int | None = None
    paired_on: date | None = None
    ended_on: date | None = None
    deceased_on: date | None = None
    looked_up_at: datetime | None = None


class IdentityCheckRow(Frozen):
    number: str
    document_type: str
    checked_by: str
    place: str = ""
    checked_at: datetime


class ConfirmationRow(Frozen):
    bill_id: str
    confirmed_by: str
    confirmed_at: datetime


class StageRow(Frozen):
    """A claim that was entered: what it still lacks, and when it is chased."""

    claim_id: str
    entered_at: datetime
    confirmed_at: datetime | None = None
    validated_at: datetime | None = None
    remind_at: datetime
    escalate_at: datetime
    lapse_at: datetime
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    lapsed_at: datetime | None = None
    inquired_at: datetime | None = None

    @property
    def complete(self) -> bool:
        return self.confirmed_at is not None and self.validated_at is not None

    @property
    def over(self) -> bool:
        return self.complete or self.lapsed_at is not None

    def chase_at(self) -> datetime | None:
        """The next moment to ask about it: first at the reminder, then again and again after as
        long, at the escalation and at the lapse; None when nothing more is to be asked."""
        if self.over:
            return None
        asked = self.inquired_at
        if asked is None:
            return self.remind_at
        if asked >= self.lapse_at:
            return None
        again = asked + max(self.remind_at - self.entered_at, timedelta(days=1))
        marks = [m for m in (self.escalate_at, self.lapse_at) if m > asked]
        return min([again, *marks])


class UseRecordRow(Frozen):
    claim_id: str
    language: str
    void: bool = False
    """Printed once more, because the use was taken back."""
    sha256: str
    size_bytes: int
