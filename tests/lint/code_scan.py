"""bandit over everything that is shipped, against the findings that are known and explained.

A finding that `known.yaml` does not explain, for its file and as often, is red.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import yaml

KNOWN = Path(__file__).with_name("known.yaml")
ROOMS = ("crossclaim", "activities", "workflows", "workers")


def findings(rooms: tuple[str, ...]) -> list[dict[str, Any]]:
    words = ["-m", "bandit", "--quiet", "--recursive", "--format", "json", "--skip", "B101"]
    done = subprocess.run([sys.executable, *words, *rooms], capture_output=True, check=False)
    told = json.loads(done.stdout)
    if told["errors"]:
        raise SystemExit(f"bandit could not read: {told['errors']}")
    return list(told["results"])


def unexplained(found: list[dict[str, Any]], known: dict[str, Any]) -> list[str]:
    """The findings of each test and file of which there are more than `known` explains."""
    counts = Counter((one["test_id"], place_of(one["filename"])) for one in found)
    allowed = {
        (test, file): count
        for test, explained in known.items()
        for group in explained
        for file, count in group["files"].items()
    }
    return [
        f"{one['filename']}:{one['line_number']}: {one['test_id']} {one['issue_text']}"
        for one in found
        for key in [(one["test_id"], place_of(one["filename"]))]
        if counts[key] > allowed.get(key, 0)
    ]


def place_of(filename: str) -> str:
    return Path(filename).as_posix().removeprefix("./")


def main() -> None:
    known = yaml.safe_load(KNOWN.read_text("utf-8"))["code"]
    lines = unexplained(findings(ROOMS), known)
    if lines:
        raise SystemExit("\n".join([*lines, f"mend them, or explain them in {KNOWN.name}"]))


if __name__ == "__main__":
    main()
