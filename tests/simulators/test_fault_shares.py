"""Faults for a share: the same ones for the same seed, each once, in whatever order they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossclaim.simulators.faults import Fault, FaultScript
from crossclaim.simulators.state import State

NUMBERS = [f"KM-{number}" for number in range(2000)]


def script(folder: Path, *, seed: int = 1, share: float = 0.05) -> FaultScript:
    made = FaultScript(State(folder, "", "NORMAL"), frozenset({"pend"}))
    made.replace([Fault(fault="pend", times=-1, share=share, by="policy_number", seed=seed)])
    return made


def struck(faults: FaultScript, numbers: list[str]) -> set[str]:
    return {one for one in numbers if faults.take(operation="claim", policy_number=one)}


def test_a_share_strikes_about_so_many_and_the_same_ones_in_any_order(tmp_path: Path) -> None:
    found = struck(script(tmp_path / "a"), NUMBERS)
    assert 60 <= len(found) <= 140
    assert struck(script(tmp_path / "b"), NUMBERS[::-1]) == found
    assert struck(script(tmp_path / "c", seed=2), NUMBERS) != found


def test_a_share_strikes_each_once_also_after_a_restart(tmp_path: Path) -> None:
    first = script(tmp_path)
    assert struck(first, NUMBERS) and struck(first, NUMBERS) == set()
    again = FaultScript(State(tmp_path, "", "NORMAL"), frozenset({"pend"}))
    assert struck(again, NUMBERS) == set()


def test_a_request_without_the_member_that_is_drawn_from_is_never_struck(tmp_path: Path) -> None:
    faults = script(tmp_path, share=0.999)
    assert faults.take(operation="claim", reference="CL1") is None


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_is_a_part_of_the_whole(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        Fault(fault="pend", share=share)
