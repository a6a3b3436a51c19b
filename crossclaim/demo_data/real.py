"""Episodes that really run, beside the rows: the mixed ones of a soak, without its faults."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from crossclaim.domain.errors import CrossclaimError, Unavailable
from crossclaim.seed import KEYS_FILE
from crossclaim.soak.amounts import insurers_book
from crossclaim.soak.courses import POLICY_THERE, THERE, course
from crossclaim.soak.desk import Desk
from crossclaim.soak.persons import insured_persons, voucher_accounts
from crossclaim.soak.plan import SoakPlan
from crossclaim.stack import simulators
from crossclaim.stack.home import Home

CONCURRENCY = 6
SEED = 7


def run_for_real(data_dir: Path, api: str, episodes: int, progress: Callable[[int], None]) -> None:
    """Sends ``episodes`` to the stack that runs in ``data_dir``; the same ones when called again.

    Raises ``Unavailable`` when a party of the stack does not answer, and ``CrossclaimError`` with
    the first refusal.
    """
    home = Home(data_dir.expanduser().absolute())
    ports: dict[str, int] = json.loads(home.ports_file.read_text(encoding="utf-8"))
    _acquaint(simulators.urls(ports), range(1, episodes + 1))
    keys: dict[str, str] = json.loads((home.root / KEYS_FILE).read_text(encoding="utf-8"))
    asyncio.run(_send(api, keys, episodes, progress))


def _acquaint(urls: Mapping[str, str], numbers: range) -> None:
    """The parties know the invented persons before they come."""
    for party, tables in (
        ("voucher", voucher_accounts(numbers)),
        ("bureau", insured_persons(numbers)),
        (THERE, insurers_book(POLICY_THERE, numbers)),
    ):
        _tell(f"{urls[party]}/_control/tables", tables, party)


def _tell(address: str, tables: Any, party: str) -> None:
    try:
        answer = httpx.put(address, json=tables, verify=False, trust_env=False, timeout=120)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise Unavailable(
            f"The simulator {party} does not answer; the episodes that run for real need the"
            " simulators of `crossclaim up`. Leave them out with --real 0."
        ) from error


async def _send(
    api: str, keys: dict[str, str], episodes: int, progress: Callable[[int], None]
) -> None:
    plan = SoakPlan(
        episodes=episodes, seed=SEED, concurrency=CONCURRENCY, workers=0, restart_every_s=0
    )
    desk, gate = Desk(api, keys, CONCURRENCY), asyncio.Semaphore(CONCURRENCY)

    async def one(number: int) -> None:
        async with gate:
            await course(desk, plan.kind(number), number)
        progress(1)

    try:
        async with asyncio.TaskGroup() as group:
            for number in range(1, episodes + 1):
                group.create_task(one(number))
    except* CrossclaimError as failed:
        raise failed.exceptions[0] from None
    finally:
        await desk.close()
