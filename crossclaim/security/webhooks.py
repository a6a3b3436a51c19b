"""Webhooks by Standard Webhooks 1.0.0: those that come (HMAC-SHA256), and those that we send."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from crossclaim.domain.errors import NotAuthenticated
from crossclaim.security import webhook_keys


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes) -> str:
    """The webhook's id when one of ``secrets`` (``whsec_…``, two during a rotation) signed it.

    Raises ``NotAuthenticated`` for a missing header, a wrong signature, or a time more than five
    minutes off. That the id has not been met before is for the caller's table to say.
    """
    plain = {name.lower(): value for name, value in headers.items()}
    if any(_signed_by(secret, plain, body) for secret in secrets):
        return plain["webhook-id"]
    raise NotAuthenticated("the webhook's signature is missing, wrong or too old")


def _signed_by(secret: str, headers: dict[str, str], body: bytes) -> bool:
    webhook = Webhook(secret)
    try:
        webhook.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, UnicodeDecodeError, binascii.Error, ValueError):
        # The library lets malformed signatures out as the errors of its parser.
        return False
    return True


def new_secret() -> str:
    """``whsec_`` and 32 random bytes."""
    return f"whsec_{base64.b64encode(os.urandom(32)).decode()}"


def signed_headers(
    secrets: Sequence[str], message_id: str, body: bytes, at: datetime
) -> dict[str, str]:
    """The headers of one try; every secret or private key signs, so that a receiver may know
    either."""
    moment = at.astimezone(UTC)
    signatures = [
        webhook_keys.signature(secret, message_id, int(moment.timestamp()), body)
        if webhook_keys.is_private_key(secret)
        else Webhook(secret).sign(message_id, moment, body.decode())
        for secret in secrets
    ]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
