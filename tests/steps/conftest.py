"""One PostgreSQL for the folder; every test has visits and policy numbers of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.stack import Part, Stack
from crossclaim.wiring import api_house, worker_house
from tests.steps.rig import Rig


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    parts = frozenset({Part.POSTGRES})
    home = tmp_path_factory.mktemp("steps")
    with Stack.start(home, parts=parts, port_base=0, supervise=False) as stack:
        yield stack


@pytest.fixture(scope="package")
def rig(stack: Stack) -> Iterator[Rig]:
    worker, api = worker_house(stack.settings), api_house(stack.settings)
    yield Rig.of(worker, api)
    worker.database.close()
    api.database.close()
