"""Examples of orders about an episode as a whole."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.repair_submission import (
    EpisodeCancellation,
    HoldSubmission,
    ReleaseSubmission,
    SkipDecision,
    SkipSubmission,
    StaffReason,
)
from crossclaim.domain.submission import Wire

REPAIR_EXAMPLES: dict[type[Wire], dict[str, Any]] = {
    HoldSubmission: {
        "number": "H-1",
        "reason": "dispute",
        "note": "The patient disputes the drug charge; finance looks at it until Friday.",
        "until": "2026-04-17T18:00:00+08:00",
        "at_end": "remind",
        "asked_at": "2026-04-14T11:00:00+08:00",
    },
    ReleaseSubmission: {
        "hold": "H-1",
        "note": "Settled with the patient.",
        "asked_at": "2026-04-15T09:00:00+08:00",
    },
    EpisodeCancellation: {
        "number": "EC-1",
        "effect": "0000000000000000",
        "reason": "billed_wrongly",
        "note": "Opened for the wrong visit.",
        "asked_at": "2026-04-15T10:00:00+08:00",
    },
    SkipSubmission: {
        "number": "SK-1",
        "step": "deliver_record",
        "subject": "rd_01K0000000000000000000000",
        "reason": "done_elsewhere",
        "note": "Handed in on paper.",
        "asked_at": "2026-04-15T10:00:00+08:00",
    },
    StaffReason: {"reason": "The insurer says that it is back."},
    SkipDecision: {
        "number": "SK-1",
        "approved": True,
        "note": "Seen the receipt.",
        "decided_at": "2026-04-15T11:00:00+08:00",
    },
}
