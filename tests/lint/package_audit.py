"""pip-audit over the lock files; a package that nobody could look up is as bad as a known hole.

pip-audit by itself tells of such a package in passing and ends well.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

LOCKS = ("requirements.lock", "requirements-dev.lock")


def pinned(lock: str) -> set[str]:
    """The names in a lock file, as the index writes them."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", lock, re.MULTILINE)
    return {normal(name) for name in found}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def wrong(told: dict[str, Any], names: set[str]) -> list[str]:
    """What speaks against the packages: a known hole, or that nothing is known."""
    told_of = {normal(one["name"]): one for one in told.get("dependencies", [])}
    lines = [f"{name}: not looked up" for name in sorted(names - told_of.keys())]
    for name, one in sorted(told_of.items()):
        if "skip_reason" in one or "version" not in one:
            lines.append(f"{name}: not looked up: {one.get('skip_reason', 'no version')}")
        lines += [f"{name} {one['version']}: {hole['id']}" for hole in one.get("vulns", [])]
    return lines


def audited(lock: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as place:
        answer = Path(place) / "answer.json"
        words = ["-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json"]
        done = subprocess.run(
            [sys.executable, *words, "--output", str(answer), "--requirement", str(lock)],
            capture_output=True,
            text=True,
            check=False,
        )
        told = json.loads(answer.read_text("utf-8")) if answer.exists() else {}
    lines = wrong(told, pinned(lock.read_text("utf-8")))
    if done.returncode and not lines:
        lines = [done.stderr.strip()]
    return [f"{lock}: {line}" for line in lines]


def main() -> None:
    lines = [line for lock in LOCKS for line in audited(Path(lock))]
    if lines:
        raise SystemExit("\n".join(lines))


if __name__ == "__main__":
    main()
