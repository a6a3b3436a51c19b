"""What every answer of ``/v1`` has: an ETag and 304 on reads, ``If-Match`` on changes, ``Link``.

It stands around the routes, so that none can forget it.
"""

from __future__ import annotations

import hashlib
import json
import re
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crossclaim.api.problem import problem_response
from crossclaim.api.problem_sentences import problem_fault
from crossclaim.domain.errors import PreconditionFailed, Refused

_TAGS = re.compile(r'\*|(?:W/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W/)?"[\x21\x23-\x7e]*")*')
_TAG = re.compile(r'(W/)?("[\x21\x23-\x7e]*")')
_NEXT = re.compile(rb'"next":\s*"')
_SUBJECT = re.compile(r"/v1/[^/]+/[^/]+/")
_LONGEST = 4_096


class TagRefused(Refused):
    """A header that should hold ETags holds something else."""

    status = 400
    code = "PARAMETERS_REFUSED"


def etag_of(content: bytes) -> str:
    """Of these very bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def versioned(version: int) -> str:
    return f'"v{version}"'


def check_if_match(request: Request, etag: str) -> None:
    """Raises ``PreconditionFailed`` when the caller saw another version. Weak tags never match."""
    given = _header(request.headers, "if-match")
    if given is None or given == "*":
        return
    if etag not in [tag for weak, tag in _TAG.findall(given) if not weak]:
        raise PreconditionFailed("the thing was changed meanwhile; read it again")


def wants_match(request: Request) -> bool:
    return _header(request.headers, "if-match") not in (None, "*")


def _header(headers: Headers, name: str) -> str | None:
    """Raises ``TagRefused``: a condition that cannot be read must not be taken for none."""
    found = headers.getlist(name)
    if not found:
        return None
    given = ", ".join(found)
    if len(given) > _LONGEST or not _TAGS.fullmatch(given):
        fault = problem_fault("ETAG_FORM", "")
        raise TagRefused(fault.text.en, [fault])
    return given


class Conditional:
    """Around the routes, inside the envelope: audited answers stay audited when they become 304."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._app(scope, receive, send)
        elif scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, _Answer(scope, send).take)
        else:
            try:
                await self._check(scope)
            except (PreconditionFailed, TagRefused) as error:
                await problem_response(Request(scope), error)(scope, receive, send)
                return
            await self._app(scope, receive, send)

    async def _check(self, scope: Scope) -> None:
        """Holds ``If-Match`` against the thing whose part is added, as its reader sees it now.

        What changes between this and the commit is not noticed: a submission is refused by its own
        rules then. Raises ``PreconditionFailed``, also where there is nothing to be read.
        """
        subject = _SUBJECT.match(scope["path"])
        if subject is None or scope["method"] != "POST" or not wants_match(Request(scope)):
            return
        status, etag = await self._tag_now(scope, subject[0].rstrip("/"))
        if status not in (401, 403):
            check_if_match(Request(scope), etag)

    async def _tag_now(self, scope: Scope, path: str) -> tuple[int, str]:
        """What a GET of it is answered to the same caller, and audited as one."""
        kept = [pair for pair in scope["headers"] if not pair[0].startswith((b"content-", b"if-"))]
        asked = {
            **scope,
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": kept,
            "state": dict(scope.get("state", {})),
        }
        status, etag = 0, ""

        async def nothing() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def note(message: Message) -> None:
            nonlocal status, etag
            if message["type"] == "http.response.start":
                status, etag = message["status"], Headers(scope=message).get("etag", "")

        await self(asked, nothing, note)
        return status, etag if status == 200 else ""


class _Answer:
    """One answer on its way out: held until it is whole, then sent with what belongs to it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None
        self._content = bytearray()

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._content += message.get("body", b"")
            if not message.get("more_body", False):
                await self._sent(self._start, bytes(self._content))
        else:
            await self._send(message)

    async def _sent(self, start: Message, content: bytes) -> None:
        headers = MutableHeaders(scope=start)
        headers.setdefault("etag", etag_of(content))
        headers.add_vary_header("Accept-Language")
        headers.add_vary_header("Authorization")
        link = _next_page(self._scope, headers, content)
        if link is not None:
            headers["link"] = link
        if _unchanged(Headers(scope=self._scope), headers["etag"]):
            start["status"], content = 304, b""
            del headers["content-length"]
            del headers["content-type"]
        await self._send(start)
        await self._send({"type": "http.response.body", "body": content})


def _unchanged(asked: Headers, etag: str) -> bool:
    """A header that cannot be read is no condition here: the answer is simply sent."""
    given = ", ".join(asked.getlist("if-none-match"))
    if len(given) > _LONGEST or not _TAGS.fullmatch(given):
        return False
    return given == "*" or etag in [tag for _, tag in _TAG.findall(given)]


def _next_page(scope: Scope, headers: MutableHeaders, content: bytes) -> str | None:
    """RFC 8288; the filters of this page are those of the next."""
    if "json" not in headers.get("content-type", "") or not _NEXT.search(content):
        return None
    try:
        body = json.loads(content)
    except ValueError:
        return None
    cursor = body.get("next") if isinstance(body, dict) else None
    if not isinstance(cursor, str):
        return None
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query = [(name, value) for name, value in asked if name != "cursor"] + [("cursor", cursor)]
    return f'<{scope["path"]}?{urlencode(query)}>; rel="next"'
