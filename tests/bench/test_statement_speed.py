"""A statement with planted faults: each is found, nothing else is, and memory stays small.

At full size it is the statement of 100,000 entries; its time is measured and not asserted.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from crossclaim.bench.statement import StatementFigures, measure, planted

ENTRIES = 100_000 if os.environ.get("CROSSCLAIM_FULL") else 2_000
MOST_MIB = 500


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> StatementFigures:
    """In a process of its own: the memory of this one is that of all tests before."""
    home = tmp_path_factory.mktemp("statement") / "home"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(measure, ENTRIES, home).result()


def test_every_planted_fault_is_found_and_nothing_else(figures: StatementFigures) -> None:
    kinds = Counter(planted(number) for number in range(1, ENTRIES + 1))
    assert figures.statuses == {
        "matched": ENTRIES - kinds["missing"] - kinds["over"] - kinds["split"],
        "duplicate": kinds["doubled"],
        "missing": kinds["foreign"],
        "over": kinds["over"],
        "split": 2 * kinds["split"],
        "ours matched": ENTRIES - kinds["missing"] - kinds["over"] - kinds["split"],
        "ours missing": kinds["missing"],
        "ours over": kinds["over"],
        "ours split": kinds["split"],
    }


def test_memory_stays_below_what_was_promised(figures: StatementFigures) -> None:
    assert figures.peak_mib < MOST_MIB
