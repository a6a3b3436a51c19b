"""What Temporal stores of an episode: nothing of it can be read, and only its own key opens it.

A real Temporal server keeps its history in a file, and the file's bytes are searched. The same
search finds everything when the codec is left out, so it would see a leak.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowHistory,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    WorkflowSerializationContext,
)
from temporalio.runtime import Runtime
from temporalio.service import RPCError
from temporalio.worker import Replayer, Worker

from crossclaim.security.codec import (
    KEY_ID,
    EpisodeCodec,
    SystemCodec,
    data_converter,
    system_data_converter,
)
from crossclaim.security.data_key import scope_of_key
from crossclaim.security.errors import KeyDestroyed, Undecipherable
from crossclaim.security.keyring import Keyring
from crossclaim.security.keys import EpochKeystore
from tests.unit.codec_workflow import (
    ChildWorkflow,
    Note,
    ProbeWorkflow,
    StumblingWorkflow,
    greet,
    stumble,
)
from tests.unit.data_key_shelf import DataKeyShelf, Hand

CORE_NOTES = {
    "seq",
    "attempt",
    "activity_id",
    "activity_type",
    "complete_time",
    "backoff",
    "original_schedule_time",
    "activation_index",
}
WORKFLOWS = [ProbeWorkflow, ChildWorkflow, StumblingWorkflow]


@dataclasses.dataclass
class Server:
    address: str
    folder: Path

    def stored_bytes(self) -> bytes:
        """All that the server has on disk: its database file, write-ahead log and log output."""
        return b"".join(path.read_bytes() for path in sorted(self.folder.iterdir()))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _connect(
    server: Server, converter: DataConverter, runtime: Runtime | None = None
) -> Client:
    return await Client.connect(server.address, data_converter=converter, runtime=runtime)


async def _wait_for(server: Server) -> None:
    while True:
        try:
            await _connect(server, pydantic_data_converter)
            return
        except (RPCError, RuntimeError):
            await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("temporal")
    port = _free_port()
    binary = Path(sys.executable).with_name("temporal")
    command = [str(binary), "server", "start-dev", "--headless", "--ip", "127.0.0.1"]
    command += ["--port", str(port), "--db-filename", str(folder / "temporal.db")]
    command += ["--sqlite-pragma", "journal_mode=wal", "--log-level", "info"]
    command += ["--dynamic-config-value", "history.transferProcessorMaxPollRPS=500"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    running = Server(f"127.0.0.1:{port}", folder)
    try:
        asyncio.run(asyncio.wait_for(_wait_for(running), 30))
        yield running
    finally:
        process.terminate()
        process.wait(20)


class Ring:
    """A keyring with one episode."""

    def __init__(self, directory: Path) -> None:
        self.hand = Hand()
        self.shelf = DataKeyShelf()
        self.keystore = EpochKeystore(directory)
        self.keyring = self.another_process()

    def another_process(self) -> Keyring:
        return Keyring(self.shelf, self.keystore, clock=self.hand)


@pytest.fixture
def ring(tmp_path: Path) -> Ring:
    return Ring(tmp_path)


@asynccontextmanager
async def _worker(client: Client, queue: str) -> AsyncIterator[None]:
    async with Worker(client, task_queue=queue, workflows=WORKFLOWS, activities=[greet, stumble]):
        yield


async def live_through(
    server: Server,
    converter: DataConverter,
    workflow_id: str,
    name: str,
    runtime: Runtime | None = None,
) -> tuple[list[str], str]:
    """One workflow through every kind of payload; its result and its history as stored."""
    client = await _connect(server, converter, runtime)
    note = Note(name=name)
    async with _worker(client, workflow_id):
        start = WithStartWorkflowOperation(
            ProbeWorkflow.run,
            note,
            id=workflow_id,
            task_queue=workflow_id,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            memo={"started": name},
            static_summary=f"summary {name}",
            static_details=f"details {name}",
        )
        told = await client.execute_update_with_start_workflow(
            ProbeWorkflow.tell, note, id="first", start_workflow_operation=start
        )
        assert told == Note(name=f"greeted {name}")
        handle = await start.workflow_handle()
        assert await handle.execute_update(ProbeWorkflow.tell, note) == told
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await handle.execute_update(ProbeWorkflow.tell_wrongly, note)
        assert f"refused {name}" in str(refused.value.cause)
        await handle.signal(ProbeWorkflow.whisper, note)
        assert f"asked by {name}" in await handle.query(ProbeWorkflow.heard, note)
        await handle.signal(ProbeWorkflow.finish)
        result = await handle.result()
        description = await handle.describe()
        assert await description.static_summary() == f"summary {name}"
        assert await description.memo_value("started") == name
        assert await description.memo_value("remembered") == name
    history = await handle.fetch_history()
    return result, history.to_json()


async def stumble_through(
    server: Server,
    converter: DataConverter,
    workflow_id: str,
    name: str,
    runtime: Runtime | None = None,
) -> str:
    """A workflow task that fails by a bug, then a workflow that fails; the client's error text."""
    client = await _connect(server, converter, runtime)
    async with _worker(client, workflow_id):
        with pytest.raises(WorkflowFailureError) as failed:
            await client.execute_workflow(
                StumblingWorkflow.run, Note(name=name), id=workflow_id, task_queue=workflow_id
            )
    return str(failed.value.cause)


