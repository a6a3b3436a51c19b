"""A run's history as its own people may read it: every event, with its payloads opened."""

from __future__ import annotations

import base64
import json
from typing import Any

from google.protobuf.json_format import MessageToDict
from temporalio.api.common.v1 import Payload
from temporalio.api.history.v1 import History

from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.codec import ENCODING, KEY_ID
from crossclaim.security.data_key import scope_of_key
from crossclaim.security.keyring import Keyring

_FIELD = "temporal"


def scope_of_payload(payload: Payload) -> str | None:
    """Whose key sealed it; None: it is not sealed. Raises ``Undecipherable`` for a malformed id."""
    if payload.metadata.get("encoding") != ENCODING:
        return None
    return scope_of_key(payload.metadata.get(KEY_ID, b"").decode("ascii", "replace"))


def opened_payload(keyring: Keyring, payload: Payload) -> Payload:
    """Passes through what is not sealed. Raises ``KeyDestroyed`` after an erasure."""
    scope = scope_of_payload(payload)
    if scope is None:
        return payload
    return Payload.FromString(keyring.key(scope).unseal(payload.data, _FIELD))


def opened_history(keyring: Keyring, content: bytes) -> list[dict[str, Any]]:
    """Each event as JSON; a payload is what it holds, where that is JSON."""
    events = MessageToDict(History.FromString(content)).get("events", [])
    return [_opened(keyring, event) for event in events]


def _opened(keyring: Keyring, told: Any) -> Any:
    if isinstance(told, list):
        return [_opened(keyring, one) for one in told]
    if not isinstance(told, dict):
        return told
    if isinstance(told.get("metadata"), dict) and "encoding" in told["metadata"]:
        return _content(keyring, told)
    return {name: _opened(keyring, value) for name, value in told.items()}


def _content(keyring: Keyring, told: dict[str, Any]) -> Any:
    metadata = {name: base64.b64decode(value) for name, value in told["metadata"].items()}
    payload = Payload(metadata=metadata, data=base64.b64decode(told.get("data", "")))
    try:
        plain = opened_payload(keyring, payload)
        return json.loads(plain.data) if plain.data else None
    except CrossclaimError as error:
        return {"unreadable": error.code}
    except ValueError:
        return {"bytes": len(plain.data)}
