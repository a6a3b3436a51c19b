"""An insurer on an HCX-style exchange beside the stack: who it is, its keys, and its process."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from crossclaim.config import (
    HcxConnection,
    HcxParticipant,
    HcxPeer,
    HcxSelf,
    InsurerConnection,
    Parties,
)
from crossclaim.gateways.hcx_envelope import compact_of, protected_headers
from crossclaim.gateways.hcx_keys import KeyBook, add_keys, own_file, public_file
from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.stack import Stack
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.simulators.party_process import free_port

JADE = "jade-health"
JADE_CODE = "jade@hcx"
OUR_CODE = "shenzhen@hcx"
SERVED = "hku-szh"
HOSPITAL_CODE, HARBOUR_CODE = "window@hcx", "harbour-served@hcx"
"""A hospital's own system on the exchange, and whom it sends its claims to: us, for an insurer."""


def _year() -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    return now - timedelta(minutes=1), now + timedelta(days=365)


class Receiver:
    """The callback of a hospital's system: keeps what comes and acknowledges it."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, str]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                compact = compact_of(self.rfile.read(int(self.headers["content-length"])))
                about = protected_headers(compact)["x-hcx-correlation_id"]
                said = json.dumps({"correlation_id": about}).encode()
                self.send_response(202)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
                receiver.came.append((self.path, self.headers["authorization"], compact))

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class HcxPeerOfStack:
    """Known to the stack from its start; its process runs for the tests that need it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "jade-health"
        self.keys_dir = folder / "hcx-keys"
        self.port = free_port()
        self.hospital_keys = folder / "hospital-keys"
        self.receiver = Receiver()
        add_keys(self.hospital_keys, HOSPITAL_CODE, *_year(), lambda secret, field: secret)
        self.url = f"http://127.0.0.1:{self.port}"

    def known(self, parties: Parties) -> Parties:
        insurer = InsurerConnection(
            organisation=JADE,
            base_url=self.url,
            decides="there",
            answer_within_s=3.0,
            hcx=HcxPeer(participant=JADE_CODE, sender=OUR_CODE, wait_s=4.0),
        )
        exchange = HcxConnection(
            keys_dir=self.keys_dir,
            own=[
                HcxSelf(code=OUR_CODE, organisation=SERVED),
                HcxSelf(code=HARBOUR_CODE, organisation="harbour-life"),
            ],
            participants=[
                HcxParticipant(
                    code=JADE_CODE,
                    organisation=JADE,
                    role="payor",
                    base_url=self.url,
                    jwks_file=self.data / "jwks.json",
                ),
                HcxParticipant(
                    code=HOSPITAL_CODE,
                    organisation=SERVED,
                    role="provider",
                    base_url=self.receiver.url,
                    jwks_file=public_file(self.hospital_keys, HOSPITAL_CODE),
                ),
            ],
        )
        insurers = [*parties.insurers, insurer]
        return parties.model_copy(update={"insurers": insurers, "hcx": exchange})

    def make_keys(self, keyring: Keyring) -> None:
        for code in (OUR_CODE, HARBOUR_CODE):
            if not own_file(self.keys_dir, code).exists():
                add_keys(
                    self.keys_dir,
                    code,
                    *_year(),
                    lambda secret, field: keyring.encrypt(SYSTEM, secret, field),
                )

    def hospital(self) -> KeyBook:
        """The book of the hospital's system."""
        ours = HcxParticipant(
            code=HARBOUR_CODE,
            organisation="harbour-life",
            role="payor",
            base_url="",
            jwks_file=public_file(self.keys_dir, HARBOUR_CODE),
        )
        own = [HcxSelf(code=HOSPITAL_CODE, organisation=SERVED)]
        return KeyBook(own, [ours], self.hospital_keys, lambda sealed, field: sealed)

    @contextmanager
    def running(self, stack: Stack) -> Iterator[Simulator]:
        command = [
            sys.executable,
            "-m",
            "crossclaim.simulators.hcx",
            f"--data={self.data}",
            f"--port={self.port}",
            f"--insurer={JADE}",
            f"--participant={JADE_CODE}",
            f"--peer-jwks={public_file(self.keys_dir, OUR_CODE)}",
            f"--callback-url={stack.urls.api}",
        ]
        process = subprocess.Popen(command)
        party = Simulator(self.url)
        try:
            until(lambda: party.answers() or process.poll() is not None, "the insurer is up")
            assert process.poll() is None, "the insurer ended at once"
            yield party
        finally:
            party.close()
            process.terminate()
            process.wait(10)
