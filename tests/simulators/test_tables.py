"""The tables that simulators decide by say each thing once."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import pytest
import yaml

from crossclaim.simulators import process

TABLES = sorted((Path(process.__file__).parent / "data").glob("*.yaml"))


class Once(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping, which YAML takes silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value if key.value != "<<"]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"{twice} stand twice, line {node.start_mark.line + 1}")
        return super().construct_mapping(node, deep)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.stem))
def test_no_key_of_a_table_stands_twice(table: Path) -> None:
    assert yaml.load(table.read_text("utf-8"), Once), "a table holds rows"


def test_a_key_that_stands_twice_is_found() -> None:
    with pytest.raises(ValueError, match="'P1'"):
        yaml.load("persons:\n  P1: {a: 1}\n  P1: {a: 2}\n", Once)
