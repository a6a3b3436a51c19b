"""Examples of people's words on payouts."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.claw_back_finding import ClawBackFinding, ClawBackFindingDecision
from crossclaim.domain.claw_back_write_off import ClawBackWriteOff, ClawBackWriteOffDecision
from crossclaim.domain.payout_word import (
    PayoutApprovalSubmission,
    PayoutFindingDecision,
    PayoutFindingSubmission,
    PayoutRecallSubmission,
)
from crossclaim.domain.submission import Wire

_REFERENCE = "PO01K0000000000000000000000"

PAYOUT_EXAMPLES: dict[type[Wire], dict[str, Any]] = {
    PayoutApprovalSubmission: {
        "payout_reference": _REFERENCE,
        "approved": True,
        "decided_at": "2026-04-14T11:00:00+08:00",
        "reason": "Compared with the decision and the member's file.",
    },
    PayoutRecallSubmission: {
        "number": "RC-1",
        "payout_reference": _REFERENCE,
        "reason": "CUST",
        "asked_at": "2026-04-14T12:00:00+08:00",
    },
    PayoutFindingSubmission: {
        "number": "F-1",
        "payout_reference": _REFERENCE,
        "outcome": "paid",
        "bank_entry": 17,
        "evidence": "The debit of 15 April on the statement, and the bank's letter HB-2026-0417.",
        "found_at": "2026-04-16T10:00:00+08:00",
    },
    PayoutFindingDecision: {
        "number": "F-1",
        "payout_reference": _REFERENCE,
        "approved": True,
        "decided_at": "2026-04-16T11:00:00+08:00",
        "reason": "Compared with the statement.",
    },
    ClawBackWriteOff: {
        "claw_back": "GB01K0000000000000000000000",
        "number": "WO-1",
        "reason": "payee_not_found",
        "note": "Two letters came back; the account is closed.",
        "proposed_at": "2026-07-16T10:00:00+08:00",
    },
    ClawBackWriteOffDecision: {
        "claw_back": "GB01K0000000000000000000000",
        "number": "WO-1",
        "approved": True,
        "decided_at": "2026-07-16T11:00:00+08:00",
    },
    ClawBackFinding: {
        "claw_back": "GB01K0000000000000000000000",
        "number": "GF-1",
        "outcome": "sent_back",
        "amount": {"amount": "1421.86", "currency": "CNY"},
        "proof": "TRF-2026-0719",
        "note": "Transferred to the hospital from our own account.",
        "found_at": "2026-07-19T10:00:00+08:00",
    },
    ClawBackFindingDecision: {
        "claw_back": "GB01K0000000000000000000000",
        "number": "GF-1",
        "approved": True,
        "decided_at": "2026-07-19T11:00:00+08:00",
    },
}
