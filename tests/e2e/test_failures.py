"""What fails in real life, as the command plays it: every code, every wait and every fen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from crossclaim.demo.failures.catalogue import read_catalogue
from crossclaim.seed import EXAMPLES


def test_every_failure_of_every_system_is_played_and_comes_out_as_the_catalogue_says(
    tmp_path: Path,
) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CROSSCLAIM")}
    words = ("demo", "--failures", "--json", "--lang=zh-Hant", "--port-base=0")
    done = subprocess.run(
        [sys.executable, "-m", "crossclaim.cli", *words, f"--data-dir={tmp_path}"],
        env=plain,
        capture_output=True,
        text=True,
        timeout=420,
        check=False,
    )
    told = json.loads(done.stdout) if done.stdout else {}
    wrong = [(one["name"], one["wrong"]) for one in told.get("failures", []) if one["wrong"]]
    assert (done.returncode, wrong) == (0, []), done.stderr[-2000:]
    catalogue = read_catalogue(EXAMPLES)
    assert [one["name"] for one in told["failures"]] == [f.name for f in catalogue.failures]
    for one in told["failures"]:
        if one["failing"] and one["failing"]["exceptions"]:
            story = " ".join(line["text"] for line in one["failing"]["story"])
            assert "須由人員" in story, one["name"]
