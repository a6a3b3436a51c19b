"""Legal holds and versions on a real S3 store."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from crossclaim.domain.errors import NotFound
from crossclaim.gateways.document_holds import DocumentHolds
from tests.gateways.object_store import Store

KEY = "ep_1/documents/abc"


def test_a_held_document_is_not_removed_by_anybody_until_it_is_released(store: Store) -> None:
    s3, bucket = store.client(), "held"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key=KEY, Body=b"before there were versions")
    s3.put_object(Bucket=bucket, Key=f"{KEY}-other", Body=b"another")
    holds = DocumentHolds(s3, bucket)
    assert [one.held for one in holds.versions(KEY)] == [False]
    assert holds.hold(KEY)[0].held
    s3.put_object(Bucket=bucket, Key=KEY, Body=b"a second version")
    newest, first = holds.hold(KEY)[:2]
    assert (newest.newest, newest.held, first.held) == (True, True, True)
    kept = s3.get_object(Bucket=bucket, Key=KEY, VersionId=first.version)
    assert kept["Body"].read() == b"before there were versions"
    for one in (newest, first):
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.delete_object(Bucket=bucket, Key=KEY, VersionId=one.version)
    # Without a version only a mark is set over it: what is held is there.
    s3.delete_object(Bucket=bucket, Key=KEY)
    assert {newest.version, first.version} <= {one.version for one in holds.versions(KEY)}
    assert not any(one.held for one in holds.versions(f"{KEY}-other"))
    for one in holds.release(KEY):
        assert not one.held
        s3.delete_object(Bucket=bucket, Key=KEY, VersionId=one.version)
    with pytest.raises(NotFound):
        holds.versions(KEY)


def test_without_a_hold_a_version_is_removed_so_that_the_refusal_means_something(
    store: Store,
) -> None:
    s3, bucket = store.client(), "not-held"
    s3.create_bucket(Bucket=bucket)
    holds = DocumentHolds(s3, bucket)
    s3.put_object(Bucket=bucket, Key=KEY, Body=b"x")
    (one,) = holds.versions(KEY)
    s3.delete_object(Bucket=bucket, Key=KEY, VersionId=one.version)
    with pytest.raises(NotFound):
        holds.hold(KEY)
