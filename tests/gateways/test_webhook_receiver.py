"""A webhook goes to public addresses over TLS, once, and takes little time and little back."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpcore
import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from crossclaim.domain.webhook_address import is_public, url_fault
from crossclaim.domain.webhook_message import ANSWER_LIMIT_BYTES, Reply
from crossclaim.gateways.public_network import Address, AddressRefused, PublicNetwork, resolved
from crossclaim.gateways.webhook_receiver import WebhookReceiver
from crossclaim.security.webhooks import new_secret
from crossclaim.stack import tls

BODY = b'{"type":"ping"}'
NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
Handler = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(
    handle: Handler, context: ssl.SSLContext | None = None
) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A server of this machine: its port, and the requests that reached it."""
    heard: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        heard.append(head + await reader.readexactly(len(BODY)))
        try:
            await handle(head, writer)
            await writer.drain()
        except ConnectionError:
            pass
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1], heard


def says(answer: bytes) -> Handler:
    async def handle(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(answer)

    return handle


async def sent(receiver: WebhookReceiver, url: str) -> Reply:
    return await receiver.send(url, [new_secret()], "msg_1", BODY, datetime.now(UTC))


INSIDE = (
    *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
    *("198.18.0.1", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "fc00::1"),
    *("fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1"),
    *("2002:7f00:1::", "2001:0:7f00:1::", "::127.0.0.1"),
)


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_that_is_not_public_is_none_however_it_is_wrapped(address: str) -> None:
    assert not is_public(ip_address(address))
    host = f"[{address}]" if ":" in address else address
    assert url_fault(f"https://{host}/x", allow_private=False) == "WEBHOOK_URL_PRIVATE"


@pytest.mark.parametrize("address", ["8.8.8.8", "203.119.25.1", "2606:4700::1111"])
def test_a_public_address_is_one(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://hooks.example.com/", "WEBHOOK_URL_NOT_HTTPS"),
        ("ftp://hooks.example.com/", "WEBHOOK_URL_NOT_HTTPS"),
        ("https://user@hooks.example.com/", "WEBHOOK_URL_USERINFO"),
        ("https://hooks.example.com@127.0.0.1/", "WEBHOOK_URL_USERINFO"),
        ("https://2130706433/", "WEBHOOK_URL_FORM"),
        ("https://0x7f000001/", "WEBHOOK_URL_FORM"),
        ("https://0177.0.0.1/", "WEBHOOK_URL_FORM"),
        ("https://127.1/", "WEBHOOK_URL_FORM"),
        ("https://localhost/", "WEBHOOK_URL_PRIVATE"),
        ("https://db.internal/", "WEBHOOK_URL_PRIVATE"),
        ("https://metadata/", "WEBHOOK_URL_PRIVATE"),
        ("https://hooks.example.com\\@127.0.0.1/", "WEBHOOK_URL_FORM"),
        ("https://hooks.example.com/#x", "WEBHOOK_URL_FORM"),
        ("https://hooks.example.com:0/", "WEBHOOK_URL_FORM"),
        ("https://hooks.example.com:99999/", "WEBHOOK_URL_FORM"),
        ("https://hooks.example.com/\r\nHost: x", "WEBHOOK_URL_FORM"),
        ("https://①②⑦.0.0.1/", "WEBHOOK_URL_FORM"),
        ("https:///x", "WEBHOOK_URL_FORM"),
        ("https://" + "a" * 2000, "WEBHOOK_URL_FORM"),
    ],
)
def test_an_address_that_is_not_what_it_looks_like_is_refused(url: str, code: str) -> None:
    assert url_fault(url, allow_private=False) == code
    assert url_fault("https://hooks.example.com:8443/in?x=1", allow_private=False) is None


async def test_a_name_that_leads_inside_is_not_connected_to() -> None:
    """The naive twin, which may go to private addresses, reaches the very same server."""
    for answers in (["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"]):

        async def resolve(host: str, port: int, found: list[str] = answers) -> list[Address]:
            assert host == "hooks.example.com"
            return [ip_address(one) for one in found]

        async with listening(says(NO_CONTENT)) as (port, heard):
            url = f"https://hooks.example.com:{port}/in"
            reply = await sent(WebhookReceiver(resolve=resolve), url)
            assert (reply.outcome, heard) == ("ADDRESS_REFUSED", [])
    async with listening(says(NO_CONTENT)) as (port, heard):
        naive = WebhookReceiver(allow_private=True)
        assert (await sent(naive, f"http://localhost:{port}/in")).outcome == "DELIVERED" and heard
        assert (await sent(WebhookReceiver(), f"http://localhost:{port}/in")).outcome == (
            "ADDRESS_REFUSED"
        )


