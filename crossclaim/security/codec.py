"""What Temporal stores is sealed here: each payload under the key of the episode it belongs to.

The SDK tells the codec which workflow a payload is of, through its serialization context. The key
id stands in the payload's metadata, so a payload can also be opened without that context.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Sequence
from typing import Any, Self

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from crossclaim.security.data_key import SYSTEM, DataKey, scope_of_key, scope_of_workflow
from crossclaim.security.errors import Undecipherable
from crossclaim.security.keyring import Keyring

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
_FIELD = "temporal"
BOUND_MAX = 512


class SystemCodec(PayloadCodec):
    """Seals every payload under the system key; opens any payload whose key can be found."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._scope = SYSTEM

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        key = await self._key(self._scope)
        return [_sealed(key, payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Passes through what is not sealed. Raises ``KeyDestroyed`` after an erasure."""
        return [await self._unsealed(payload) for payload in payloads]

    async def _unsealed(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key_id = payload.metadata.get(KEY_ID, b"").decode("ascii", "replace")
        scope = scope_of_key(key_id)
        self._check(scope)
        key = await self._key(scope)
        if key.key_id != key_id:
            raise Undecipherable(f"sealed under another key than that of {scope}")
        return Payload.FromString(key.unseal(payload.data, _FIELD))

    def _check(self, scope: str) -> None:
        """Whether a payload of this scope may be read here; without a context any may."""

    async def _key(self, scope: str) -> DataKey:
        key = self._keyring.cached(scope)
        # Only a key that is not open is looked up, and on a thread: the event loop never blocks.
        return key if key else await asyncio.to_thread(self._keyring.key, scope)


class EpisodeCodec(SystemCodec, WithSerializationContext):
    """Seals under the key of the episode that the workflow id names, else under the system key."""

    def __init__(self, keyring: Keyring, bound_to: str | None = None) -> None:
        super().__init__(keyring)
        self._scope = bound_to or SYSTEM
        self._bound_to = bound_to

    def with_context(self, context: SerializationContext) -> Self:
        scope = _scope_of(context)
        if scope == self._bound_to:
            # Itself spares the SDK a new data converter for each payload of the workflow.
            return self
        return type(self)(self._keyring, scope)

    def _check(self, scope: str) -> None:
        if self._bound_to is not None and scope not in (self._bound_to, SYSTEM):
            raise Undecipherable(f"a payload of {scope} was met in {self._bound_to}")


@dataclasses.dataclass(frozen=True)
class EpisodeDataConverter(DataConverter):
    """Remembers its bound copies, since the SDK asks for one at every payload of every command.

    Nothing but the codec knows a context here, so one copy serves all contexts of a scope.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "_bound", {})

    def with_context(self, context: SerializationContext) -> Self:
        bound: dict[str, Self] = self.__dict__["_bound"]
        scope = _scope_of(context)
        known = bound.get(scope)
        if known is None:
            known = super().with_context(context)
            if len(bound) >= BOUND_MAX:
                bound.clear()
            if known is not self:
                bound[scope] = known
        return known


def data_converter(keyring: Keyring) -> DataConverter:
    """Pydantic, then the codec; texts and stacks of failures are sealed as payloads are."""
    return EpisodeDataConverter(**_parts_of(EpisodeCodec(keyring)))


def system_data_converter(keyring: Keyring) -> DataConverter:
    """The same under the system key alone: for workflows about nobody, and for tools."""
    return DataConverter(**_parts_of(SystemCodec(keyring)))


def _parts_of(codec: PayloadCodec) -> dict[str, Any]:
    return {
        "payload_converter_class": pydantic_data_converter.payload_converter_class,
        "payload_codec": codec,
        "failure_converter_class": DefaultFailureConverterWithEncodedAttributes,
    }


def _sealed(key: DataKey, payload: Payload) -> Payload:
    return Payload(
        metadata={"encoding": ENCODING, KEY_ID: key.key_id_bytes},
        data=key.seal(payload.SerializeToString(), _FIELD),
    )


def _scope_of(context: SerializationContext) -> str:
    if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
        return scope_of_workflow(context.workflow_id)
    return SYSTEM
