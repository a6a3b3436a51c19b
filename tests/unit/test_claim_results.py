"""The results of a batch file: a line a row, safe to open, and whole after an import broke off."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from crossclaim.cli.batch_journal import Journal, JournalRefused
from crossclaim.cli.batch_results import Result, columns_of, lines_of, write_results
from crossclaim.cli.batch_sending import send_all
from crossclaim.cli.claim_import import NUMBER, TOLD
from crossclaim.domain.claim_file import FileClaim
from crossclaim.domain.table_file import Placed

COLUMNS = columns_of(NUMBER, TOLD)
PATH = "/v1/claims"


def item(number: str, *rows: int, **body: Any) -> FileClaim:
    return FileClaim(number, [*rows], {"number": number, **body}, [[*rows]], [])


def fault(row: int, column: str) -> Placed:
    return Placed(row=row, column=column, code=f"BAD_{column.upper()}", detail=f"Mend {column}.")


@pytest.mark.parametrize("text", ["=1+1", "＝1+1", " =1+1", "\u3000@x", "\n-1"])
def test_no_cell_of_a_result_is_a_formula_whatever_stands_before_its_sign(
    tmp_path: Path, text: str
) -> None:
    results = tmp_path / "results.csv"
    write_results(results, COLUMNS, [dict.fromkeys(COLUMNS, "") | {"claim_number": text}])
    with results.open(encoding="utf-8", newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert row["claim_number"] == f"'{text}"


def test_every_row_of_the_file_has_one_line_in_its_order() -> None:
    answer = {"claim_id": "cl", "benefit": {"amount": "9.00", "currency": "HKD"}}
    good = Result(item("B", 3, 6), "taken", answer=answer)
    bad = Result(item("A", 2, 5), "refused", faults=[fault(5, "amount"), fault(5, "code")])
    lines = lines_of([good, bad], [4], NUMBER, TOLD)
    assert [(one["row"], one["status"]) for one in lines] == [
        ("2", "refused"),
        ("3", "taken"),
        ("4", "blank"),
        ("5", "refused"),
        ("6", "taken"),
    ]
    assert lines[3]["column"] == "amount; code"
    assert lines[3]["code"] == "BAD_AMOUNT; BAD_CODE"
    assert [one["benefit"] for one in lines] == ["", "9.00", "", "", ""], "it adds up"
    assert lines[4]["claim_id"] == "cl"


class Api:
    """Takes every claim, and has its power cut at one."""

    def __init__(self, broken_at: str = "", refused: str = "") -> None:
        self.asked: list[str] = []
        self._broken_at, self._refused = broken_at, refused

    def __call__(self, request: httpx.Request) -> httpx.Response:
        number = json.loads(request.content)["number"]
        self.asked.append(number)
        if number == self._broken_at:
            raise MemoryError
        if number == self._refused:
            errors = [{"pointer": "/number", "code": "X", "detail": "Not so."}]
            return httpx.Response(422, json={"errors": errors})
        return httpx.Response(201, json={"claim_id": f"cl-{number}"})

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self), base_url="http://api")


ITEMS = [item(f"C{number}", number + 2) for number in range(12)]


def imported(api: Api, results: Path, items: list[FileClaim], *, resume: bool) -> list[Result]:
    with api.client() as http, Journal(results, PATH, resume=resume) as journal:
        return send_all(http, PATH, items, journal, check=False, quiet=True)


def test_an_import_that_broke_off_goes_on_and_sends_nothing_twice_that_was_taken(
    tmp_path: Path,
) -> None:
    results, first, second = tmp_path / "r.csv", Api(broken_at="C5", refused="C0"), Api()
    with pytest.raises(MemoryError):
        imported(first, results, ITEMS, resume=False)
    part = tmp_path / "r.csv.part"
    taken = [json.loads(line) for line in part.read_text().splitlines() if line][1:]
    with part.open("a") as opened:
        opened.write('{"digest": "torn off by the cra')
    with pytest.raises(JournalRefused, match="--resume"):
        Journal(results, PATH, resume=False)
    with pytest.raises(JournalRefused, match="another kind"):
        Journal(results, "/v1/claim-checks", resume=True)
    whole = imported(second, results, ITEMS, resume=True)
    assert [one.item.number for one in whole] == [one.number for one in ITEMS]
    assert {one.status for one in whole} == {"taken"}
    known = {line["answer"]["claim_id"] for line in taken}
    assert {f"cl-{number}" for number in second.asked}.isdisjoint(known)
    assert len(second.asked) == len(ITEMS) - len(known)
    assert "C0" in second.asked, "what was refused is asked again"


def test_a_claim_that_was_changed_meanwhile_is_sent(tmp_path: Path) -> None:
    results = tmp_path / "r.csv"
    imported(Api(), results, ITEMS[:2], resume=False)
    again = Api()
    imported(again, results, [ITEMS[0], item("C1", 3, plan="other")], resume=True)
    assert again.asked == ["C1"]
