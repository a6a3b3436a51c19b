"""A pytest plugin that notes which lines of the changed modules each test walks over."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from types import FrameType
from typing import Any

import pytest

from tests.mutation.scope import DOMAIN, MODULES, REPOSITORY

AT_IMPORT = "(import)"
_PATHS = {str(REPOSITORY / DOMAIN / f"{module}.py"): module for module in MODULES}
_hits: defaultdict[str, set[int]] = defaultdict(set)
_seconds: dict[str, float] = {}
_found: dict[str, dict[str, list[int]]] = {}


def _called(frame: FrameType, event: str, arg: Any) -> Any:
    module = _PATHS.get(frame.f_code.co_filename)
    if module is None:
        return None
    lines = _hits[module]

    def walked(frame: FrameType, event: str, arg: Any) -> Any:
        lines.add(frame.f_lineno)
        return walked

    return walked


def _keep(name: str) -> None:
    _found[name] = {module: sorted(lines) for module, lines in _hits.items() if lines}
    _hits.clear()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lines-to", type=Path, required=True)


def pytest_configure() -> None:
    sys.settrace(_called)


def pytest_collection_finish() -> None:
    _keep(AT_IMPORT)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    begun = process_time()
    sys.settrace(_called)
    result = yield
    _seconds[item.nodeid] = process_time() - begun
    _keep(item.nodeid)
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    sys.settrace(None)
    if not session.testsfailed:
        written = {"seconds": _seconds, "lines": _found}
        session.config.getoption("--lines-to").write_text(json.dumps(written))
