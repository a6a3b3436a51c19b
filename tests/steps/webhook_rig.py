"""Webhooks on PostgreSQL: an organisation's desk, the worker's outbox, a receiver's process."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from activities.webhooks import WebhookSteps
from activities.world import World
from crossclaim.config import Settings
from crossclaim.domain.webhook_message import DueMessage, Reply
from crossclaim.domain.webhook_submission import WebhookEndpoint
from crossclaim.gateways.webhook_receiver import WebhookReceiver
from crossclaim.security.roles import Principal, Role
from crossclaim.service.webhooks import WebhookDesk
from crossclaim.store.transaction import SqlRecords
from crossclaim.store.webhook_outbox import SqlWebhookOutbox
from crossclaim.wiring import fault_hook, worker_house
from tests.flows.flow_stack import flow_reference
from tests.steps.rig import HOSPITAL, MUTUAL, Rig, plans

PROGRAM = Path(__file__).with_name("webhook_receiver.py")
WINDOW = Principal(organisation=HOSPITAL, role=Role.HOSPITAL_BILLING, key_id="hook-1")
INSURED = Principal(organisation=MUTUAL, role=Role.INSURER_SYSTEM, key_id="hook-2")
TAKEN = Reply(outcome="DELIVERED", status=204, latency_ms=3)
BROKEN = Reply(outcome="STATUS", status=500, latency_ms=3, answer=b"no")


@dataclass(frozen=True)
class Hooks:
    """One organisation listens; nobody else's tests hear of it afterwards."""

    rig: Rig
    desk: WebhookDesk
    outbox: SqlWebhookOutbox

    async def listens(
        self, principal: Principal = WINDOW, url: str = "https://hooks.example.com/in", **more: Any
    ) -> str:
        endpoint = WebhookEndpoint(url=url, **more)
        body, _ = await self.desk.add(principal, endpoint, None)
        return str(body["id"])

    def due(self, at: datetime | None = None) -> list[DueMessage]:
        return self.outbox.take(100, at or datetime.now(UTC))

    def drained(self, at: datetime | None = None) -> list[DueMessage]:
        """Everything that is due, delivered one after the other, in the order in which it was."""
        told: list[DueMessage] = []
        while found := self.due(at):
            for one in found:
                self.outbox.note(one, TAKEN, at or datetime.now(UTC))
            told += found
        return told

    def rows(self, endpoint: str) -> list[dict[str, Any]]:
        return self.rig._select(
            "select * from webhook_message where endpoint_id = %(id)s order by number", id=endpoint
        )

    def endpoint(self, endpoint: str) -> dict[str, Any]:
        (row,) = self.rig._select("select * from webhook_endpoint where id = %(id)s", id=endpoint)
        return row


def die_within_a_try(settings: Settings) -> None:
    """A worker's process that is killed after the receiver has answered and before it is noted."""
    house = worker_house(settings)
    outbox = SqlWebhookOutbox(house.database, house.keyring)
    world = World(
        records=SqlRecords(house.database, house.keyring),
        plan_shelf=plans,
        reference=flow_reference(),
        webhooks=outbox,
        webhook_sender=WebhookReceiver(allow_private=True),
        fault_point=fault_hook(settings.model_copy(update={"fault_hook": "after-webhook"})),
    )
    (due,) = outbox.take(10, datetime.now(UTC))
    asyncio.run(WebhookSteps(world).deliver(due))


class ReceiverProcess:
    """A receiver that can be killed and begun again on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hooks"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "journal.jsonl").touch()
        self.script({})

    def knows(self, *secrets: str) -> None:
        (self.folder / "secrets").write_text("\n".join(secrets))

    def script(self, answers: dict[str, list[int]]) -> None:
        (self.folder / "script.json").write_text(json.dumps(answers))

    def start(self) -> None:
        command = [sys.executable, str(PROGRAM), str(self.port), str(self.folder)]
        self._process = subprocess.Popen(command)
        pause = threading.Event()
        while not self._listens():
            assert self._process.poll() is None, "the receiver ended before it was ready"
            pause.wait(0.02)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 0.2).close()
        except OSError:
            return False
        return True

    def journal(self) -> list[dict[str, Any]]:
        lines = (self.folder / "journal.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def taken(self) -> list[str]:
        """Types in the order in which they were first taken for good."""
        good = (line for line in self.journal() if line["status"] < 300)
        return [line["type"] for line in {one["webhook_id"]: one for one in good}.values()]
