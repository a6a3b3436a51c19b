"""A pytest plugin that imports one changed module in the place of the real one, and tests it."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


class Instead:
    """Finds the changed source for that one module."""

    def __init__(self, module: str, file: Path) -> None:
        self.module, self.file = module, file

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self.module:
            return None
        return importlib.util.spec_from_file_location(name, self.file)


_asked: dict[str, Any] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mutant", type=Path, required=True)


def pytest_configure(config: pytest.Config) -> None:
    _asked.update(json.loads(config.getoption("--mutant").read_text("utf-8")))
    assert _asked["module"] not in sys.modules
    sys.meta_path.insert(0, Instead(_asked["module"], Path(_asked["file"])))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: at for at, name in enumerate(_asked["tests"])}
    items[:] = sorted(
        (item for item in items if item.nodeid in order), key=lambda item: order[item.nodeid]
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    if call.excinfo is not None:
        killed_by(Path(_asked["verdict"]), item.nodeid)


def killed_by(verdict: Path, test: str) -> None:
    """The first test that notices is enough; what it would say of it is not even worded."""
    verdict.write_text(test, "utf-8")
    os._exit(1)