def _new_id() -> str:
    return f"ep_{uuid4().hex}"


def _new_name() -> str:
    return f"CANARY{uuid4().hex}"


async def test_everything_passes_through_and_nothing_of_it_is_on_the_servers_disk(
    server: Server, ring: Ring
) -> None:
    episode, name = _new_id(), _new_name()
    ring.keyring.ensure(episode)
    converter = data_converter(ring.keyring)
    result, _ = await live_through(server, converter, episode, name)
    assert result[:3] == [f"greeted {name}", f"greeted {name}", f"child of {name}"]
    assert f"stumbled over {name}" in " ".join(result)
    assert f"ended with {name}" in await stumble_through(server, converter, f"{episode}/2", name)
    stored = server.stored_bytes()
    assert episode.encode() in stored
    assert name.encode() not in stored


async def test_without_the_codec_the_same_search_finds_the_name(server: Server) -> None:
    """The twin: inputs, failures, memo and summary all lie open."""
    name = _new_name()
    await live_through(server, pydantic_data_converter, _new_id(), name)
    assert server.stored_bytes().count(name.encode()) > 20


async def test_with_a_codec_but_the_plain_failure_converter_failures_lie_open(
    server: Server, ring: Ring
) -> None:
    """The twin of the failure converter: sealing payloads alone is not enough."""
    episode, name = _new_id(), _new_name()
    ring.keyring.ensure(episode)
    naive = dataclasses.replace(pydantic_data_converter, payload_codec=EpisodeCodec(ring.keyring))
    await live_through(server, naive, episode, name)
    assert name.encode() in server.stored_bytes()


async def test_every_payload_of_an_episode_is_under_its_own_key_and_replays_in_another_process(
    server: Server, ring: Ring
) -> None:
    episode, name = _new_id(), _new_name()
    ring.keyring.ensure(episode)
    _, history = await live_through(server, data_converter(ring.keyring), episode, name)
    assert name not in history
    stored = WorkflowHistory.from_json(episode, history)
    payloads = [payload for event in stored.events for payload in _payloads(event)]
    sealed = [payload for payload in payloads if KEY_ID in payload.metadata]
    assert len(sealed) > 20
    assert {scope_of_key(each.metadata[KEY_ID].decode()) for each in sealed} == {episode}
    # What the SDK's core notes of a local activity itself never meets a codec: ids and times.
    open_ones = [json.loads(each.data) for each in payloads if KEY_ID not in each.metadata]
    assert {key for each in open_ones for key in each} <= CORE_NOTES
    replayer = Replayer(workflows=WORKFLOWS, data_converter=data_converter(ring.another_process()))
    await replayer.replay_workflow(stored)


async def test_after_the_key_is_destroyed_the_history_is_closed_for_good(
    server: Server, ring: Ring
) -> None:
    episode, name = _new_id(), _new_name()
    ring.keyring.ensure(episode)
    _, history = await live_through(server, data_converter(ring.keyring), episode, name)
    ring.keystore.destroy_epoch(ring.keystore.current_epoch())
    client = await _connect(server, data_converter(ring.another_process()))
    with pytest.raises(KeyDestroyed) as caught:
        await client.get_workflow_handle(episode).result()
    assert name not in str(caught.value)
    replayer = Replayer(workflows=WORKFLOWS, data_converter=data_converter(ring.another_process()))
    with pytest.raises(Exception, match="destroyed"):
        await replayer.replay_workflow(WorkflowHistory.from_json(episode, history))


async def test_a_workflow_about_nobody_is_sealed_under_the_system_key(
    server: Server, ring: Ring
) -> None:
    name = _new_name()
    workflow_id = f"settlement-{uuid4().hex}"
    result, history = await live_through(server, data_converter(ring.keyring), workflow_id, name)
    assert result[0] == f"greeted {name}"
    assert name not in history
    assert set(ring.shelf.rows) == {"system"}


