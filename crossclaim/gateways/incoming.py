"""Where files from outside lie between being sent and being judged: a bucket of its own.

It holds plain files for minutes, keeps no versions, and nothing that is kept is ever read from it.
"""

from __future__ import annotations

import base64
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from crossclaim.gateways.documents import code_of, explain

_ABSENT = {"404", "NoSuchKey", "NoSuchBucket"}
_PREFIX = "incoming/"


class IncomingFiles:
    """One object serves all threads. ``public`` signs addresses as senders reach the store."""

    def __init__(self, client: Any, public: Any, bucket: str) -> None:
        self._s3 = client
        self._public = public
        self._bucket = bucket
        self._made = False

    def address(
        self, upload: str, *, content_type: str, size: int, sha256: str, within_s: int
    ) -> tuple[str, dict[str, str]]:
        """URL and headers of one PUT; size, type and checksum are signed with it."""
        self._ensure_bucket()
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        stated = {"ContentType": content_type, "ContentLength": size, "ChecksumSHA256": checksum}
        url: str = self._public.generate_presigned_url(
            "put_object",
            Params={"Bucket": self._bucket, "Key": f"{_PREFIX}{upload}", **stated},
            ExpiresIn=within_s,
        )
        return url, {
            "Content-Type": content_type,
            "Content-Length": str(size),
            "x-amz-checksum-sha256": checksum,
        }

    def size(self, upload: str) -> int | None:
        """None where nothing lies. Raises ``Retryable`` while the store cannot be asked."""
        try:
            answer = self._s3.head_object(Bucket=self._bucket, Key=f"{_PREFIX}{upload}")
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and code_of(error) in _ABSENT:
                return None
            explain(error, "system")
        return int(answer["ContentLength"])

    def read(self, upload: str, size: int) -> bytes:
        """At most one byte more than ``size``, whatever lies there by now."""
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=f"{_PREFIX}{upload}")
            content: bytes = answer["Body"].read(size + 1)
            answer["Body"].close()
        except (BotoCoreError, ClientError) as error:
            explain(error, "system")
        return content

    def remove(self, upload: str) -> None:
        """Safe to repeat."""
        try:
            self._s3.delete_object(Bucket=self._bucket, Key=f"{_PREFIX}{upload}")
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and code_of(error) in _ABSENT:
                return
            explain(error, "system")

    def _ensure_bucket(self) -> None:
        """The store itself forgets what nobody came back for, where it knows how to."""
        if self._made:
            return
        try:
            self._s3.head_bucket(Bucket=self._bucket)
        except (BotoCoreError, ClientError) as error:
            if not isinstance(error, ClientError) or code_of(error) not in _ABSENT:
                explain(error, "system")
            self._create()
        self._made = True

    def _create(self) -> None:
        region = self._s3.meta.region_name
        place = {"LocationConstraint": region}
        more = {} if region == "us-east-1" else {"CreateBucketConfiguration": place}
        rule = {"ID": "a-day", "Status": "Enabled", "Filter": {"Prefix": _PREFIX}}
        try:
            self._s3.create_bucket(Bucket=self._bucket, **more)
            self._s3.put_bucket_lifecycle_configuration(
                Bucket=self._bucket,
                LifecycleConfiguration={"Rules": [{**rule, "Expiration": {"Days": 1}}]},
            )
        except ClientError as error:
            if code_of(error) not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                explain(error, "system")
        except BotoCoreError as error:
            explain(error, "system")
