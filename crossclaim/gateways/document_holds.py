"""Legal holds in the S3 store itself: while one stands, no version of a document is removed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from crossclaim.domain.errors import NotFound
from crossclaim.gateways.documents import code_of, explain

_NOT_HELD = {
    "NoSuchObjectLegalHold",
    "NoSuchObjectLockConfiguration",
    "ObjectLockConfigurationNotFoundError",
    "InvalidRequest",
}
_BEFORE = "null"
"""The version of what was put before the bucket kept versions."""
_ON, _OFF = "ON", "OFF"


class Version(NamedTuple):
    """One version of a document in the store."""

    version: str
    newest: bool
    size: int
    put_at: datetime
    held: bool


class DocumentHolds:
    """One object serves all threads."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._s3 = client
        self._bucket = bucket

    def hold(self, key: str) -> list[Version]:
        """Every version there is; safe to repeat. The bucket keeps versions from then on.

        One from before that is held as a new version of the same bytes.
        """
        try:
            self._keep_versions()
            if all(one.version == _BEFORE for one in self.versions(key)):
                self._give_version(key)
        except (BotoCoreError, ClientError) as error:
            explain(error, "system")
        return self._set(key, _ON)

    def release(self, key: str) -> list[Version]:
        return self._set(key, _OFF)

    def versions(self, key: str) -> list[Version]:
        """Newest first. Raises ``NotFound`` where the store has none."""
        try:
            told = self._s3.list_object_versions(Bucket=self._bucket, Prefix=key)
            found = [
                Version(
                    version=one["VersionId"],
                    newest=bool(one["IsLatest"]),
                    size=int(one["Size"]),
                    put_at=one["LastModified"],
                    held=self._held(key, one["VersionId"]),
                )
                for one in told.get("Versions", [])
                if one["Key"] == key
            ]
        except (BotoCoreError, ClientError) as error:
            explain(error, "system")
        if not found:
            raise NotFound("the document store has no such document")
        return found

    def _set(self, key: str, status: str) -> list[Version]:
        try:
            for one in self.versions(key):
                self._s3.put_object_legal_hold(
                    Bucket=self._bucket,
                    Key=key,
                    VersionId=one.version,
                    LegalHold={"Status": status},
                )
        except (BotoCoreError, ClientError) as error:
            explain(error, "system")
        return self.versions(key)

    def _held(self, key: str, version: str) -> bool:
        try:
            told = self._s3.get_object_legal_hold(Bucket=self._bucket, Key=key, VersionId=version)
        except ClientError as error:
            if code_of(error) in _NOT_HELD:
                return False
            raise
        return bool(told["LegalHold"].get("Status") == _ON)

    def _give_version(self, key: str) -> None:
        """What was put before the bucket kept versions cannot be held: the same again can."""
        known = self._s3.get_object(Bucket=self._bucket, Key=key)
        self._s3.put_object(
            Bucket=self._bucket,
            Key=key,
            Body=known["Body"].read(),
            ContentType=known["ContentType"],
            Metadata=known["Metadata"],
        )

    def _keep_versions(self) -> None:
        if self._s3.get_bucket_versioning(Bucket=self._bucket).get("Status") != "Enabled":
            self._s3.put_bucket_versioning(
                Bucket=self._bucket, VersioningConfiguration={"Status": "Enabled"}
            )
        self._s3.put_object_lock_configuration(
            Bucket=self._bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"}
        )