def _outputs_of_a_worker(server: Server, directory: Path, name: str, mode: str) -> tuple[str, str]:
    """Standard output and error of a process in which everything and its failures happen."""
    command = [sys.executable, "-m", "tests.unit.codec_worker", server.address]
    done = subprocess.run(
        [*command, str(directory), name, mode], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_a_workers_log_tells_of_failures_but_not_of_persons(server: Server, tmp_path: Path) -> None:
    name = _new_name()
    output, log = _outputs_of_a_worker(server, tmp_path, name, "redacted")
    lines = [json.loads(line) for line in log.splitlines()]
    [failed] = [line for line in lines if "Completing activity as failed" in line["message"]]
    assert failed["activity_type"] == "stumble"
    assert failed["workflow_id"].startswith("ep_")
    assert failed["correlation_id"] == "c-1"
    assert "codec_workflow.py" in failed["stack"]
    assert "RuntimeError: [text removed]" in failed["stack"]
    assert any("sdk_core" in line["logger"] for line in lines)
    assert name not in log
    assert output == ""


def test_the_log_of_a_naive_worker_names_the_person(server: Server, tmp_path: Path) -> None:
    """The twin: the SDK's own log lines, without our configuration."""
    name = _new_name()
    _, log = _outputs_of_a_worker(server, tmp_path, name, "naive")
    assert name in log


def _payloads(message: object) -> Iterator[Payload]:
    """Every payload anywhere in a protobuf message."""
    if isinstance(message, Payload):
        yield message
        return
    for descriptor, value in message.ListFields():  # type: ignore[attr-defined]
        if descriptor.message_type is None:
            continue
        if descriptor.message_type.GetOptions().map_entry:
            children = value.values()
        elif hasattr(value, "ListFields"):
            children = [value]
        else:
            children = value
        for child in children:
            if hasattr(child, "ListFields"):
                yield from _payloads(child)


def _of(workflow_id: str) -> WorkflowSerializationContext:
    return WorkflowSerializationContext(namespace="default", workflow_id=workflow_id)


PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"a name"')


async def test_a_payload_moved_into_another_episode_does_not_open_there(ring: Ring) -> None:
    for episode in ("ep_1", "ep_2"):
        ring.keyring.ensure(episode)
    codec = EpisodeCodec(ring.keyring)
    sealed = await codec.with_context(_of("ep_1")).encode([PLAIN])
    assert await codec.with_context(_of("ep_1/claim/1")).decode(sealed) == [PLAIN]
    with pytest.raises(Undecipherable):
        await codec.with_context(_of("ep_2")).decode(sealed)
    sealed[0].metadata[KEY_ID] = ring.shelf.rows["ep_2"].key_id.encode()
    with pytest.raises(Undecipherable):
        await codec.with_context(_of("ep_2")).decode(sealed)


async def test_a_payload_opens_without_context_by_its_key_id(ring: Ring) -> None:
    ring.keyring.ensure("ep_1")
    sealed = await EpisodeCodec(ring.keyring).with_context(_of("ep_1")).encode([PLAIN])
    assert b"a name" not in sealed[0].SerializeToString()
    assert await SystemCodec(ring.another_process()).decode(sealed) == [PLAIN]


async def test_an_activity_is_sealed_under_its_workflows_episode(ring: Ring) -> None:
    ring.keyring.ensure("ep_1")
    context = ActivitySerializationContext(
        namespace="default",
        activity_id="1",
        activity_type="greet",
        activity_task_queue="q",
        workflow_id="ep_1",
        workflow_type="episode",
        is_local=True,
    )
    [sealed] = await EpisodeCodec(ring.keyring).with_context(context).encode([PLAIN])
    assert scope_of_key(sealed.metadata[KEY_ID].decode()) == "ep_1"
    alone = dataclasses.replace(context, workflow_id=None)
    [sealed] = await EpisodeCodec(ring.keyring).with_context(alone).encode([PLAIN])
    assert scope_of_key(sealed.metadata[KEY_ID].decode()) == "system"


async def test_what_was_never_sealed_passes_through_unchanged(ring: Ring) -> None:
    codec = EpisodeCodec(ring.keyring).with_context(_of("ep_1"))
    assert await codec.decode([PLAIN]) == [PLAIN]
    assert ring.shelf.look_ups == 0


async def test_a_thousand_payloads_cost_one_look_up(ring: Ring) -> None:
    ring.keyring.ensure("ep_1")
    ring.shelf.look_ups = 0
    codec = EpisodeCodec(ring.keyring).with_context(_of("ep_1"))
    sealed = await codec.encode([PLAIN] * 1000)
    assert len({payload.data for payload in sealed}) == 1000
    assert await codec.decode(sealed) == [PLAIN] * 1000
    assert ring.shelf.look_ups == 1


async def test_the_system_converter_knows_no_episode(ring: Ring) -> None:
    converter = system_data_converter(ring.keyring).with_context(_of("ep_1"))
    [sealed] = await converter.encode([Note(name="a name")])
    assert scope_of_key(sealed.metadata[KEY_ID].decode()) == "system"
    assert await converter.decode([sealed], [Note]) == [Note(name="a name")]
