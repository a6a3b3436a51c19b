"""One object store for the folder; every test has buckets or keys of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateways.object_store import Store, running_store


@pytest.fixture(scope="package")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running_store(tmp_path_factory.mktemp("weed")) as running:
        yield running
