"""A backlog of a bank's files keeps no payout waiting for what came first."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from activities.inbox import TOLD_TOGETHER
from tests.steps.bank_rig import Desk, Engines
from tests.steps.payout_desk import status
from tests.steps.rig import Rig


class Watching(Engines):
    """Counts the files that lay unread when it was told of a report."""

    def __init__(self, inbound: Path) -> None:
        super().__init__()
        self.inbound = inbound
        self.unread: list[int] = []

    async def announce_payout(self, episode_id: str, reference: str) -> None:
        self.unread.append(len(list(self.inbound.glob("*.xml"))))


def test_a_payout_hears_of_its_report_while_files_that_came_later_lie_unread(
    rig: Rig, tmp_path: Path
) -> None:
    desk = Desk.of(rig, tmp_path)
    inbound = desk.folder / "inbound"
    told = Watching(inbound)
    desk = replace(desk, world=replace(desk.world, runs=told))
    first = inbound / "A0.xml"
    first.write_text(status((desk.payout(5000, settled=False), "ACCC", "")), "utf-8")
    os.utime(first, (1, 1))
    for number in range(TOLD_TOGETHER + 9):
        (inbound / f"B{number}.xml").write_text("<nothing/>", "utf-8")
    desk.comes("<nothing/>")
    assert told.unread == [11]
    assert not list(inbound.glob("*.xml"))


class SlowCopies:
    """Seals nothing before a payout was told; notes whether one was in time."""

    def __init__(self, told: threading.Event) -> None:
        self._told = told
        self.in_time: list[bool] = []

    def tidy(self, bank: str, go_on: Callable[[], bool]) -> int:
        self.in_time.append(self._told.wait(30))
        return 0


class Telling(Engines):
    def __init__(self, told: threading.Event) -> None:
        super().__init__()
        self._told = told

    async def announce_payout(self, episode_id: str, reference: str) -> None:
        await super().announce_payout(episode_id, reference)
        self._told.set()


def test_a_payout_hears_of_its_report_while_files_of_before_are_still_being_sealed(
    rig: Rig, tmp_path: Path
) -> None:
    desk, told = Desk.of(rig, tmp_path), threading.Event()
    copies, engines = SlowCopies(told), Telling(told)
    desk = replace(desk, world=replace(desk.world, runs=engines, bank_copies=copies))
    reference = desk.payout(5000, settled=False)
    desk.comes(status((reference, "ACCC", "")))
    assert engines.told == [reference]
    assert copies.in_time and all(copies.in_time)
