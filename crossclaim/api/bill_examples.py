"""Examples of orders about a bill that stands, shown in the API's description."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.bill_orders import (
    CancellationSubmission,
    ClawBackReceived,
    CoverageSubmission,
    ReopeningSubmission,
)

_NAMED = {"bill_number": "MZF20251014-0312", "bill_version": 1}

BILL_EXAMPLES: dict[Any, dict[str, Any]] = {
    ReopeningSubmission: {
        **_NAMED,
        "reopened_at": "2025-10-14T11:00:00+08:00",
        "reason": "A test was booked twice.",
    },
    CancellationSubmission: {
        **_NAMED,
        "cancelled_at": "2025-10-15T09:00:00+08:00",
        "reason": "The bill was another patient's.",
    },
    ClawBackReceived: {
        "claw_back": "GB01K0000000000000000000000",
        "receipt": "RC-20251020-0007",
        "received_at": "2025-10-20T16:00:00+08:00",
    },
    CoverageSubmission: {
        "number": "CV-1",
        "coverage": {"funder": "voucher"},
        "stated_at": "2025-10-14T10:30:00+08:00",
    },
}
