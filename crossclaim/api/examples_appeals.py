"""Examples of appeals for the API's description."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.appeal import (
    AppealDecisionSubmission,
    AppealSubmission,
    ChangedDecisionSubmission,
)
from crossclaim.domain.submission import Wire

_CLAIM = "cl_01K0000000000000000000000"

APPEAL_EXAMPLES: dict[type[Wire], dict[str, Any]] = {
    AppealSubmission: {
        "number": "AP-1",
        "claim_id": _CLAIM,
        "level": 1,
        "reason": "The operation is of the major class; its report is with the episode.",
        "lines": [2],
    },
    AppealDecisionSubmission: {
        "claim_id": _CLAIM,
        "level": 1,
        "outcome": "changed",
        "reason": "The report shows the major class.",
        "lines": [
            {
                "line": 1,
                "approved": {"amount": "3000.00", "currency": "HKD"},
                "reason": "PLAN_TERMS",
            }
        ],
        "decided_at": "2026-05-12T10:00:00+08:00",
    },
    ChangedDecisionSubmission: {
        "number": "CD-1",
        "claim_id": _CLAIM,
        "benefit": {"amount": "32000.00", "currency": "HKD"},
        "reason": "The yearly limit was counted wrongly.",
        "decided_at": "2026-05-12T10:00:00+08:00",
    },
}
