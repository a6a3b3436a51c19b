"""A history with its payloads opened, so that replaying it needs no key."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory
from temporalio.converter import (
    PayloadCodec,
    WithSerializationContext,
    WorkflowSerializationContext,
)

RECORDER = "recorder"
_PROCESS = re.compile(r"[0-9]+@")
"""How a worker calls itself and its own queue: process id and machine."""


async def opened(history: WorkflowHistory, codec: PayloadCodec, namespace: str) -> bytes:
    """The history as JSON: payloads in the clear, and without the names of machines."""
    if isinstance(codec, WithSerializationContext):
        context = WorkflowSerializationContext(namespace=namespace, workflow_id=history.workflow_id)
        codec = codec.with_context(context)
    content = await _open(history.to_json_dict(), codec)
    return (json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


async def _open(value: Any, codec: PayloadCodec) -> Any:
    if isinstance(value, list):
        return [await _open(one, codec) for one in value]
    if not isinstance(value, dict):
        is_process = isinstance(value, str) and _PROCESS.match(value)
        return RECORDER if is_process else value
    if "encoding" in (value.get("metadata") or {}) and "data" in value:
        return await _payload(value, codec)
    return {name: await _open(inner, codec) for name, inner in value.items()}


async def _payload(value: dict[str, Any], codec: PayloadCodec) -> dict[str, Any]:
    sealed = Payload(
        metadata={k: base64.b64decode(v) for k, v in value["metadata"].items()},
        data=base64.b64decode(value["data"]),
    )
    (plain,) = await codec.decode([sealed])
    return {
        "metadata": {k: base64.b64encode(v).decode() for k, v in plain.metadata.items()},
        "data": base64.b64encode(plain.data).decode(),
    }
