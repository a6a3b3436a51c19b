"""Roots of the audit in an S3 bucket of their own, where nobody can change or remove them.

The bucket has object lock, and each object a retention in mode COMPLIANCE: not even the store's
administrator removes it before its time.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import ValidationError

from crossclaim.domain.audit_chain import Root
from crossclaim.domain.errors import Final, Retryable

_PREFIX = "roots/"
_THERE = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
_TAKEN = {"PreconditionFailed", "412", "ConditionalRequestConflict"}


class S3Anchors:
    """Implements ``activities.privacy_ports.Anchors``."""

    def __init__(
        self,
        *,
        endpoint: str,
        region: str,
        bucket: str,
        access_key: str,
        secret_key: str,
        lock_days: int,
    ) -> None:
        """``endpoint`` empty means AWS; keys empty mean the process's own AWS credentials."""
        self._bucket = bucket
        self._region = region
        self._lock_days = lock_days
        self._making = threading.Lock()
        self._made = False
        self._s3: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=endpoint or None,
            region_name=region,
            aws_access_key_id=access_key or None,
            aws_secret_access_key=secret_key or None,
            config=Config(
                connect_timeout=3,
                read_timeout=15,
                retries={"total_max_attempts": 3, "mode": "standard"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                s3={"addressing_style": "path"},
            ),
        )

    def lay(self, root: Root) -> None:
        """Puts a root under lock; a second time nothing happens, another one is refused."""
        self.keep(f"{_PREFIX}{root.block:012d}.json", root.model_dump_json().encode())

    def keep(self, key: str, body: bytes) -> None:
        """Raises ``Retryable`` while the store does not take it, and ``Final`` where another object
        has the key."""
        self._ensure_bucket()
        until = datetime.now(UTC) + timedelta(days=self._lock_days)
        try:
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=body,
                ContentType="application/json",
                ChecksumSHA256=base64.b64encode(hashlib.sha256(body).digest()).decode(),
                IfNoneMatch="*",
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=until,
            )
        except (BotoCoreError, ClientError) as error:
            if _code(error) not in _TAKEN:
                raise _down() from None
            if self._read(key) != body:
                raise Final("another root lies there", code="ANCHOR_DIFFERS") from None

    def all(self) -> list[Root]:
        """Every root that lies there, as it was first laid."""
        try:
            pages = self._s3.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=_PREFIX
            )
            keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
        except (BotoCoreError, ClientError) as error:
            if _code(error) == "NoSuchBucket":
                return []
            raise _down() from None
        return [_root(self._read(key)) for key in keys]

    def _read(self, key: str) -> bytes:
        """The oldest version: what somebody may have put over it later is none of ours."""
        try:
            pages = self._s3.get_paginator("list_object_versions").paginate(
                Bucket=self._bucket, Prefix=key
            )
            # The store tells the newest first; its times are too coarse to go by.
            versions = [v for p in pages for v in p.get("Versions", []) if v["Key"] == key]
            oldest = versions[-1]
            answer = self._s3.get_object(
                Bucket=self._bucket, Key=key, VersionId=oldest["VersionId"]
            )
            return bytes(answer["Body"].read())
        except (BotoCoreError, ClientError, IndexError):
            raise _down() from None

    def _ensure_bucket(self) -> None:
        with self._making:
            if self._made:
                return
            place = (
                {}
                if self._region == "us-east-1"
                else {"CreateBucketConfiguration": {"LocationConstraint": self._region}}
            )
            try:
                self._s3.create_bucket(
                    Bucket=self._bucket, ObjectLockEnabledForBucket=True, **place
                )
            except (BotoCoreError, ClientError) as error:
                if _code(error) not in _THERE:
                    raise _down() from None
            self._made = True


def _root(body: bytes) -> Root:
    try:
        return Root.model_validate_json(body)
    except ValidationError:
        raise Final("an object under the roots is no root of ours", code="ANCHOR_DIFFERS") from None


def _down() -> Retryable:
    return Retryable("the store of roots does not answer", code="ANCHOR_STORE")


def _code(error: BotoCoreError | ClientError) -> str:
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else ""
