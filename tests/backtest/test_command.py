"""``crossclaim plans`` as a person types it: tables, JSON, CSV, and one sentence for each error."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from crossclaim.backtest.claims import json_line
from crossclaim.cli.application import app
from crossclaim.cli.backtest import BAR_CELLS, bar
from crossclaim.domain.errors import CrossclaimError
from crossclaim.plans.loader import load_plans
from tests.backtest.scene import INSURER_FILE, changed_file, insurer_text
from tests.rules import facts as given


def plans(*words: str) -> Result:
    return CliRunner().invoke(app, ["plans", *words])


def said(result: Result) -> str:
    """The sentence that `main` prints for what a command raises."""
    assert isinstance(result.exception, CrossclaimError), result.output
    return result.exception.detail


def test_check_lists_every_plan_as_table_and_as_json() -> None:
    ids = {plan.id for plan in load_plans(demonstration=True).plans}
    table, as_json = plans("check"), json.loads(plans("check", "--json").stdout)
    assert all(plan in table.stdout for plan in ids)
    assert {plan["id"] for plan in as_json["plans"]} == ids and as_json["faults"] == []


def test_check_of_one_wrong_file_names_file_line_key_and_what_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / INSURER_FILE
    path.write_text(insurer_text("{2019-04-01: eight}"), encoding="utf-8")
    told = plans("check", str(path))
    assert told.exit_code == 1
    assert "parameters.deductible.per_year" in told.stderr and "8000.00" in told.stderr
    as_json = plans("check", str(path), "--json")
    assert as_json.exit_code == 1
    (fault,) = json.loads(as_json.stdout)["faults"]
    assert (fault["file"], fault["allowed"]) == (INSURER_FILE, "8000 or 8000.00")
    assert "no file or folder" in said(plans("check", str(tmp_path / "none")))


def test_show_prints_the_values_of_the_day() -> None:
    before = plans("show", "voucher-ehcv-gba", "--on", "2023-11-12").stdout
    since = plans("show", "voucher-ehcv-gba", "--on", "2023-11-13").stdout
    assert "reward.amount" not in before and "reward.amount" in since
    assert "HKD/year 500.00" in since and "(assumption)" in since
    assert "No value of this plan" in plans("show", "voucher-ehcv-gba", "--on", "1990-01-01").stdout
    assert "voucher-ehcv-gba" in said(plans("show", "voucher"))


def test_diff_compares_a_plan_of_the_program_with_a_file(tmp_path: Path) -> None:
    path = str(changed_file(tmp_path))
    table = plans("diff", "vhis-standard-hk", path).stdout
    assert "deductible.per_year" in table and "+12.5 %" in table and "open" in table
    (change,) = json.loads(plans("diff", path, "vhis-standard-hk", "--json").stdout)["values"]
    assert (change["before"], change["after"]) == ("HKD/year 9000.00", "HKD/year 8000.00")
    assert "Nothing differs." in plans("diff", path, path).stdout
    assert "neither a rule file nor a plan" in said(plans("diff", path, "vhis"))


def test_backtest_prints_tables_and_writes_csv_and_claims(tmp_path: Path) -> None:
    changed, out, saved = changed_file(tmp_path), tmp_path / "out.csv", tmp_path / "c.jsonl"
    words = ["backtest", str(changed), "--processes", "1"]
    invented = ["--synthetic", "60", "--seed", "4"]
    shown = plans(*words, *invented, "--csv", str(out), "--save-claims", str(saved))
    assert shown.exit_code == 0, shown.output
    for title in ("By payer", "What patients pay, by hospital", "by month", "Patients who move"):
        assert title in shown.stdout
    rows = list(csv.DictReader(out.open(encoding="utf-8")))
    assert {row["payer"] for row in rows} >= {"patient", "vhis-standard-hk"}
    from_file = json.loads(plans(*words, "--claims", str(saved), "--json").stdout)
    assert from_file["claims"] == 60
    assert [{k: str(v) for k, v in row.items()} for row in from_file["sums"]] == rows
    assert from_file["running"].keys() == from_file["changed"].keys()
    assert from_file["running"]["vhis-standard-hk"] != from_file["changed"]["vhis-standard-hk"]


def test_backtest_takes_a_folder_of_changed_plans(tmp_path: Path) -> None:
    changed_file(tmp_path)
    shown = plans("backtest", str(tmp_path), "--synthetic", "5", "--processes", "1")
    assert shown.exit_code == 0 and "vhis-standard-hk: version" in shown.stdout


def test_backtest_refuses_wrong_use_with_a_sentence(tmp_path: Path) -> None:
    changed = str(changed_file(tmp_path))
    assert "either --claims FILE or --synthetic N" in said(plans("backtest", changed))
    both = plans("backtest", changed, "--synthetic", "1", "--claims", "x.jsonl")
    assert "either --claims FILE or --synthetic N" in said(both)
    missing = plans("backtest", changed, "--claims", str(tmp_path / "none.jsonl"))
    assert "There is no file" in said(missing)
    nowhere = str(tmp_path / "no" / "out.csv")
    csv_fault = plans("backtest", changed, "--synthetic", "1", "--processes", "1", "--csv", nowhere)
    assert "cannot be written" in said(csv_fault)
    twice = plans("backtest", changed, changed, "--synthetic", "1")
    assert "given twice" in said(twice)
    stranger = tmp_path / "my-plan.yaml"
    text = insurer_text("{2019-04-01: 8000}").replace("id: vhis-standard-hk", "id: my-plan", 1)
    stranger.write_text(text, encoding="utf-8")
    assert "changes no running plan" in said(plans("backtest", str(stranger), "--synthetic", "1"))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no rule file" in said(plans("backtest", str(empty), "--synthetic", "1"))


def test_backtest_refuses_a_changed_plan_with_faults_and_prints_no_figure(tmp_path: Path) -> None:
    changed = changed_file(tmp_path, "{2019-04-01: 1.234}")
    told = plans("backtest", str(changed), "--synthetic", "5")
    assert told.exit_code == 1 and told.stdout == ""
    assert f"{INSURER_FILE}:" in told.stderr


def test_speed_measures_the_bill_that_was_asked_for(tmp_path: Path) -> None:
    stay, visit = json.loads(plans("speed", "--lines", "30", "--times", "2", "--json").stdout)
    assert (stay["lines"], stay["funders"], stay["refused"]) == (30, 2, False)
    assert (visit["lines"], visit["funders"], visit["refused"]) == (30, 4, False)
    saved = tmp_path / "claims.jsonl"
    saved.write_text(json_line(given.voucher_facts()), encoding="utf-8")
    table = plans("speed", "--claims", str(saved), "--times", "2").stdout
    assert given.voucher_facts().bill.number in table and "median ms" in table


@pytest.mark.parametrize(
    ("amount", "widest", "shown"),
    [
        (0, 0, " " * 10 + "│" + " " * 10),
        (100, 100, " " * 10 + "│" + "█" * 10),
        (-100, 100, "█" * 10 + "│" + " " * 10),
        (1, 100, " " * 10 + "│" + "█" + " " * 9),
        (-50, 100, " " * 5 + "█" * 5 + "│" + " " * 10),
    ],
)
def test_a_bar_points_left_for_less_and_right_for_more(
    amount: int, widest: int, shown: str
) -> None:
    assert bar(amount, widest).plain == shown
    assert len(shown) == BAR_CELLS + 1
