"""Inbound webhooks are checked by Standard Webhooks 1.0.0: HMAC-SHA256, five minutes' window."""

from __future__ import annotations

import binascii
from collections.abc import Mapping, Sequence

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from crossclaim.domain.errors import NotAuthenticated


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
