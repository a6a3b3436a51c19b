"""A batch file of claims, and a stream of honest and dishonest ones, through the whole stack."""

from __future__ import annotations

import asyncio
import csv
import json
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner, Result

from crossclaim.bench.claim_speed import Sender, figures_of
from crossclaim.bench.claim_stream import INSURER, clean_claim, stream
from crossclaim.cli.application import app
from crossclaim.seed import KEYS_FILE
from crossclaim.stack import Stack
from crossclaim.wiring import worker_house
from tests.flows.claim_batch import rows_of, write

CLAIMS = 5


def keys(stack: Stack) -> dict[str, str]:
    found: dict[str, str] = json.loads((stack.home.root / KEYS_FILE).read_text())
    return found


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    bodies = [clean_claim(Random(number), 41, number) for number in range(CLAIMS)]
    return write(tmp_path / "batch.csv", [row for body in bodies for row in rows_of(body)])


def kept(stack: Stack) -> int:
    """Submissions of the batch that are ours."""
    house = worker_house(stack.settings)
    with house.database.begin() as connection:
        found: int = connection.execute(
            "select count(*)::integer from submission where business_key like 'claim/BC-41-%%'"
        ).scalar_one()
    house.database.close()
    return found


def sent(stack: Stack, file: Path, *options: str) -> Result:
    key = file.with_suffix(".key")
    key.write_text(f"{keys(stack)[INSURER]}\n", encoding="utf-8")
    words = ["claims", "import", str(file), f"--api={stack.urls.api}", f"--key-file={key}"]
    return CliRunner().invoke(app, [*words, "--json", *options])


def test_a_batch_is_checked_taken_and_answered_the_same_when_it_comes_again(
    flow_stack: Stack, batch: Path, tmp_path: Path
) -> None:
    checked = sent(flow_stack, batch, "--dry-run")
    assert checked.exit_code == 0, checked.output
    assert json.loads(checked.stdout)["claims"]["clean"] == CLAIMS
    assert kept(flow_stack) == 0, "a check keeps nothing"
    results = tmp_path / "results.csv"
    first = sent(flow_stack, batch, f"--results={results}")
    assert first.exit_code == 0, first.output
    told = json.loads(first.stdout)
    assert told["claims"] == {"taken": CLAIMS, "clean": 0, "refused": 0, "not_sent": 0}
    assert len({one["claim_id"] for one in told["results"]}) == CLAIMS
    with results.open(encoding="utf-8", newline="") as opened:
        assert list(csv.DictReader(opened)) == told["results"]
    assert json.loads(sent(flow_stack, batch).stdout) == told
    assert kept(flow_stack) == CLAIMS


def test_a_fault_is_told_by_row_and_column_and_holds_no_other_claim_up(
    flow_stack: Stack, tmp_path: Path
) -> None:
    bodies = [clean_claim(Random(number), 42, number) for number in range(3)]
    rows = [rows_of(body) for body in bodies]
    for row in rows[1]:
        row["document_number"] = "A123456(7)"
    rows[1][0]["amount"] = "1.005"
    rows[2][-1]["account_holder"] = "=SOMEBODY ELSE"
    file = write(tmp_path / "faulty.csv", [row for claim in rows for row in claim])
    for option in ("--dry-run", "--lang=en"):
        done = sent(flow_stack, file, option)
        assert done.exit_code == 1
        told = json.loads(done.stdout)
        assert told["claims"]["refused"] == 2
        wrong = [one for one in told["results"] if one["code"]]
        places = {(one["row"], name) for one in wrong for name in one["column"].split("; ")}
        at = 2 + len(rows[0])
        assert {(str(at), "document_number"), (str(at), "amount")} <= places
        assert "A123456" not in done.stdout


def test_every_honest_claim_is_decided_alone_and_no_other_one_approved_by_itself(
    flow_stack: Stack,
) -> None:
    house = worker_house(flow_stack.settings)
    sender = Sender(flow_stack.urls.api, keys(flow_stack), house)
    drawn = stream(43, 44, dirty_share=0.25)
    given = asyncio.run(sender.send(drawn, 4.0, lambda: None))
    found = figures_of(given, sender.ends(given), 4.0, 43)
    house.database.close()
    assert found.decided_alone == 1.0, found.ends
    assert found.dirty_approved == 0, found.ends
    assert len(found.ends) == 12
