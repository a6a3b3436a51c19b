"""Every step that a workflow may order is served by some worker."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DEFINED = re.compile(r'@activity\.defn\(name="([a-z_]+)"\)\s+(?:async )?def ([a-z_]+)\(')


def unserved(registry: str) -> list[str]:
    """Methods of activities that the registry's text does not name."""
    sources = (file.read_text("utf-8") for file in sorted((ROOT / "activities").glob("*.py")))
    methods = [method for text in sources for _, method in DEFINED.findall(text)]
    assert len(methods) > 30, "the pattern finds the steps"
    return [method for method in methods if not re.search(rf"\.{method}\b", registry)]


def test_every_step_is_served_by_a_queue() -> None:
    assert unserved((ROOT / "workers" / "registry.py").read_text("utf-8")) == []


def test_a_step_that_nobody_serves_is_noticed() -> None:
    registry = (ROOT / "workers" / "registry.py").read_text("utf-8")
    assert unserved(registry.replace("payouts.note_late_payout,", "")) == ["note_late_payout"]
