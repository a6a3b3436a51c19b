"""A real S3 store (SeaweedFS) in a folder of its own."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

ACCESS, SECRET = "tester", "tester-secret"


@dataclass
class Store:
    endpoint: str
    folder: Path

    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=ACCESS,
            aws_secret_access_key=SECRET,
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def stored_bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


def _ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _command(folder: Path) -> tuple[list[str], int]:
    names = [
        f"{part}.port{kind}"
        for part in ("master", "volume", "filer", "s3", "admin")
        for kind in ("", ".grpc")
    ]
    ports = dict(zip(names, _ports(len(names)), strict=True))
    identity = {
        "name": "tester",
        "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    command = [str(Path(sys.executable).with_name("weed")), "-logtostderr", "mini"]
    command += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder / 'data'}"]
    command += [f"-{name}={port}" for name, port in ports.items()]
    command += [f"-s3.config={folder / 's3.json'}", "-s3.iam=false", "-webdav=false"]
    command += ["-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"]
    return command, ports["s3.port"]


def _wait_until_it_takes_objects(store: Store, process: subprocess.Popen[bytes]) -> None:
    """Its port opens before it can store anything, so a put is tried until it succeeds."""
    client, pause = store.client(), threading.Event()
    for _ in range(600):
        assert process.poll() is None, "the object store ended while starting"
        try:
            client.create_bucket(Bucket="probe")
            client.put_object(Bucket="probe", Key="probe", Body=b"probe")
            return
        except (BotoCoreError, ClientError):
            pause.wait(0.05)
    raise AssertionError("the object store did not take an object within 30 s")


@contextmanager
def running_store(folder: Path) -> Iterator[Store]:
    command, port = _command(folder)
    environment = {**os.environ, "WEED_S3_SSE_KEK": secrets.token_hex(32)}
    with (folder / "weed.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=folder)
    running = Store(f"http://127.0.0.1:{port}", folder)
    try:
        _wait_until_it_takes_objects(running, process)
        yield running
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
