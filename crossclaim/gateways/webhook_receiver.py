"""Sends one webhook: signed, once, without redirects, within 15 s and 64 kB of answer."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import httpcore

from crossclaim.domain.webhook_address import url_fault
from crossclaim.domain.webhook_message import ANSWER_LIMIT_BYTES, TIMEOUT_S, Reply
from crossclaim.gateways.public_network import (
    AddressRefused,
    NotResolved,
    PublicNetwork,
    Resolve,
    resolved,
)
from crossclaim.security.webhooks import signed_headers


class WebhookReceiver:
    """Implements ``activities.webhook_port.WebhookSender``; each try has its own connection."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        ca_file: Path | None = None,
        timeout_s: float = TIMEOUT_S,
        resolve: Resolve = resolved,
    ) -> None:
        self._allow_private = allow_private
        self._timeout_s = timeout_s
        self._tls = ssl.create_default_context()
        if ca_file is not None and ca_file.exists():
            self._tls.load_verify_locations(ca_file)
        self._network = PublicNetwork(allow_private=allow_private, resolve=resolve)

    async def send(
        self, url: str, secrets: Sequence[str], message_id: str, body: bytes, at: datetime
    ) -> Reply:
        """Whatever happens is a reply; what the receiver said is cut."""
        begun = time.monotonic()
        if url_fault(url, allow_private=self._allow_private) is not None:
            return Reply(outcome="ADDRESS_REFUSED")
        headers = {
            **signed_headers(secrets, message_id, body, at),
            "content-type": "application/json",
            "user-agent": "crossclaim-webhooks/1",
            "accept-encoding": "identity",
        }
        reply = await self._replied(url, headers, body)
        latency = int((time.monotonic() - begun) * 1000)
        return reply.model_copy(update={"latency_ms": latency})

    async def _replied(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        try:
            # The whole exchange: a receiver that drips bytes gets no longer.
            async with asyncio.timeout(self._timeout_s):
                return await self._exchanged(url, headers, body)
        except (TimeoutError, httpcore.TimeoutException):
            return Reply(outcome="TIMEOUT")
        except AddressRefused:
            return Reply(outcome="ADDRESS_REFUSED")
        except NotResolved:
            return Reply(outcome="NOT_RESOLVED")
        except (httpcore.NetworkError, OSError):
            return Reply(outcome="NO_CONNECTION")
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError):
            return Reply(outcome="ANSWER_UNREADABLE")

    async def _exchanged(self, url: str, headers: dict[str, str], body: bytes) -> Reply:
        async with (
            httpcore.AsyncConnectionPool(
                ssl_context=self._tls, network_backend=self._network, retries=0
            ) as pool,
            pool.stream("POST", url, headers=list(headers.items()), content=body) as response,
        ):
            answer = bytearray()
            async for chunk in response.aiter_stream():
                answer += chunk
                if len(answer) >= ANSWER_LIMIT_BYTES:
                    break
            return Reply(
                outcome=outcome_of(response.status),
                status=response.status,
                answer=bytes(answer[:ANSWER_LIMIT_BYTES]),
            )


def outcome_of(status: int) -> str:
    """A redirect is no delivery: it is never followed."""
    if 200 <= status < 300:
        return "DELIVERED"
    return "GONE" if status == 410 else "STATUS"
