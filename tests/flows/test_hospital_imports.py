"""A hospital's files through the whole stack: its episodes, and then their bills, split."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from typer.testing import CliRunner, Result

from crossclaim.cli.application import app
from crossclaim.domain import bill_file, episode_file
from crossclaim.seed import KEYS_FILE
from crossclaim.stack import Stack
from tests.flows.hospital import Hospital
from tests.flows.inpatient_stay import InpatientStay
from tests.web.hospital_rows import bill_rows, episode_rows


def write(file: Path, columns: Sequence[str], rows: list[dict[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, columns)
        out.writeheader()
        out.writerows(rows)
    return file


def sent(stack: Stack, what: str, file: Path, *options: str) -> Result:
    keys: dict[str, str] = json.loads((stack.home.root / KEYS_FILE).read_text())
    key = file.with_suffix(".key")
    key.write_text(keys["hku-szh"])
    words = ["import", what, str(file), f"--api={stack.urls.api}", f"--key-file={key}", "--json"]
    return CliRunner().invoke(app, [*words, *options])


def test_the_bills_of_a_file_find_the_episodes_that_a_file_has_opened(
    flow_stack: Stack, shenzhen: Hospital, tmp_path: Path
) -> None:
    stays = [InpatientStay(shenzhen) for _ in range(2)]
    rows = [row for stay in stays for row in episode_rows(stay.submission)]
    opened = sent(flow_stack, "episodes", write(tmp_path / "e.csv", episode_file.COLUMNS, rows))
    assert json.loads(opened.stdout)["episodes"]["taken"] == 2, opened.output
    episodes = [line["episode_id"] for line in json.loads(opened.stdout)["results"]]
    bills = [
        row for stay in stays for row in bill_rows(stay.interim, stay.submission["visit"]["number"])
    ]
    file = write(tmp_path / "b.csv", bill_file.COLUMNS, bills)
    assert json.loads(sent(flow_stack, "bills", file, "--dry-run").stdout)["bills"]["clean"] == 2
    taken = sent(flow_stack, "bills", file)
    told = json.loads(taken.stdout)
    assert told["bills"]["taken"] == 2, taken.output
    assert {line["episode_id"] for line in told["results"]} == set(episodes)
    for episode in episodes:
        (bill,) = shenzhen.get(f"/v1/episodes/{episode}").json()["bills"]
        assert bill["status"] == "interim"
