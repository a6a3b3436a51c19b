"""Several processes share the suite: each starts its stacks on ports of its own."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import HealthCheck, settings

from tests.together import TogetherScheduling, rank

# How long an example takes to draw says how busy the cores are, and nothing of what is promised.
settings.register_profile("busy", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("busy")

FIRST_PORT, LAST_PORT = 20000, 31999


def pytest_configure() -> None:
    """Before anything is started: stacks that begin at once never choose the same port."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not worker:
        return
    count = int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    width = (LAST_PORT + 1 - FIRST_PORT) // count
    first = FIRST_PORT + int(worker.removeprefix("gw")) * width
    os.environ["CROSSCLAIM_PORT_RANGE"] = f"{first}-{first + width - 1}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: rank(item.nodeid))


def pytest_collection_finish() -> None:
    """Thousands of tests stay to the end; the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> TogetherScheduling:
    """The processes' share of the work, in the order of the collection."""
    config.option.loadscopereorder = False
    return TogetherScheduling(config, log)
