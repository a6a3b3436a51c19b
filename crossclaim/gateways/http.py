"""The one HTTP client of all gateways, and the one place that says what a failed call means.

What happened                                               safe call    other call
──────────────────────────────────────────────────────────  ───────────  ──────────────
no connection: refused, DNS, TLS handshake, full pool       Retryable    Retryable
408, 425, 429, 503 (with ``Retry-After`` when given)        Retryable    Retryable
time-out or reset once the request may have been sent       Retryable    OutcomeUnknown
other 5xx, redirect, unreadable or oversized 2xx answer     Retryable    OutcomeUnknown
other 4xx                                                   Final        Final

A call is safe when repeating it changes nothing with the party: each GET, and a POST that only
asks. Redirects are never followed. Error texts hold the party's id and codes, never a body.
"""

from __future__ import annotations

import re
import ssl
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx
from pydantic import SecretStr

from crossclaim import exchanges
from crossclaim.domain.errors import Final, GatewayError, OutcomeUnknown, Retryable
from crossclaim.gateways import strict_json

Read = TypeVar("Read")

_NOTHING_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_BUSY = frozenset({408, 425, 429, 503})
_CODE = re.compile(r"(?!.*\d{5})[A-Za-z][A-Za-z0-9_.\-]{0,63}")
"""A party's code is quoted in texts, so it must not look like a person's number."""
_RETRY_AFTER_MAX_S = 86_400.0


class Refusal(NamedTuple):
    """A party's error body in its own words: a code and whatever facts the domain wants to know."""

    code: str
    answer: dict[str, str] = {}


@dataclass(frozen=True)
class Exchange:
    """One call as logs and metrics may know it: no query, no headers, no bodies."""

    party: str
    method: str
    path: str
    correlation_id: str
    status: int | None
    outcome: str
    """``ok`` or the code of the error that was raised."""
    duration_s: float
    sent_bytes: int
    received_bytes: int


Signer = Callable[[str, str, bytes], Mapping[str, str]]
"""(method, URL, body) → headers to add, for instance those of RFC 9421 and RFC 9530."""


def _ignore(_: Exchange) -> None:
    """The default observer."""


def _random_id() -> str:
    return uuid.uuid4().hex


def plain_refusal(body: Any) -> Refusal:
    """Reads ``{"code": …}``; an unknown shape gives an empty code."""
    code = body.get("code", "") if isinstance(body, dict) else ""
    return Refusal(code if isinstance(code, str) else "")


class PartyAnswer:
    """A 2xx answer: strictly parsed JSON and what it means if it cannot be understood."""

    def __init__(self, party_name: str, status: int, body: Any, *, safe: bool) -> None:
        self.status = status
        self.body = body
        self._party_name = party_name
        self._safe = safe

    def read_as(self, read: Callable[[Any], Read]) -> Read:
        """``read(body)``; a ``ValueError`` of it (pydantic's too) means an unreadable answer.

        What ``read`` itself raises, or this, carries the answer as its document.
        """
        try:
            return read(self.body)
        except GatewayError as error:
            error.document = self._document()
            raise
        except ValueError:
            unreadable = unclear(
                f"{self._party_name} answered in a shape that we do not know",
                "ANSWER_UNREADABLE",
                safe=self._safe,
            )
        unreadable.document = self._document()
        raise unreadable

    def _document(self) -> str:
        return strict_json.dumps(self.body).decode()


def unclear(detail: str, code: str, *, safe: bool) -> GatewayError:
    """The request may have been taken: ask again if that is safe, else inquire."""
    return Retryable(detail, code=code) if safe else OutcomeUnknown(detail, code=code)


def none_if_absent(code: str, call: Callable[[], Read]) -> Read | None:
    """None when the party itself says 404 with this code.

    A bare 404 stays ``Final``: a proxy's or a wrong path's proves no absence.
    """
    try:
        return call()
    except Final as error:
        said = (error.code, error.answer.get("issue"))
        if error.answer.get("status") == "404" and code in said:
            return None
        raise


