"""One soak: a stack of its own, faults in every party, workers that die, and then the verdict."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx

from crossclaim.config import Parties
from crossclaim.domain.errors import CrossclaimError
from crossclaim.seed import KEYS_FILE, seed
from crossclaim.soak.amounts import insurers_book
from crossclaim.soak.courses import POLICY_THERE, THERE, Sent, course
from crossclaim.soak.desk import Desk
from crossclaim.soak.harm import Harm
from crossclaim.soak.persons import insured_persons, voucher_accounts
from crossclaim.soak.plan import SoakPlan
from crossclaim.soak.script import faults_of
from crossclaim.soak.verdict import Books, End, Verdict, ends, journal
from crossclaim.stack import Plan, Stack
from crossclaim.store.session import Database

BANKS = ("harbour-bank", "quiet-bank")
ANSWER_WITHIN_S, INQUIRE_EVERY_S, MAX_EXECUTION_S = 3.0, 6.0, 12.0
"""A bank that answers in seconds where a real one takes minutes and days. Asked more often,
hundreds of waiting payments make more answers than busy cores can read, and wait the longer."""
LOOK_EVERY_S = 2.0
STILL_S = 10.0
"""Nothing may have moved for so long before an episode counts as waiting."""
PATIENCE_S = 240.0

Told = Callable[[str, int], None]
"""Says what is going on and how many episodes that concerns."""


def soak(plan: SoakPlan, data_dir: Path, told: Told) -> Verdict:
    """Runs the plan on a stack below ``data_dir`` and says what came of it."""
    told("starting the stack", 0)
    described = Plan(
        workers=plan.workers,
        port_base=0,
        seed=seed,
        supervise=False,
        extra_env={"CROSSCLAIM_BANK_SCAN_EVERY_S": "0.5"},
        adjust_parties=_quick,
    )
    with Stack.of(data_dir, described) as stack:
        return asyncio.run(Soak(plan, stack, told).run())


def _quick(parties: Parties) -> Parties:
    limits = {
        "answer_within_s": ANSWER_WITHIN_S,
        "inquire_every_s": INQUIRE_EVERY_S,
        "max_execution_s": MAX_EXECUTION_S,
    }
    banks = [bank.model_copy(update=limits) for bank in parties.banks]
    return parties.model_copy(update={"banks": banks})


class Soak:
    """The course of one soak on a stack that runs."""

    def __init__(self, plan: SoakPlan, stack: Stack, told: Told) -> None:
        self._plan = plan
        self._stack = stack
        self._told = told
        self._urls = stack.urls.simulators
        self._faults = faults_of(plan.seed, plan.times_as_often)
        self._failed: list[str] = []

    async def run(self) -> Verdict:
        self._spoil()
        keys = json.loads((self._stack.home.root / KEYS_FILE).read_text(encoding="utf-8"))
        desk = Desk(self._stack.urls.api, keys, self._plan.concurrency)
        database = Database(self._stack.settings.database_worker_url.get_secret_value())
        harm = Harm(self._stack, self._plan.restart_every_s)
        try:
            async with _beside(harm.go_on() if self._plan.restart_every_s else None):
                sent = await self._send_all(desk)
                found = await self._settled(database, sent)
            return self._verdict(database, sent, found, harm.restarts)
        finally:
            await desk.close()
            database.close()

    def _spoil(self) -> None:
        numbers = range(1, self._plan.episodes + 1)
        self._control("voucher", "tables", voucher_accounts(numbers))
        self._control("bureau", "tables", insured_persons(numbers))
        self._control(THERE, "tables", insurers_book(POLICY_THERE, numbers))
        for party, lines in self._faults.items():
            self._control(party, "faults", {"faults": lines})

    def _control(self, party: str, what: str, content: object) -> None:
        address = f"{self._urls[party]}/_control/{what}"
        httpx.put(
            address, json=content, verify=False, trust_env=False, timeout=120
        ).raise_for_status()

    async def _send_all(self, desk: Desk) -> list[Sent]:
        gate, sent = asyncio.Semaphore(self._plan.concurrency), list[Sent]()

        async def one(number: int) -> None:
            kind = self._plan.kind(number)
            async with gate:
                try:
                    sent.append(await course(desk, kind, number))
                except CrossclaimError as error:
                    self._failed.append(f"episode {number} ({kind}): {error.detail}")
            self._told("sending", len(sent) + len(self._failed))

        async with asyncio.TaskGroup() as group:
            for number in range(1, self._plan.episodes + 1):
                group.create_task(one(number))
        return sent

    async def _settled(self, database: Database, sent: list[Sent]) -> list[End]:
        """Looks again until all have ended, or nothing moves any more."""
        ids = [one.episode_id for one in sent]
        begun = still_since = time.monotonic()
        known: list[tuple[str, int]] = []
        while True:
            found = await asyncio.to_thread(ends, database, ids)
            self._told("settling", sum(end.explained for end in found))
            now = time.monotonic()
            stand = sorted((end.episode_id, end.revision) for end in found)
            if stand != known:
                known, still_since = stand, now
            if all(e.explained for e in found) and now - still_since > STILL_S:
                return found
            if now - max(begun, still_since) > PATIENCE_S:
                return found
            await asyncio.sleep(LOOK_EVERY_S)

    def _verdict(
        self, database: Database, sent: list[Sent], found: list[End], restarts: int
    ) -> Verdict:
        books = Books(database, {bank: self._urls[bank] for bank in BANKS})
        kinds = {one.episode_id: one for one in sent}
        stuck = [
            f"episode {kinds[end.episode_id].number} ({kinds[end.episode_id].kind}) stands still"
            f" and nobody was told why: {end.episode_id}"
            for end in found
            if not end.explained
        ]
        payouts, paid = books.paid()
        waiting = Counter(code for end in found if not end.over for code in end.codes)
        struck: Counter[str] = Counter()
        for party in self._faults:
            struck.update(self._struck(party))
        return Verdict(
            episodes=len(found),
            ended=sum(end.over for end in found),
            waiting=dict(sorted(waiting.items())),
            payouts=payouts,
            paid_fen=paid,
            restarts=restarts,
            struck=dict(sorted(struck.items())),
            faults=[*self._failed, *stuck, *books.faults()],
        )

    def _struck(self, party: str) -> list[str]:
        if party in BANKS:
            received = journal(self._urls[party], "received")
            return [f"{party} {name}" for one in received for name in one["faults"]]
        return [f"{party} {one['fault']}" for one in journal(self._urls[party], "fault")]


@contextlib.asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None] | None) -> AsyncIterator[None]:
    """Something goes on for as long as the block does."""
    task = asyncio.create_task(work) if work is not None else None
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
