"""The two example episodes as their hospitals tell them, step by step, through every fault."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.house import House, Row, Window, example, until

INSURER_FEN = 3104033
VOUCHER_HKD = "1405.00"
THERE = ("harbour-life", "HL-2025-000051")
HERE = ("kowloon-mutual", "KM-2025-000052")


def nothing(content: Row) -> None:
    """Leaves an example as it is."""


@dataclass
class Stay:
    """Episode 1: inpatient treatment with direct billing. Runs in a thread of its own if told."""

    house: House
    insurer: str = THERE[0]
    policy: str = THERE[1]
    change: Callable[[Row], None] = nothing
    """Changes the episode before it is sent."""
    episode_id: str = ""
    number: int = field(init=False)
    window: Window = field(init=False)

    def __post_init__(self) -> None:
        self.number = self.house.number()
        if self.insurer == HERE[0]:
            # Our own book of policies counts what each has used.
            self.policy = f"{self.policy}-{self.number}"
        self.window = self.house.window("hku-szh")

    def opening(self) -> Row:
        content = example("episode-1-inpatient.json")
        content["visit"]["number"] += f"-{self.number}"
        content["coverages"][0].update(organisation=self.insurer, policy_number=self.policy)
        for consent in content["consents"]:
            if "recipient" in consent:
                consent["recipient"] = self.insurer
        self.change(content)
        return content

    def send(self, what: str, body: Row) -> Row:
        return self.window.send(f"/v1/episodes/{self.episode_id}/{what}", body)

    def open(self) -> None:
        self.episode_id = self.window.send("/v1/episodes", self.opening())["episode_id"]

    def admit(self) -> None:
        until("guarantee answered", self._guaranteed)
        self.send("admission", {"admitted_at": "2026-03-11T09:20:00+08:00"})

    def _guaranteed(self) -> bool:
        guarantees = self.window.episode(self.episode_id)["guarantees"]
        return bool(guarantees) and guarantees[0]["state"] == "granted"

    def bill(self, kind: str) -> Row:
        content = example(f"episode-1-bill-{kind}.json")
        content["number"] += f"-{self.number}"
        return content

    def discharge(self) -> None:
        self.send("discharge", {"discharged_at": "2026-03-14T10:00:00+08:00"})

    def tender(self, split: Row) -> None:
        amount = next(t["amount"] for t in split["totals"] if t["funder"] == "patient")
        bill = self.bill("final")
        leg = {"method": "bank_card", "amount": amount, "reference": f"POS{self.number}"}
        about = {"bill_number": bill["number"], "bill_version": bill["version"]}
        at = {"tendered_at": "2026-03-14T10:50:00+08:00"}
        self.send("tenders", {**about, **at, "legs": [leg]})

    def treat(self) -> None:
        """Everything up to the day of discharge."""
        self.open()
        self.admit()
        self.send("bills", self.bill("interim"))

    def leave(self) -> None:
        self.discharge()
        self.tender(self.send("bills", self.bill("final")))

    def closed(self) -> Row:
        found: Row = until(f"{self.episode_id} closed", self._closed)
        return found

    def _closed(self) -> Row | None:
        found = self.window.episode(self.episode_id)
        return found if found["episode"]["status"] == "closed" else None

    def run(self) -> None:
        self.treat()
        self.leave()
        self.closed()


@dataclass
class Visit:
    """Episode 2: an outpatient visit paid with vouchers, of a person whose account never ends."""

    house: House
    change: Callable[[Row], None] = nothing
    episode_id: str = ""

    def __post_init__(self) -> None:
        self.number = self.house.number()
        self.window = self.house.window("jiangmen-central")

    def run(self) -> None:
        content = example("episode-2-voucher.json")
        content["visit"]["number"] += f"-{self.number}"
        self.change(content)
        self.episode_id = self.window.send("/v1/episodes", content)["episode_id"]
        path = f"/v1/episodes/{self.episode_id}"
        bill = example("episode-2-bill-1.json")
        bill["number"] += f"-{self.number}"
        split = self.window.send(f"{path}/bills", bill)
        due = next(t["amount"] for t in split["totals"] if t["funder"] == "patient")
        signed = {
            "type": "VOUCHER_USE",
            "text_version": "2025-01",
            "signed_at": "2025-10-14T10:44:00+08:00",
            "channel": "paper",
        }
        tender = {
            "bill_number": bill["number"],
            "bill_version": 1,
            "tendered_at": "2025-10-14T10:45:00+08:00",
            "legs": [{"method": "wechat", "amount": due, "reference": f"WX{self.number}"}],
            "consents": [signed],
        }
        self.window.send(f"{path}/tenders", tender)
        until(f"{self.episode_id} closed", self._closed)

    def _closed(self) -> bool:
        status = self.window.episode(self.episode_id)["episode"]["status"]
        return bool(status == "closed")


class Telling:
    """A story told from a thread, while the test does harm elsewhere."""

    def __init__(self, run: Callable[[], Any]) -> None:
        self._wrong: list[BaseException] = []
        self._thread = threading.Thread(target=self._tell, args=(run,), daemon=True)
        self._thread.start()

    def _tell(self, run: Callable[[], Any]) -> None:
        try:
            run()
        except BaseException as wrong:  # noqa: BLE001 it is raised again where it is waited for
            self._wrong.append(wrong)

    def ended(self, patience_s: float) -> None:
        """Waits for the end and raises what went wrong in it."""
        self._thread.join(patience_s)
        assert not self._thread.is_alive(), "the story goes on and on"
        if self._wrong:
            raise self._wrong[0]
