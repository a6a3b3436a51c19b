"""A hospital's receiver of webhooks, as its own process: verifies, journals, fails as scripted.

Knows nothing of ours but the public library. ``python webhook_receiver.py PORT FOLDER``: the folder
holds ``secrets`` (one a line) and ``script.json`` (`{"type": [status, …]}`, one answer a try); the
journal of what was taken outlives the process.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

_LOCK = Lock()


def answer(folder: Path, headers: dict[str, str], body: bytes) -> int:
    """401 for what no secret signed; else as the script says, and a line in the journal."""
    secrets = (folder / "secrets").read_text().split()
    if not any(signed(secret, headers, body) for secret in secrets):
        return 401
    told = json.loads(body)
    with _LOCK:
        script = json.loads((folder / "script.json").read_text())
        left = script.get(told["type"], [])
        status = left.pop(0) if left else 204
        (folder / "script.json").write_text(json.dumps(script))
        line = {"webhook_id": headers["webhook-id"], "status": status, **told}
        with (folder / "journal.jsonl").open("a") as journal:
            journal.write(json.dumps(line) + "\n")
    return int(status)


def signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    try:
        Webhook(secret).verify(body, headers)
    except WebhookVerificationError:
        return False
    return True


def main(port: int, folder: Path) -> None:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = answer(folder, {k.lower(): v for k, v in self.headers.items()}, body)
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    ThreadingHTTPServer(("127.0.0.1", port), Receiver).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
