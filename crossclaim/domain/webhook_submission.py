"""What an organisation says about its webhooks: where they go, which, and what again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.submission import Text, Wire
from crossclaim.domain.webhook_address import url_fault
from crossclaim.domain.webhook_events import EventType

Url = Annotated[str, Field(min_length=1, max_length=2_000)]
Types = Annotated[list[EventType], Field(max_length=200)]
Signature = Literal["v1", "v1a"]


class WebhookEndpoint(Wire):
    """Where events go; without ``types`` every type goes there, also those that come later."""

    url: Url
    types: Types = []
    description: Text | None = None
    signature: Signature = "v1"
    """``v1a``: you verify by a public key, and hold no secret of ours."""


class WebhookChange(Wire):
    """What is left out stays. ``enabled`` again: what waited goes on where it stood."""

    url: Url | None = None
    types: Types | None = None
    description: Text | None = None
    enabled: bool | None = None


class SecretRotation(Wire):
    """A new secret; the one before signs too for so many hours."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class WebhookReplay(Wire):
    """Events of a time, each under its old id: all of them, or those that were given up."""

    from_at: AwareDatetime
    to_at: AwareDatetime
    scope: Literal["all", "given_up"] = "given_up"


def address_faults(url: str | None, *, allow_private: bool) -> list[Fault]:
    """What is wrong with the address itself; where its name leads is seen at each try."""
    code = None if url is None else url_fault(url, allow_private=allow_private)
    return [] if code is None else [fault(code, "/url")]


def replay_faults(replay: WebhookReplay) -> list[Fault]:
    return [] if replay.from_at < replay.to_at else [fault("WEBHOOK_REPLAY_TIME", "/to_at")]
