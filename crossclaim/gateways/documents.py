"""Documents in an S3 store, sealed before they leave this process.

A key reads ``ep_…/…``, ``ca_…/…`` or ``sr_…/…`` (sealed under the data key of that episode, credit
account or subject request) or ``system/…``. The key itself is bound to the ciphertext, so an object
moved to another place does not open.
"""

from __future__ import annotations

import base64
import hashlib
import re
import threading
from typing import Any, NoReturn

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from crossclaim.domain.errors import Final, GatewayError, Retryable
from crossclaim.gateways.s3 import s3_client
from crossclaim.security.errors import Undecipherable
from crossclaim.security.keyring import Keyring

# Keys are seen by whoever runs the store, so they are ids: plain, and never a file's own name.
_KEY = re.compile(r"^((?:ep|ca|sr)_[A-Za-z0-9]+|system)/[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$")
_CONTENT_TYPE = re.compile(r"^[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,100}$")
_NO_BUCKET = {"404", "NoSuchBucket"}
_ASK_AGAIN = {
    "NoSuchBucket",
    "RequestTimeout",
    "SlowDown",
    "RequestTimeTooSkewed",
    "OperationAborted",
    "BadDigest",
}


class S3Documents:
    """Implements ``activities.ports.Documents``; one object serves all threads."""

    def __init__(
        self,
        keyring: Keyring,
        *,
        endpoint: str,
        region: str,
        bucket: str,
        access_key: str,
        secret_key: str,
        connect_timeout_s: float = 3.0,
        read_timeout_s: float = 15.0,
        attempts_max: int = 3,
    ) -> None:
        """``endpoint`` empty means AWS; keys empty mean the process's own AWS credentials."""
        self._keyring = keyring
        self._bucket = bucket
        self._region = region
        self._lock = threading.Lock()
        self._bucket_exists = False
        self._s3: Any = s3_client(
            endpoint=endpoint,
            region=region,
            access_key=access_key,
            secret_key=secret_key,
            connect_timeout_s=connect_timeout_s,
            read_timeout_s=read_timeout_s,
            attempts_max=attempts_max,
        )

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Seals and stores; the store checks the SHA-256. Safe to repeat.

        Raises ``Retryable`` while the store cannot be reached or is busy, ``Final`` for a key or a
        content type that is not allowed, ``KeyMissing`` or ``KeyDestroyed`` of the episode's key.
        """
        scope = _scope(key)
        if not _CONTENT_TYPE.match(content_type):
            raise Final("a document's content type is malformed", code="DOCUMENT_TYPE")
        sealed = self._keyring.encrypt(scope, content, _field(key))
        digest = hashlib.sha256(sealed).digest()
        self.ensure_bucket()
        try:
            self._s3.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=sealed,
                ContentType="application/octet-stream",
                ChecksumSHA256=base64.b64encode(digest).decode(),
                Metadata={"sha256": digest.hex(), "content-type": content_type},
            )
        except (BotoCoreError, ClientError) as error:
            self._bucket_exists = False
            explain(error, scope)

    def get(self, key: str) -> bytes:
        """The content as it was put.

        Raises ``Final`` when there is no such document (``DOCUMENT_MISSING``) or it is not what was
        stored under this key (``DOCUMENT_TAMPERED``); ``Retryable`` and key errors as ``put``.
        """
        scope = _scope(key)
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            sealed = answer["Body"].read()
        except (BotoCoreError, ClientError) as error:
            explain(error, scope)
        if hashlib.sha256(sealed).hexdigest() != answer["Metadata"].get("sha256"):
            raise Final(f"a document of {scope} is not what was stored", code="DOCUMENT_TAMPERED")
        try:
            return self._keyring.decrypt(scope, sealed, _field(key))
        except Undecipherable:
            raise Final(
                f"a document of {scope} does not open under its key", code="DOCUMENT_TAMPERED"
            ) from None

    def ensure_bucket(self) -> None:
        """Makes the bucket at the first use, when it is not there."""
        with self._lock:
            if self._bucket_exists:
                return
            try:
                self._create_bucket()
            except (BotoCoreError, ClientError) as error:
                explain(error, "system")
            self._bucket_exists = True

    def _create_bucket(self) -> None:
        try:
            self._s3.head_bucket(Bucket=self._bucket)
            return
        except ClientError as error:
            if code_of(error) not in _NO_BUCKET:
                raise
        location = (
            {}
            if self._region == "us-east-1"
            else {"CreateBucketConfiguration": {"LocationConstraint": self._region}}
        )
        try:
            self._s3.create_bucket(Bucket=self._bucket, **location)
        except ClientError as error:
            # Another process was faster.
            if code_of(error) not in {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}:
                raise


def _scope(key: str) -> str:
    shape = _KEY.match(key)
    if shape is None:
        raise Final(
            "a document's key is 'ep_…/…', 'ca_…/…' or 'system/…', plain ids", code="DOCUMENT_KEY"
        )
    return shape[1]


def _field(key: str) -> str:
    return f"document:{key}"


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def explain(error: BotoCoreError | ClientError, scope: str) -> NoReturn:
    """Raises what the failure means; the library's text, which may quote anything, stays behind."""
    raise meaning(error, scope) from None


def meaning(error: BotoCoreError | ClientError, scope: str) -> GatewayError:
    if isinstance(error, ParamValidationError):
        return Final("the document store's client refused the call", code="DOCUMENT_KEY")
    if not isinstance(error, ClientError):
        name = type(error).__name__
        return Retryable(f"the document store does not answer: {name}", code="DOCUMENT_STORE_DOWN")
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500))
    code = code_of(error)
    if code == "NoSuchKey":
        return Final(f"{scope} has no such document", code="DOCUMENT_MISSING")
    if status in (401, 403):
        # Not final: an operator mends credentials, and the episode then goes on.
        return Retryable(f"the document store refuses us: {code}", code="DOCUMENT_STORE_DENIES")
    if status >= 500 or status in (408, 409, 429) or code in _ASK_AGAIN:
        return Retryable(f"the document store is busy: {code}", code="DOCUMENT_STORE_BUSY")
    return Final(f"the document store refused the document: {code}", code="DOCUMENT_REFUSED")