def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Whom a client believes: the authority of this file, or those of the system.

    Reading the system's takes as long as a hundred calls, so that clients of a process share it; a
    file that was exchanged is read again.
    """
    written_ns = ca_file.stat().st_mtime_ns if ca_file else 0
    return _read_trust(ca_file, written_ns)


@lru_cache(maxsize=16)
def _read_trust(ca_file: Path | None, _written_ns: int) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(ca_file) if ca_file else None)


class PartyHttp:
    """Calls one outside party. Thread safe; one keep-alive pool; ``close`` ends it."""

    def __init__(
        self,
        base_url: str,
        api_key: SecretStr,
        ca_file: Path | None = None,
        timeout_s: float = 10.0,
        party_name: str = "party",
        transport: httpx.BaseTransport | None = None,
        *,
        media_type: str = "application/json",
        read_refusal: Callable[[Any], Refusal] = plain_refusal,
        sign: Signer | None = None,
        observe: Callable[[Exchange], None] = _ignore,
        new_correlation_id: Callable[[], str] = _random_id,
        answer_limit_bytes: int = 1_048_576,
        connections_max: int = 32,
    ) -> None:
        if httpx.URL(base_url).scheme not in ("http", "https"):
            raise ValueError(f"the base URL of {party_name} is not an HTTP URL")
        self.party_name = party_name
        self._base_url = base_url.rstrip("/")
        self._api_key = api_key
        self._timeout_s = timeout_s
        self._media_type = media_type
        self._read_refusal = read_refusal
        self._sign = sign
        self._observe = observe
        self._new_correlation_id = new_correlation_id
        self._answer_limit_bytes = answer_limit_bytes
        # trust_env off: only config.py may read the environment, proxies included.
        self._client = httpx.Client(
            verify=trusted(ca_file),
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 5.0)),
            limits=httpx.Limits(
                max_connections=connections_max, max_keepalive_connections=connections_max
            ),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    def close(self) -> None:
        """Closes the pool; calls after this raise."""
        self._client.close()

    def get(
        self, path: str, *, params: Mapping[str, str] | None = None, correlation_id: str = ""
    ) -> PartyAnswer:
        """One safe call. An empty ``correlation_id`` gets a fresh one."""
        url = httpx.URL(self._base_url + path, params=dict(params) if params else None)
        return self._call("GET", url, b"", {}, correlation_id, safe=True)

    def post(
        self,
        path: str,
        body: Any,
        *,
        idempotency_key: str,
        correlation_id: str = "",
        safe: bool = False,
    ) -> PartyAnswer:
        """Sends JSON. ``safe`` says that the call only asks, so that repeating it is harmless."""
        headers = {"Content-Type": self._media_type, "Idempotency-Key": idempotency_key}
        url = httpx.URL(self._base_url + path)
        content = strict_json.dumps(body)
        return self._call("POST", url, content, headers, correlation_id, safe=safe)

    def _call(
        self,
        method: str,
        url: httpx.URL,
        content: bytes,
        headers: Mapping[str, str],
        correlation_id: str,
        *,
        safe: bool,
    ) -> PartyAnswer:
        correlation_id = correlation_id or self._new_correlation_id()
        request = self._request(method, url, content, headers, correlation_id)
        started = time.monotonic()
        status, received, outcome = None, b"", "ok"
        try:
            status, received, answer_headers = self._exchange(request, started, safe=safe)
            return self._judge(status, answer_headers, received, safe=safe)
        except GatewayError as error:
            outcome = error.code
            raise
        finally:
            duration_s = time.monotonic() - started
            exchanges.note(
                exchanges.Exchanged(
                    method=method,
                    path=url.raw_path.decode("ascii", "replace"),
                    status=status,
                    took_ms=int(duration_s * 1000),
                    request=content,
                    answer=received,
                )
            )
            self._observe(
                Exchange(
                    party=self.party_name,
                    method=method,
                    path=url.path,
                    correlation_id=correlation_id,
                    status=status,
                    outcome=outcome,
                    duration_s=duration_s,
                    sent_bytes=len(content),
                    received_bytes=len(received),
                )
            )

    def _request(
        self,
        method: str,
        url: httpx.URL,
        content: bytes,
        headers: Mapping[str, str],
        correlation_id: str,
    ) -> httpx.Request:
        own = {
            "Authorization": f"Bearer {self._api_key.get_secret_value()}",
            "X-Correlation-ID": correlation_id,
            "Accept": self._media_type,
            # A compressed answer could grow beyond every limit while it is unpacked.
            "Accept-Encoding": "identity",
        }
        signature = self._sign(method, str(url), content) if self._sign else {}
        return self._client.build_request(
            method, url, content=content or None, headers={**own, **headers, **signature}
        )

    def _exchange(
        self, request: httpx.Request, started: float, *, safe: bool
    ) -> tuple[int, bytes, httpx.Headers]:
        """Sends and reads at most the limit. Maps everything that the network can do."""
        name = self.party_name
        try:
            answer = self._client.send(request, stream=True)
            try:
                body = self._read(answer, started, safe=safe)
            finally:
                answer.close()
        except _NOTHING_SENT as error:
            kind = type(error).__name__
            raise Retryable(f"{name} could not be reached ({kind})", code="UNREACHABLE") from None
        except httpx.TimeoutException as error:
            kind = type(error).__name__
            raise unclear(
                f"{name} did not answer in time ({kind})", "TIMED_OUT", safe=safe
            ) from None
        except httpx.TransportError as error:
            kind = type(error).__name__
            raise unclear(
                f"{name} broke off the connection ({kind})", "CONNECTION_LOST", safe=safe
            ) from None
        return answer.status_code, body, answer.headers

    def _read(self, answer: httpx.Response, started: float, *, safe: bool) -> bytes:
        body = bytearray()
        for chunk in answer.iter_raw():
            body += chunk
            if len(body) > self._answer_limit_bytes:
                raise unclear(
                    f"{self.party_name} answered {answer.status_code} with more than"
                    f" {self._answer_limit_bytes} bytes",
                    "ANSWER_TOO_LARGE",
                    safe=safe,
                )
            # The client's own time-out is per read; a party that drips would hold us for ever.
            if time.monotonic() - started > 2 * self._timeout_s:
                raise unclear(f"{self.party_name} answered too slowly", "TIMED_OUT", safe=safe)
        return bytes(body)

    def _judge(
        self, status: int, headers: httpx.Headers, received: bytes, *, safe: bool
    ) -> PartyAnswer:
        """The one mapping of an HTTP answer to an outcome; see the table at the top."""
        name = self.party_name
        body = _parsed(headers, received)
        if 200 <= status < 300:
            if body is None:
                detail = f"{name} answered {status} with something that is not JSON"
                raise unclear(detail, "ANSWER_UNREADABLE", safe=safe)
            return PartyAnswer(name, status, body, safe=safe)
        refusal = self._read_refusal(body)
        known = refusal.code if _CODE.fullmatch(refusal.code) else ""
        code = known or f"HTTP_{status}"
        detail = f"{name} answered {status} {known}".rstrip()
        if status in _BUSY:
            raise Retryable(detail, code=code, retry_after_s=_retry_after_s(headers))
        if 400 <= status < 500:
            answer = {"status": str(status), **refusal.answer}
            raise Final(detail, code=code, answer=answer)
        raise unclear(detail, code, safe=safe)


def _parsed(headers: httpx.Headers, received: bytes) -> Any:
    """The JSON body, or None when the answer is none that we accept."""
    media_type = headers.get("content-type", "").split(";")[0].strip().lower()
    is_json = media_type == "application/json" or media_type.endswith("+json")
    if not is_json or headers.get("content-encoding", "identity").lower() != "identity":
        return None
    try:
        return strict_json.loads(received)
    except strict_json.StrictJsonError:
        return None


def _retry_after_s(headers: httpx.Headers) -> float | None:
    """``Retry-After`` in seconds, from either of its two forms (RFC 9110, 10.2.3)."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(float(text), _RETRY_AFTER_MAX_S)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    wait_s = (moment - datetime.now(UTC)).total_seconds()
    return min(max(wait_s, 0.0), _RETRY_AFTER_MAX_S)
