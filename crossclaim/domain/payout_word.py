"""What people say about a payout: release it, take it back, and how a contradiction ended."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from crossclaim.domain.submission import Code, Text, Wire


class RecallReason(StrEnum):
    """``ExternalCancellationReason1Code``, as far as a payer may state it."""

    DUPLICATE = "DUPL"
    REQUESTED = "CUST"
    FRAUD = "FRAD"
    TECHNICAL = "TECH"
    WRONG_AMOUNT = "AM09"
    WRONG_ACCOUNT = "AC03"


class PayoutApprovalSubmission(Wire):
    """``POST /v1/episodes/{id}/payout-approvals``. Business key: episode + payout."""

    payout_reference: Code
    """The payout that waits for a second key."""
    approved: bool
    decided_at: AwareDatetime
    reason: Text


class PayoutRecallSubmission(Wire):
    """``POST /v1/episodes/{id}/payout-recalls``. Business key: episode + payout."""

    number: Code
    """The sender's number of this recall."""
    payout_reference: Code
    reason: RecallReason
    asked_at: AwareDatetime


class PayoutFindingSubmission(Wire):
    """``POST /v1/episodes/{id}/payout-findings``. Business key: episode + payout + number."""

    number: Code
    """The sender's number of this finding."""
    payout_reference: Code
    """The payout of which the bank says both that it paid and that it did not."""
    outcome: Literal["paid", "not_paid"]
    bank_entry: int | None = Field(default=None, ge=1, le=2**62)
    """The debit on the payer's account that proves it (``GET /v1/bank-entries``)."""
    evidence: Text
    """What was seen: the bank's letter, its date and number."""
    found_at: AwareDatetime


class PayoutFindingDecision(Wire):
    """``POST /v1/episodes/{id}/payout-finding-decisions``. Business key: the finding's +
    ``decision``."""

    number: Code
    payout_reference: Code
    approved: bool
    decided_at: AwareDatetime
    reason: Text
