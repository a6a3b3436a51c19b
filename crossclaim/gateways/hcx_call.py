"""Sends one HCX message and reads its acknowledgment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from crossclaim.domain.errors import Retryable
from crossclaim.domain.hcx import VERSION, Headers
from crossclaim.domain.hcx_errors import HcxError
from crossclaim.gateways.hcx_envelope import protected_headers, seal, token
from crossclaim.gateways.hcx_keys import HcxKeysUnusable, KeyBook
from crossclaim.gateways.http import PartyHttp, Refusal


def _now() -> datetime:
    return datetime.now(UTC)


def read_refusal(body: Any) -> Refusal:
    """``{"error": {"code": …}}``."""
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return Refusal(code if isinstance(code, str) else "")


class Signature:
    """Implements ``http.Signer``: the token of exactly the message that goes out."""

    def __init__(self, book: KeyBook, now: Callable[[], datetime] = _now) -> None:
        self._book = book
        self._now = now

    def __call__(self, method: str, url: str, body: bytes) -> Mapping[str, str]:
        compact, at = json.loads(body)["payload"], self._now()
        headers = Headers.read(protected_headers(compact), answers="/on_" in url)
        key = self._book.own_signing_key(headers.sender, at)
        return {"Authorization": f"Bearer {token(headers, compact, key, at)}"}


class HcxCall:
    """Build its ``http`` with ``read_refusal`` of this module and a ``Signature`` as ``sign``.

    The same headers and content again are the same message to whoever gets it: its call id is
    what counts, not the bytes, which are another encryption each time.
    """

    def __init__(self, http: PartyHttp, book: KeyBook, now: Callable[[], datetime] = _now) -> None:
        self._http = http
        self._book = book
        self._now = now

    @property
    def party_name(self) -> str:
        return self._http.party_name

    def send(self, action: str, headers: Headers, content: bytes, *, safe: bool = False) -> None:
        """Returns once it is acknowledged (202). Raises as ``PartyHttp`` does."""
        at = self._now()
        stamped = headers.model_copy(update={"timestamp": at})
        try:
            compact = seal(stamped, content, self._book.sealing_key(headers.recipient, at))
            # Both ways of having no key show before anything is sent.
            self._book.own_signing_key(headers.sender, at)
        except HcxKeysUnusable as error:
            raise Retryable(error.detail, code=error.code, retry_after_s=60.0) from None
        self._http.post(
            f"/hcx/{VERSION}/{action}",
            {"payload": compact},
            idempotency_key=headers.api_call_id,
            correlation_id=headers.correlation_id,
            safe=safe,
        ).read_as(lambda told: _acknowledged(told, headers))


def _acknowledged(told: Any, headers: Headers) -> None:
    """An acknowledgment of something else proves nothing about this message."""
    said = told.get("correlation_id") if isinstance(told, dict) else None
    if said != headers.correlation_id:
        raise ValueError("the acknowledgment is about another message")


__all__ = ["HcxCall", "HcxError", "Signature", "read_refusal"]