async def test_what_was_checked_is_connected_to_and_no_name_is_asked_for_twice() -> None:
    """A name that is public when it is checked and leads inside when it is asked for again."""
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> list[Address]:
        asked.append(host)
        return [ip_address("203.119.25.1" if len(asked) == 1 else "127.0.0.1")]

    socket = Noted()
    network = PublicNetwork(allow_private=False, resolve=rebinding, network=socket)
    with pytest.raises(httpcore.ConnectError):
        await network.connect_tcp("hooks.example.com", 443)
    assert (asked, socket.connected) == (["hooks.example.com"], ["203.119.25.1"])
    with pytest.raises(AddressRefused):
        await network.connect_tcp("hooks.example.com", 443)
    assert socket.connected == ["203.119.25.1"]


class Noted(httpcore.AsyncNetworkBackend):
    """Notes what would be connected to."""

    def __init__(self) -> None:
        self.connected: list[str] = []

    async def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        self.connected.append(host)
        raise httpcore.ConnectError


async def test_tls_and_host_carry_the_name_though_the_address_is_connected_to(
    tmp_path: Path,
) -> None:
    made = tls.ensure(tmp_path, host="hooks.example.com")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made.certificate, made.key)

    async def resolve(host: str, port: int) -> list[Address]:
        return [ip_address("127.0.0.1")]

    async with listening(says(NO_CONTENT), context) as (port, heard):
        receiver = WebhookReceiver(allow_private=True, ca_file=made.authority, resolve=resolve)
        reply = await sent(receiver, f"https://hooks.example.com:{port}/in")
        assert reply.outcome == "DELIVERED"
        assert b"host: hooks.example.com:" in heard[0].lower()
        other = await sent(receiver, f"https://other.example.com:{port}/in")
        assert other.outcome == "NO_CONNECTION", "the certificate is another's"
        unknown = WebhookReceiver(allow_private=True, resolve=resolve)
        reply = await sent(unknown, f"https://hooks.example.com:{port}/in")
        assert reply.outcome == "NO_CONNECTION" and len(heard) == 1


async def test_a_redirect_is_not_followed() -> None:
    async with listening(says(NO_CONTENT)) as (inside, heard):
        moved = f"HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:{inside}/\r\n\r\n".encode()
        async with listening(says(moved)) as (port, _):
            reply = await sent(WebhookReceiver(allow_private=True), f"http://127.0.0.1:{port}/")
        assert (reply.outcome, reply.status, heard) == ("STATUS", 307, [])


async def test_a_receiver_that_drips_its_answer_gets_no_more_time() -> None:
    async def drip(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with listening(drip) as (port, _):
        begun = time.monotonic()
        receiver = WebhookReceiver(allow_private=True, timeout_s=0.3)
        reply = await sent(receiver, f"http://127.0.0.1:{port}/")
    assert reply.outcome == "TIMEOUT" and time.monotonic() - begun < 5


async def test_an_answer_without_end_is_cut() -> None:
    async def flood(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"y" * 65_536)
            await writer.drain()

    async with listening(flood) as (port, _):
        reply = await sent(WebhookReceiver(allow_private=True), f"http://127.0.0.1:{port}/")
    assert (reply.outcome, len(reply.answer)) == ("DELIVERED", ANSWER_LIMIT_BYTES)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"HTTP/1.1 410 Gone\r\n\r\n", "GONE"),
        (b"HTTP/1.1 500 No\r\n\r\n", "STATUS"),
        (b"HTTP/1.1 202 Yes\r\n\r\n", "DELIVERED"),
        (b"not http at all\r\n\r\n", "ANSWER_UNREADABLE"),
        (b"", "ANSWER_UNREADABLE"),
    ],
)
async def test_what_is_answered_has_one_meaning(answer: bytes, outcome: str) -> None:
    async with listening(says(answer)) as (port, _):
        reply = await sent(WebhookReceiver(allow_private=True), f"http://127.0.0.1:{port}/")
    assert reply.outcome == outcome


async def test_the_published_library_takes_our_signature_and_no_other() -> None:
    old, new, wrong = new_secret(), new_secret(), new_secret()
    async with listening(says(NO_CONTENT)) as (port, heard):
        receiver = WebhookReceiver(allow_private=True)
        for at in (datetime.now(UTC), datetime.now(UTC) - timedelta(minutes=6)):
            await receiver.send(f"http://127.0.0.1:{port}/", [new, old], "msg_1", BODY, at)
    fresh, stale = (headers_of(one) for one in heard)
    for secret in (old, new):
        assert Webhook(secret).verify(BODY, fresh) == {"type": "ping"}
    for secret, headers, body in (
        (wrong, fresh, BODY),
        (new, stale, BODY),
        (new, fresh, b'{"type":"pong"}'),
        (new, {**fresh, "webhook-id": "msg_2"}, BODY),
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, headers)


def headers_of(request: bytes) -> dict[str, str]:
    lines = request.split(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}


async def test_the_systems_resolver_is_asked_for_every_address() -> None:
    assert all(not is_public(one) for one in await resolved("localhost", 443))
