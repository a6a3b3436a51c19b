"""A real HTTP receiver of an insurer's callbacks that answers as it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import ssl
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@dataclass(frozen=True)
class Delivery:
    path: str
    webhook_id: str
    timestamp: str
    signature: str
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads(self.raw)
        return body

    def is_signed(self) -> bool:
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        signed = f"{self.webhook_id}.{self.timestamp}.".encode() + self.raw
        digest = hmac.new(key, signed, hashlib.sha256).digest()
        return self.signature == "v1," + base64.b64encode(digest).decode()


class CallbackReceiver:
    """``refuse`` is how many deliveries it answers with 503 before it takes one."""

    def __init__(self, tls: tuple[Path, Path] | None = None) -> None:
        self.deliveries: list[Delivery] = []
        self.refuse = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                status = 503 if receiver.refuse > 0 else 204
                receiver.refuse -= 1
                self.send_response(status)
                self.end_headers()
                receiver.deliveries.append(
                    Delivery(
                        self.path,
                        self.headers["webhook-id"],
                        self.headers["webhook-timestamp"],
                        self.headers["webhook-signature"],
                        raw,
                    )
                )

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def about(self, reference: str) -> list[Delivery]:
        return [
            delivery
            for delivery in list(self.deliveries)
            if delivery.body["request"]["identifier"]["value"] == reference
        ]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
