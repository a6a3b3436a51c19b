"""What the API's description says of the events that we send: OpenAPI 3.1 ``webhooks``."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.webhook_events import EventType
from crossclaim.domain.webhook_meanings import MEANINGS

EVENT = {
    "type": "object",
    "description": "Ids and no facts: read what happened at `link`.",
    "required": ["type", "timestamp", "data"],
    "properties": {
        "type": {"type": "string", "enum": [type_.value for type_ in EventType]},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": {
            "type": "object",
            "required": ["id", "version", "link"],
            "properties": {
                "id": {"type": "string"},
                "version": {"type": "integer", "minimum": 1},
                "link": {"type": "string", "format": "uri"},
                "episode_id": {"type": "string"},
            },
        },
    },
}
_TEXT = {"type": "string"}
_HEADERS = [
    {"name": name, "in": "header", "required": True, "schema": _TEXT, "description": meaning}
    for name, meaning in (
        ("webhook-id", "The same at every try; do nothing a second time."),
        ("webhook-timestamp", "Seconds of this try."),
        ("webhook-signature", "Standard Webhooks 1.0.0, `v1` or `v1a`; two during a rotation."),
    )
]


def webhooks_described() -> dict[str, Any]:
    """One entry a type of event."""
    return {type_.value: {"post": _posted(type_)} for type_ in EventType}


def _posted(type_: EventType) -> dict[str, Any]:
    data = {"id": "…", "version": 1, "link": "https://…/v1/episodes/ep_…", "episode_id": "ep_…"}
    example = {"type": type_.value, "timestamp": "2025-10-14T03:10:00+00:00", "data": data}
    content = {"schema": {"$ref": "#/components/schemas/WebhookEvent"}, "example": example}
    return {
        "summary": MEANINGS[type_].en,
        "operationId": f"told_{type_.value.replace('.', '_')}",
        "tags": ["webhooks"],
        "security": [],
        "parameters": _HEADERS,
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "2XX": {"description": "Taken; it is not sent again."},
            "410": {"description": "Nothing more is sent to this endpoint."},
        },
    }
