"""The figures do not depend on the number of processes, and few claims are held at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from crossclaim.backtest.claims import json_line
from crossclaim.backtest.fault import ClaimsRefused
from crossclaim.backtest.report import rows
from crossclaim.backtest.run import CLAIMS_AT_ONCE, Portion, backtest, from_file, in_order, invented
from crossclaim.backtest.synthetic import synthetic_claim
from crossclaim.domain.backtest_tally import Tally
from tests.backtest.scene import insurer_plan, under

COMPARISON = under(insurer_plan("{2019-04-01: 12000}"))
COUNT = 2 * CLAIMS_AT_ONCE + 7


def run(portions: Iterator[Portion], processes: int = 1) -> Tally:
    counted: list[int] = []
    found = backtest(portions, COMPARISON, processes=processes, progress=counted.append)
    assert sum(counted) == found.claims
    return found


def test_two_processes_count_what_one_counts() -> None:
    alone, both = run(invented(COUNT, 9)), run(invented(COUNT, 9), processes=2)
    assert alone.claims == COUNT
    assert rows(both) == rows(alone)
    assert both.most_moved == alone.most_moved
    assert (both.moved, both.refused_changed) == (alone.moved, alone.refused_changed)


def test_claims_from_a_file_count_as_the_same_claims_invented(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    lines = (json_line(synthetic_claim(9, number)) for number in range(COUNT))
    path.write_text("\n".join(lines), encoding="utf-8")
    assert rows(run(from_file(path))) == rows(run(invented(COUNT, 9)))


def test_no_more_portions_are_read_than_are_under_way() -> None:
    read: list[int] = []
    done: list[int] = []

    def portions() -> Iterator[list[object]]:
        for number in range(50):
            read.append(number)
            yield [number]

    with ThreadPoolExecutor(2) as pool:
        for answer in in_order(pool, lambda portion: portion, portions(), 6):  # type: ignore[arg-type]
            assert len(read) - len(done) <= 6
            done.append(answer[0])  # type: ignore[arg-type]
    assert done == list(range(50))


def test_a_wrong_claim_ends_the_run_in_two_processes_too(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    good = json_line(synthetic_claim(9, 0))
    path.write_text(f"{good}\n{good}\n{{}}\n{good}\n", encoding="utf-8")
    for processes in (1, 2):
        with pytest.raises(ClaimsRefused, match=r"^claims\.jsonl:3: episode: Field required"):
            run(from_file(path), processes)


def test_no_claims_are_no_answer(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(ClaimsRefused, match="There are no claims to compare"):
        run(from_file(path))
