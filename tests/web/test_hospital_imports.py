"""``crossclaim import`` against the API: what a file holds is checked, taken, told row by row."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import uvicorn
from typer.testing import CliRunner, Result

from crossclaim.api.application import build_app
from crossclaim.api.services import EpisodeFilters
from crossclaim.cli.application import app
from crossclaim.domain import bill_file, episode_file
from crossclaim.security.roles import Principal
from tests.simulators.party_process import eventually
from tests.web.hospital_rows import bill_rows, episode_rows
from tests.web.house import MemoryHouse, example, services_over

VISITS = ("ZY-1", "ZY-2", "ZY-3")


class VisitHouse(MemoryHouse):
    """A house that finds its episodes by visit."""

    async def episodes(
        self, principal: Principal, filters: EpisodeFilters, cursor: str | None
    ) -> dict[str, Any]:
        key = (principal.organisation, f"{principal.organisation}/{filters.visit}")
        known = self.answers.get(key)
        return {"episodes": [{"id": known[1].episode_id}] if known else [], "next": None}


@dataclass(frozen=True)
class Desk:
    house: VisitHouse
    url: str
    folder: Path

    def file(self, name: str, columns: Sequence[str], rows: list[dict[str, str]]) -> Path:
        file = self.folder / name
        with file.open("w", encoding="utf-8", newline="") as opened:
            out = csv.DictWriter(opened, columns)
            out.writeheader()
            out.writerows(rows)
        return file

    def sent(self, what: str, file: Path, *options: str) -> Result:
        key = self.folder / "key"
        key.write_text("cc_test_shenzhen\n")
        words = ["import", what, str(file), f"--api={self.url}", f"--key-file={key}", "--json"]
        return CliRunner().invoke(app, [*words, *options])


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[VisitHouse, str]]:
    house = VisitHouse()
    config = uvicorn.Config(
        build_app(services_over(house)), port=0, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    sockets = eventually(lambda: getattr(server, "servers", None))
    yield house, f"http://127.0.0.1:{sockets[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def desk(served: tuple[VisitHouse, str], tmp_path: Path) -> Desk:
    served[0].__init__()  # type: ignore[misc]
    return Desk(*served, tmp_path)


def stays() -> list[dict[str, str]]:
    whole = example("episode-1-inpatient")
    visits = ({**whole, "visit": {**whole["visit"], "number": visit}} for visit in VISITS)
    return [row for one in visits for row in episode_rows(one)]


def charges(visits: Sequence[str] = VISITS) -> list[dict[str, str]]:
    bill = example("episode-1-bill-final")
    bills = (({**bill, "number": f"F-{visit}"}, visit) for visit in visits)
    return [row for one, visit in bills for row in bill_rows(one, visit)]


def workbook(file: Path, columns: Sequence[str], rows: list[dict[str, str]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(columns))
    for row in rows:
        sheet.append([row[name] or None for name in columns])
    book.save(file)
    return file


def test_episodes_and_then_their_bills_are_checked_taken_and_answered_the_same_again(
    desk: Desk,
) -> None:
    stay_file = desk.file("stays.csv", episode_file.COLUMNS, stays())
    checked = desk.sent("episodes", stay_file, "--dry-run")
    assert json.loads(checked.stdout)["episodes"]["clean"] == 3, checked.output
    assert desk.house.answers == {}, "a check keeps nothing"
    results = desk.folder / "results.csv"
    taken = desk.sent("episodes", stay_file, f"--results={results}")
    assert json.loads(taken.stdout)["episodes"]["taken"] == 3, taken.output
    with results.open(encoding="utf-8", newline="") as opened:
        lines = list(csv.DictReader(opened))
    assert [line["visit_number"] for line in lines] == list(VISITS)
    assert len({line["episode_id"] for line in lines}) == 3
    book = workbook(desk.folder / "bills.xlsx", bill_file.COLUMNS, charges())
    dry = desk.sent("bills", book, "--dry-run")
    assert json.loads(dry.stdout)["bills"]["clean"] == 3, dry.output
    first = desk.sent("bills", book)
    told = json.loads(first.stdout)
    assert told["bills"]["taken"] == 3, first.output
    assert {line["episode_id"] for line in told["results"]} == {
        line["episode_id"] for line in lines
    }
    kept = len(desk.house.answers)
    assert json.loads(desk.sent("bills", book).stdout) == told
    assert len(desk.house.answers) == kept == 6


def test_a_dry_run_tells_every_fault_of_every_row_at_once_by_row_and_column(desk: Desk) -> None:
    rows = stays()
    rows[0]["document_number"] = "AB987654(4)"
    rows[0]["planned_nights"] = "soon"
    rows[2]["consents"] = "PI_SENSITIVE; NO_SUCH"
    answer = desk.sent("episodes", desk.file("f.csv", episode_file.COLUMNS, rows), "--dry-run")
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert told["episodes"] == {"taken": 0, "clean": 1, "refused": 2, "not_sent": 0}
    first, second, third = told["results"]
    assert (first["row"], second["status"]) == ("2", "clean")
    assert set(first["column"].split("; ")) == {"document_number", "planned_nights"}
    assert set(third["column"].split("; ")) == {"consents"}
    assert desk.house.answers == {}


def test_a_bill_of_a_visit_that_was_never_opened_is_told_and_holds_no_other_up(desk: Desk) -> None:
    desk.sent("episodes", desk.file("stays.csv", episode_file.COLUMNS, stays()))
    rows = charges(["ZY-1", "ZY-9"])
    answer = desk.sent("bills", desk.file("bills.csv", bill_file.COLUMNS, rows))
    told = json.loads(answer.stdout)
    assert told["bills"] == {"taken": 1, "clean": 0, "refused": 1, "not_sent": 0}
    wrong = [line for line in told["results"] if line["code"]]
    assert [(line["row"], line["column"], line["code"]) for line in wrong] == [
        ("10", "visit_number", "EPISODE_UNKNOWN")
    ]


def test_an_import_that_broke_off_goes_on_where_it_was(desk: Desk) -> None:
    rows = stays()
    results = desk.folder / "results.csv"
    part = desk.folder / "results.csv.part"
    desk.sent("episodes", desk.file("one.csv", episode_file.COLUMNS, rows[:1]))
    broken = desk.file("all.csv", episode_file.COLUMNS, rows)
    part.write_text(json.dumps({"path": "episodes"}) + '\n{"dig')
    refused = desk.sent("episodes", broken, f"--results={results}")
    assert refused.exit_code == 2 and "--resume" in refused.output
    again = desk.sent("episodes", broken, f"--results={results}", "--resume")
    assert json.loads(again.stdout)["episodes"]["taken"] == 3, again.output
    assert results.exists() and not part.exists()


@pytest.mark.parametrize(
    ("what", "columns"), [("episodes", episode_file.COLUMNS), ("bills", bill_file.COLUMNS)]
)
def test_the_template_heads_a_file(what: str, columns: Sequence[str]) -> None:
    shown = CliRunner().invoke(app, ["import", "template", what])
    assert shown.output.strip().split(",") == list(columns)
