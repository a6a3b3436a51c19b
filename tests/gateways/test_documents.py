"""Documents in a real S3 store (SeaweedFS): sealed, whole, and found only where they were put."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from activities.ports import Documents
from crossclaim.domain.audit_chain import Root
from crossclaim.domain.errors import Final, Retryable
from crossclaim.gateways.audit_anchors import S3Anchors
from crossclaim.gateways.documents import S3Documents
from crossclaim.security.errors import KeyDestroyed, KeyMissing
from crossclaim.security.keyring import Keyring
from crossclaim.security.keys import EpochKeystore
from tests.gateways.object_store import ACCESS, SECRET, Store
from tests.unit.data_key_shelf import DataKeyShelf

EPISODE, OTHER = "ep_01DOCS", "ep_02DOCS"
CANARY = b"CANARY discharge summary of Chan Tai Man"


@pytest.fixture
def shelf() -> DataKeyShelf:
    return DataKeyShelf()


@pytest.fixture
def keyring(tmp_path: Path, shelf: DataKeyShelf) -> Keyring:
    ring = Keyring(shelf, EpochKeystore(tmp_path / "keystore"))
    ring.ensure(EPISODE)
    ring.ensure(OTHER)
    return ring


def _documents(store: Store, keyring: Keyring, **changes: Any) -> S3Documents:
    settings: dict[str, Any] = {
        "endpoint": store.endpoint,
        "region": "us-east-1",
        "bucket": "documents",
        "access_key": ACCESS,
        "secret_key": SECRET,
        **changes,
    }
    return S3Documents(keyring, **settings)


@pytest.fixture
def documents(store: Store, keyring: Keyring) -> S3Documents:
    return _documents(store, keyring)


def _refused(call: Callable[[], object], kind: type[Final | Retryable]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.code


def test_a_document_comes_back_as_it_was_put(documents: S3Documents) -> None:
    port: Documents = documents
    content = os.urandom(300_000)
    port.put(f"{EPISODE}/doc-1", content, "application/pdf")
    assert port.get(f"{EPISODE}/doc-1") == content
    port.put(f"{EPISODE}/empty", b"", "text/plain")
    assert port.get(f"{EPISODE}/empty") == b""


def test_nothing_of_a_document_can_be_read_on_the_stores_disk(
    store: Store, documents: S3Documents
) -> None:
    documents.put(f"{EPISODE}/doc-2", CANARY, "text/plain")
    assert CANARY not in store.stored_bytes()
    assert b"Chan Tai Man" not in store.stored_bytes()


def test_put_there_naively_the_same_document_is_found_on_the_disk(store: Store) -> None:
    """The twin: boto3 alone. So the search above would see a leak."""
    naive = b"NAIVE" + CANARY
    store.client().create_bucket(Bucket="naive")
    store.client().put_object(Bucket="naive", Key="doc", Body=naive)
    assert naive in store.stored_bytes()


def test_putting_the_same_document_again_changes_nothing(documents: S3Documents) -> None:
    for _ in range(3):
        documents.put(f"{EPISODE}/doc-3", CANARY, "text/plain")
    assert documents.get(f"{EPISODE}/doc-3") == CANARY


def test_a_document_moved_to_another_place_does_not_open(
    store: Store, documents: S3Documents
) -> None:
    documents.put(f"{EPISODE}/doc-4", CANARY, "text/plain")
    source = {"Bucket": "documents", "Key": f"{EPISODE}/doc-4"}
    for place in (f"{EPISODE}/doc-5", f"{OTHER}/doc-4", "system/doc-4"):
        store.client().copy_object(Bucket="documents", Key=place, CopySource=source)
        assert _refused(partial(documents.get, place), Final) == "DOCUMENT_TAMPERED"


def test_a_changed_byte_is_noticed_even_with_a_fitting_checksum(
    store: Store, documents: S3Documents
) -> None:
    key = f"{EPISODE}/doc-6"
    documents.put(key, CANARY, "text/plain")
    stored = store.client().get_object(Bucket="documents", Key=key)
    changed = bytearray(stored["Body"].read())
    changed[-1] ^= 1
    for metadata in (stored["Metadata"], {**stored["Metadata"], "sha256": _sha256(changed)}):
        store.client().put_object(
            Bucket="documents", Key=key, Body=bytes(changed), Metadata=metadata
        )
        assert _refused(lambda: documents.get(key), Final) == "DOCUMENT_TAMPERED"


def _sha256(content: bytes | bytearray) -> str:
    return hashlib.sha256(content).hexdigest()


def test_a_document_that_was_never_put_is_missing_for_good(documents: S3Documents) -> None:
    documents.ensure_bucket()
    assert _refused(lambda: documents.get(f"{EPISODE}/none"), Final) == "DOCUMENT_MISSING"


@pytest.mark.parametrize(
    "key",
    ["doc", "ep_/doc", "/ep_1/doc", "ep_1/", "ep_1/陳大文.pdf", "ep_1/a b", "ep_1/../ep_2", "x/y"],
)
def test_a_key_that_is_no_plain_id_is_refused_before_anything_is_sent(
    documents: S3Documents, key: str
) -> None:
    with pytest.raises(Final) as caught:
        documents.put(key, CANARY, "text/plain")
    assert caught.value.code == "DOCUMENT_KEY"
    assert key not in caught.value.detail or key == "doc"


def test_a_malformed_content_type_is_refused(documents: S3Documents) -> None:
    for content_type in ("", "text", "text/plain\r\nX-Evil: 1", "名/字"):
        call = _put(documents, f"{EPISODE}/doc-7", content_type)
        assert _refused(call, Final) == "DOCUMENT_TYPE"


def _put(documents: S3Documents, key: str, content_type: str) -> Callable[[], None]:
    return lambda: documents.put(key, CANARY, content_type)


def test_an_episode_without_a_key_stores_nothing(store: Store, documents: S3Documents) -> None:
    with pytest.raises(KeyMissing):
        documents.put("ep_03NOKEY/doc", CANARY, "text/plain")
    documents.ensure_bucket()
    assert store.client().list_objects_v2(Bucket="documents", Prefix="ep_03")["KeyCount"] == 0


def test_after_an_erasure_the_document_is_there_and_says_nothing(
    documents: S3Documents, keyring: Keyring, shelf: DataKeyShelf
) -> None:
    documents.put(f"{EPISODE}/doc-8", CANARY, "text/plain")
    shelf.rows[EPISODE] = shelf.rows[EPISODE].model_copy(update={"wrapped": b""})
    keyring.forget(EPISODE)
    with pytest.raises(KeyDestroyed):
        documents.get(f"{EPISODE}/doc-8")


def test_the_bucket_is_made_at_the_first_use_by_whoever_comes_first(
    store: Store, keyring: Keyring
) -> None:
    bucket = f"fresh-{secrets.token_hex(4)}"
    many = [_documents(store, keyring, bucket=bucket) for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        calls = [
            threads.submit(each.put, f"{EPISODE}/doc-{number}", CANARY, "text/plain")
            for number, each in enumerate(many)
        ]
        for call in calls:
            call.result()
    assert [many[0].get(f"{EPISODE}/doc-{number}") for number in range(6)] == [CANARY] * 6


def test_a_bucket_that_vanished_is_made_again_at_the_latest_by_the_next_try(
    store: Store, keyring: Keyring
) -> None:
    bucket = f"gone-{secrets.token_hex(4)}"
    documents = _documents(store, keyring, bucket=bucket)
    documents.ensure_bucket()
    store.client().delete_bucket(Bucket=bucket)
    put = _put(documents, f"{EPISODE}/doc-9", "text/plain")
    try:
        put()  # This store makes an absent bucket by itself; others say NoSuchBucket.
    except Retryable as error:
        assert error.code == "DOCUMENT_STORE_BUSY"
        put()
    assert documents.get(f"{EPISODE}/doc-9") == CANARY


def test_wrong_credentials_can_be_mended_so_they_are_retryable(
    store: Store, keyring: Keyring
) -> None:
    documents = _documents(store, keyring, secret_key="wrong")
    put = _put(documents, f"{EPISODE}/doc-10", "text/plain")
    assert _refused(put, Retryable) == "DOCUMENT_STORE_DENIES"


def test_a_store_that_is_down_is_asked_again(keyring: Keyring) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        down = Store(f"http://127.0.0.1:{nobody.getsockname()[1]}", Path())
        documents = _documents(down, keyring, attempts_max=1)
        put = _put(documents, f"{EPISODE}/doc", "text/plain")
        assert _refused(put, Retryable) == "DOCUMENT_STORE_DOWN"
        assert _refused(lambda: documents.get(f"{EPISODE}/doc"), Retryable) == (
            "DOCUMENT_STORE_DOWN"
        )


def test_a_store_that_hangs_does_not_hold_the_caller(keyring: Keyring) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hanging = Store(f"http://127.0.0.1:{silent.getsockname()[1]}", Path())
        documents = _documents(hanging, keyring, attempts_max=1, read_timeout_s=0.2)
        code = _refused(lambda: documents.get(f"{EPISODE}/doc"), Retryable)
        assert code == "DOCUMENT_STORE_DOWN"


def root(block: int, last: str = "aa") -> Root:
    return Root(block=block, first=1, last=9, root=last, sealed_at="2026-11-22", key="00")


@pytest.fixture(scope="module")
def anchors(store: Store) -> S3Anchors:
    return S3Anchors(
        endpoint=store.endpoint,
        region="us-east-1",
        bucket="roots",
        access_key=ACCESS,
        secret_key=SECRET,
        lock_days=3650,
    )


def test_a_root_of_the_audit_is_laid_once_and_stays_what_it_was(
    anchors: S3Anchors, store: Store
) -> None:
    assert anchors.all() == []
    anchors.lay(root(1))
    anchors.lay(root(1))
    with pytest.raises(Final) as refused:
        anchors.lay(root(1, "bb"))
    assert refused.value.code == "ANCHOR_DIFFERS"
    anchors.lay(root(2))
    # What an administrator puts over it is a later version, and the first one is read.
    forged = root(1, "bb").model_dump_json().encode()
    store.client().put_object(Bucket="roots", Key="roots/000000000001.json", Body=forged)
    assert anchors.all() == [root(1), root(2)]


def test_not_even_the_stores_administrator_removes_a_root_before_its_time(
    anchors: S3Anchors, store: Store
) -> None:
    client, key = store.client(), "roots/000000000007.json"
    anchors.lay(root(7))
    about = {"Bucket": "roots", "Key": key}
    version = client.head_object(**about)["VersionId"]
    lock = client.get_object_retention(**about, VersionId=version)["Retention"]
    assert lock["Mode"] == "COMPLIANCE"
    for bypass in (False, True):
        with pytest.raises(ClientError) as refused:
            client.delete_object(**about, VersionId=version, BypassGovernanceRetention=bypass)
        assert refused.value.response["Error"]["Code"] == "AccessDenied"
    # The naive twin: an object without lock is gone for good.
    client.put_object(Bucket="roots", Key="unlocked", Body=b"root")
    unlocked = client.head_object(Bucket="roots", Key="unlocked")["VersionId"]
    client.delete_object(Bucket="roots", Key="unlocked", VersionId=unlocked)
    with pytest.raises(ClientError):
        client.head_object(Bucket="roots", Key="unlocked", VersionId=unlocked)
