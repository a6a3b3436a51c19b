"""Upload addresses of a real S3 store: it takes the stated file and no other."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import struct

import httpx
import pytest

from crossclaim.domain.errors import Unavailable
from crossclaim.gateways.clamd import ClamScanner
from crossclaim.gateways.incoming import IncomingFiles
from crossclaim.gateways.s3 import s3_client
from tests.gateways.object_store import ACCESS, SECRET, Store
from tests.plain_files import pdf_of

FILE = pdf_of("a discharge summary")


@pytest.fixture
def incoming(store: Store) -> IncomingFiles:
    client = s3_client(
        endpoint=store.endpoint, region="us-east-1", access_key=ACCESS, secret_key=SECRET
    )
    return IncomingFiles(client, client, "incoming")


def address(incoming: IncomingFiles, within_s: int = 60) -> tuple[str, str, dict[str, str]]:
    upload = f"up_{secrets.token_hex(8)}"
    url, headers = incoming.address(
        upload,
        content_type="application/pdf",
        size=len(FILE),
        sha256=hashlib.sha256(FILE).hexdigest(),
        within_s=within_s,
    )
    return upload, url, headers


def test_the_stated_file_lies_there_until_it_is_removed(incoming: IncomingFiles) -> None:
    upload, url, headers = address(incoming)
    assert incoming.size(upload) is None
    assert httpx.put(url, content=FILE, headers=headers).status_code == 200
    assert incoming.size(upload) == len(FILE)
    assert incoming.read(upload, len(FILE)) == FILE
    assert len(incoming.read(upload, 10)) == 11, "no more than one byte too many is read"
    for _ in range(2):
        incoming.remove(upload)
    assert incoming.size(upload) is None


def test_the_store_itself_refuses_another_size_type_or_content(incoming: IncomingFiles) -> None:
    upload, url, headers = address(incoming)
    other = bytes(reversed(FILE))
    less = {name: value for name, value in headers.items() if name != "Content-Length"}
    bare = {name: value for name, value in headers.items() if not name.startswith("x-amz")}
    for content, sent in (
        (other, headers),
        (FILE[:-1], less),
        (FILE + b"more", less),
        (FILE, {**headers, "Content-Type": "text/html"}),
        (other, bare),
    ):
        assert httpx.put(url, content=content, headers=sent).status_code in (400, 403)
        assert incoming.size(upload) is None
    assert httpx.get(url).status_code == 403, "the address is for one PUT and nothing else"
    elsewhere = url.replace(upload, f"{upload}x")
    assert httpx.put(elsewhere, content=FILE, headers=headers).status_code == 403


class Daemon:
    """Speaks as much of clamd's protocol as a scan needs."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.seen = answer, b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        while size := struct.unpack("!I", await reader.readexactly(4))[0]:
            self.seen += await reader.readexactly(size)
        writer.write(self.answer)
        await writer.drain()
        writer.close()


async def scanned(answer: bytes) -> tuple[bool, bytes]:
    daemon = Daemon(answer)
    async with await asyncio.start_server(daemon.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        return await ClamScanner("127.0.0.1", port).clean(FILE * 200), daemon.seen


async def test_a_scanner_is_shown_the_whole_file_and_believed() -> None:
    assert await scanned(b"stream: OK\0") == (True, FILE * 200)
    assert (await scanned(b"stream: Win.Test.EICAR_HDB-1 FOUND\0"))[0] is False


async def test_a_scanner_that_could_not_look_lets_nothing_through() -> None:
    for answer in (b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b""):
        with pytest.raises(Unavailable):
            await scanned(answer)
    with pytest.raises(Unavailable):
        await ClamScanner("127.0.0.1", 1).clean(FILE)
