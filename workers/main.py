"""A worker process: builds its house, serves its task queues, drains when it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.runtime import Runtime
from temporalio.worker import Worker, WorkerDeploymentConfig

from crossclaim import event_loop
from crossclaim.config import Settings
from crossclaim.domain.errors import CrossclaimError
from crossclaim.engine import EpisodeEngine
from crossclaim.observability import configure_logging, temporal_runtime
from crossclaim.service.hcx_news import hcx_news
from crossclaim.wiring import House, worker_house
from workers.registry import WORKFLOWS, activities_by_queue
from workers.schedules import ensure_schedules
from workflows.policies import EPISODES, QUEUES

DEPLOYMENT = "crossclaim"
DRAIN = timedelta(seconds=30)
STICKY = timedelta(seconds=3)
READY_EVERY_S = 2.0
_log = logging.getLogger("crossclaim.worker")


def roles_of(settings: Settings) -> list[str]:
    """The task queues of this process. Raises with the list of names for an unknown one."""
    if settings.worker_roles == "all":
        return list(QUEUES)
    roles = [role.strip() for role in settings.worker_roles.split(",") if role.strip()]
    unknown = sorted(set(roles) - set(QUEUES))
    if unknown or not roles:
        raise CrossclaimError(
            f"CROSSCLAIM_WORKER_ROLES names {unknown or 'nothing'}; allowed are {', '.join(QUEUES)}"
        )
    return roles


def deployment(settings: Settings) -> WorkerDeploymentConfig:
    """Every run upgrades by itself; the build is named by the source that runs."""
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=settings.build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )


def queue_worker(
    client: Client,
    settings: Settings,
    queue: str,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., Any]],
) -> Worker:
    """Serves one task queue with threads of its own: a slow party never holds up another queue.

    A queue with workflows runs local activities only.
    """
    return Worker(
        client,
        task_queue=queue,
        workflows=workflows,
        activities=activities,
        activity_executor=ThreadPoolExecutor(settings.worker_threads, queue),
        deployment_config=deployment(settings),
        max_cached_workflows=settings.max_cached_workflows if workflows else 0,
        max_concurrent_workflow_tasks=32 if workflows else None,
        max_concurrent_activities=settings.worker_threads,
        max_concurrent_local_activities=settings.worker_threads,
        no_remote_activities=bool(workflows),
        disable_eager_activity_execution=True,
        graceful_shutdown_timeout=DRAIN,
        sticky_queue_schedule_to_start_timeout=STICKY,
        max_heartbeat_throttle_interval=timedelta(seconds=5),
    )


def build_workers(client: Client, house: House) -> list[Worker]:
    """One worker a task queue; all share the house, its connections and its open keys."""
    settings = house.settings
    world = replace(house.world(EpisodeEngine(client)), hcx_notices=hcx_news(house))
    steps = activities_by_queue(world)
    return [
        queue_worker(client, settings, role, WORKFLOWS if role == EPISODES else (), steps[role])
        for role in roles_of(settings)
    ]


async def run_worker(settings: Settings, runtime: Runtime) -> None:
    """Serves until SIGTERM or SIGINT, then lets running steps end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    house = worker_house(settings, runtime)
    client = await house.client(lazy=False)
    workers = build_workers(client, house)
    async with AsyncExitStack() as running:
        for worker in workers:
            await running.enter_async_context(worker)
        await ensure_schedules(client, settings, house.parties)
        _log.info("worker serves %s", ", ".join(roles_of(settings)))
        await _beat_until(stop, settings.ready_file)


async def _beat_until(stop: asyncio.Event, ready_file: Path | None) -> None:
    """Touches the ready file while the worker polls, so that a hung process is noticed."""
    while not stop.is_set():
        if ready_file is not None:
            await asyncio.to_thread(ready_file.touch)
        try:
            await asyncio.wait_for(stop.wait(), READY_EVERY_S)
        except TimeoutError:
            continue


def main() -> int:
    """Exit status 0 after a drain, 2 with one sentence when the settings cannot be used."""
    settings = Settings()
    configure_logging("worker", settings.log_level)
    runtime = temporal_runtime(settings)
    Runtime.set_default(runtime)
    try:
        event_loop.run(run_worker(settings, runtime))
    except CrossclaimError as error:
        _log.error("the worker stops: %s", error.detail)
        return 2
    return 0


def leave(status: int) -> None:
    """Ends the process without the interpreter's shutdown, which can abort in the core."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
