"""The register of scenarios: every row of the twelve has its cases, and every table is run."""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.rules import scenario_runs
from tests.rules.scenario_runs import HERE
from tests.rules.test_tables import Case

ROWS: tuple[Case, ...] = scenario_runs.table("scenario-rows.yaml")
NOT_CASES = {"scenario-rows.yaml"}
OWN_RUNS = {
    "decisions.yaml",
    "trial-balances.yaml",
    "voucher-account.yaml",
    "guarantee-letters.yaml",
    "withdrawn-split.yaml",
}
"""Tables that tell nobody anything; their own tests run them."""
FORMAT = {"name", "period", "input", "output", "trace", "plan"}


def tables() -> list[str]:
    return sorted({path.name for path in HERE.glob("*.yaml")} - NOT_CASES)


def named(row: Case) -> Iterator[tuple[str, str]]:
    for file, names in row.items():
        if file not in ("row", "tests"):
            yield from ((file, name) for name in names)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["row"])
def test_a_row_of_a_scenario_is_proved_by_cases_that_exist(row: Case) -> None:
    cases, functions = list(named(row)), row.get("tests", [])
    assert cases or functions
    for file, name in cases:
        assert any(one["name"] == name for one in scenario_runs.table(file)), (file, name)
    for function in functions:
        module, _, test = function.partition(".")
        assert callable(getattr(importlib.import_module(f"tests.rules.{module}"), test))


def test_every_scenario_has_rows_and_every_case_that_names_one_stands_in_them() -> None:
    scenarios = {row["row"].split()[0] for row in ROWS}
    assert scenarios == {f"E{n}" for n in range(1, 13)}
    registered = {pair for row in ROWS for pair in named(row)}
    named_after = {
        (file, case["name"])
        for file in tables()
        if re.match(r"e(\d+)-", file)
        for case in scenario_runs.table(file)
        if re.fullmatch(r"E\d+ as it was", case["name"])
    }
    assert named_after <= registered


def test_every_row_is_told_once() -> None:
    assert max(Counter(row["row"] for row in ROWS).values()) == 1


def test_every_table_is_run() -> None:
    assert set(tables()) == set(scenario_runs.RUNS) | OWN_RUNS


@pytest.mark.parametrize("file", tables())
def test_every_case_has_one_form_and_a_name_of_its_own(file: str) -> None:
    cases = scenario_runs.table(file)
    assert max(Counter(case["name"] for case in cases).values()) == 1
    for case in cases:
        assert set(case) <= FORMAT, case["name"]
        assert {"name", "input", "output"} <= set(case), case["name"]
