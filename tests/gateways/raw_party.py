"""A party at the level of bytes: it does on a real socket whatever a test tells it to."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable
from types import TracebackType

Behaviour = Callable[["RawParty", socket.socket, bytes], None]


class RawParty:
    """Listens on a free port; reads one request a connection, then behaves."""

    def __init__(self, behave: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.requests: list[bytes] = []
        self.ended = threading.Event()
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._listen)]

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> RawParty:
        self._threads[0].start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _listen(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._serve, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                if self._tls:
                    connection = self._tls.wrap_socket(connection, server_side=True)
                request = read_request(connection)
                self.requests.append(request)
                self._behave(self, connection, request)
            except OSError:
                # The client went away first, which several tests are about.
                return
            finally:
                connection.close()


def read_request(connection: socket.socket) -> bytes:
    """One request with its body, or whatever came before the other side stopped."""
    data = b""
    while b"\r\n\r\n" not in data:
        chunk = connection.recv(65536)
        if not chunk or data[:1] == b"\x16":
            return data + chunk
        data += chunk
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def answer(
    status: int, body: bytes, *headers: str, content_type: str = "application/json"
) -> Behaviour:
    """Says exactly this."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Type: {content_type}", *headers]
    lines += [f"Content-Length: {len(body)}", "Connection: close", "", ""]
    message = "\r\n".join(lines).encode("latin-1") + body

    def behave(party: RawParty, connection: socket.socket, request: bytes) -> None:
        connection.sendall(message)

    return behave


def hang(party: RawParty, connection: socket.socket, request: bytes) -> None:
    """Takes the request and never says a word."""
    party.ended.wait()


def vanish(party: RawParty, connection: socket.socket, request: bytes) -> None:
    """Takes the request and closes without a word."""


def reset_inside_the_body(party: RawParty, connection: socket.socket, request: bytes) -> None:
    """Breaks off with RST after a part of the answer."""
    connection.sendall(
        b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
        b'Content-Length: 100\r\n\r\n{"reference": '
    )
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def drip(party: RawParty, connection: socket.socket, request: bytes) -> None:
    """Sends one blank after the other, each soon enough for a time-out per read."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while not party.ended.wait(0.02):
        connection.sendall(b" ")


def flood(party: RawParty, connection: socket.socket, request: bytes) -> None:
    """Ten megabytes of valid JSON."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[0")
    for _ in range(1000):
        connection.sendall(b",0" * 5000)
    connection.sendall(b"]")
