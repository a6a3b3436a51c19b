"""An insurer on an HCX-style exchange beside the stack: who it is, its keys, and its process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crossclaim.config import (
    HcxConnection,
    HcxParticipant,
    HcxPeer,
    HcxSelf,
    InsurerConnection,
    Parties,
)
from crossclaim.gateways.hcx_keys import add_keys, own_file, public_file
from crossclaim.security.keyring import SYSTEM, Keyring
from crossclaim.stack import Stack
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.simulators.party_process import free_port

JADE = "jade-health"
JADE_CODE = "jade@hcx"
OUR_CODE = "shenzhen@hcx"
SERVED = "hku-szh"


class HcxPeerOfStack:
    """Known to the stack from its start; its process runs for the tests that need it."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "jade-health"
        self.keys_dir = folder / "hcx-keys"
        self.port = free_port()
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
            own=[HcxSelf(code=OUR_CODE, organisation=SERVED)],
            participants=[
                HcxParticipant(
                    code=JADE_CODE,
                    organisation=JADE,
                    role="payor",
                    base_url=self.url,
                    jwks_file=self.data / "jwks.json",
                )
            ],
        )
        insurers = [*parties.insurers, insurer]
        return parties.model_copy(update={"insurers": insurers, "hcx": exchange})

    def make_keys(self, keyring: Keyring) -> None:
        if not own_file(self.keys_dir, OUR_CODE).exists():
            now = datetime.now(UTC)
            add_keys(
                self.keys_dir,
                OUR_CODE,
                now - timedelta(minutes=1),
                now + timedelta(days=365),
                lambda secret, field: keyring.encrypt(SYSTEM, secret, field),
            )

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
