"""Which tests share a process and a stack, and which are begun first.

A started stack costs more processor time than most tests that use it, and goes on costing while it
idles. So the tests of one stack run in one process, one after the other, and the long ones begin.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from xdist.scheduler.loadscope import LoadScopeScheduling

OF_ONE_STACK = ("tests/faults", "tests/flows", "tests/steps")
"""Folders whose tests use one stack together."""
STACKS_OF_THEIR_OWN = frozenset(
    {"tests/flows/test_two_stage_claims.py", "tests/flows/test_voucher_months.py"}
)
SKIPPING_TIME = frozenset(
    {
        "tests/replay/test_binding_years.py",
        "tests/replay/test_timers.py",
        "tests/replay/test_voucher_timers.py",
        "tests/steps/test_credit_years.py",
        "tests/steps/test_information_days.py",
        "tests/steps/test_withdrawal_days.py",
    }
)
"""Each starts a server that skips time; two that start at once may be given one port, and then one
of them serves both. So they are one turn."""
SECOND_HALF_FROM = "tests/steps/test_i"
"""Steps need nothing but a PostgreSQL: two turns have one each, and no process ends alone."""
LONGEST_FIRST = (
    "tests/faults",
    "tests/flows",
    "tests/e2e/test_cli.py",
    "tests/soak",
    "tests/bench",
    "tests/stack",
    "tests/e2e",
    "tests/flows/test_two_stage_claims.py",
    "tests/flows/test_voucher_months.py",
    "tests/steps",
    "tests/steps/later",
    "tests/backtest",
    "tests/web",
)


class TogetherScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Sends the tests that share a stack to one process; the others file by file."""

    def _split_scope(self, nodeid: str) -> str:
        return turn_of(nodeid)


def turn_of(nodeid: str) -> str:
    """The folder of one stack that a test belongs to; else its file."""
    file = nodeid.partition("::")[0]
    if file in SKIPPING_TIME:
        return "tests/steps"
    if file.startswith("tests/steps/") and file >= SECOND_HALF_FROM:
        return "tests/steps/later"
    folder = str(PurePosixPath(file).parent)
    return folder if folder in OF_ONE_STACK and file not in STACKS_OF_THEIR_OWN else file


def rank(nodeid: str) -> int:
    """Smaller begins earlier."""
    turn = turn_of(nodeid)
    places: Iterable[int] = (
        place
        for place, long in enumerate(LONGEST_FIRST)
        if turn == long or (turn.startswith(f"{long}/") and long not in OF_ONE_STACK)
    )
    return min(places, default=len(LONGEST_FIRST))
