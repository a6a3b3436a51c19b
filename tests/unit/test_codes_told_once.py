"""A code has one meaning: no table of sentences takes another one's place unseen."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import crossclaim.domain


def tables_of(ending: str) -> dict[str, dict[str, Any]]:
    """Every table of a kind, in whichever file of sentences it stands."""
    folder = Path(crossclaim.domain.__file__).parent
    names = sorted(p.stem for p in folder.glob("*sentences*.py"))
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        module = import_module(f"crossclaim.domain.{name}")
        for member, table in vars(module).items():
            if member.endswith(ending) and isinstance(table, dict):
                found.setdefault(str(id(table)), table)
    return found


@pytest.mark.parametrize("ending", ["EXCEPTIONS", "TO_DO"])
def test_no_two_tables_say_of_one_code_what_it_means(ending: str) -> None:
    tables = tables_of(ending)
    assert len(tables) > 3
    told = Counter(code for table in tables.values() for code in table)
    assert {code for code, times in told.items() if times > 1} == set()
