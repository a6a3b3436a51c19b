"""The results of a batch file of claims, as a spreadsheet opens them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crossclaim.cli.claim_import import RESULT_COLUMNS, _write


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", " =1+1", "\u3000@x", "\n-1"])
def test_no_cell_of_a_result_is_a_formula_whatever_stands_before_its_sign(
    tmp_path: Path, text: str
) -> None:
    results = tmp_path / "results.csv"
    _write(results, [dict.fromkeys(RESULT_COLUMNS, "") | {"claim_number": text}])
    with results.open(encoding="utf-8", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert row["claim_number"] == f"'{text}"
