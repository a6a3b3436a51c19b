"""One running stack of engines for the tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crossclaim.stack import ENGINES, Stack
from tests.prepared import prepared_home


@pytest.fixture(scope="package")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = prepared_home(tmp_path_factory, "engines")
    with Stack.start(home, parts=ENGINES, port_base=0, supervise=False) as stack:
        yield stack
