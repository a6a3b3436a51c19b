"""One example a body about webhooks."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.submission import Wire
from crossclaim.domain.webhook_submission import (
    SecretRotation,
    WebhookChange,
    WebhookEndpoint,
    WebhookReplay,
)

WEBHOOK_EXAMPLES: dict[type[Wire], dict[str, Any]] = {
    WebhookEndpoint: {
        "url": "https://hooks.hospital.example/crossclaim",
        "types": ["bill.split", "claim.decided", "payout.credited"],
        "description": "The billing system of the international centre.",
    },
    WebhookChange: {"types": ["payout.credited", "payout.returned"], "enabled": True},
    SecretRotation: {"overlap_hours": 24},
    WebhookReplay: {
        "from_at": "2025-10-14T00:00:00+08:00",
        "to_at": "2025-10-15T00:00:00+08:00",
        "scope": "given_up",
    },
}
