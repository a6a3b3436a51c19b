"""Claims are read as a stream, and a wrong one is named by file, line and member."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from crossclaim.backtest.claim import Claim
from crossclaim.backtest.claims import LINE_BYTES_MAX, claim_of, json_line, raw_claims
from crossclaim.backtest.fault import ClaimsRefused
from crossclaim.backtest.synthetic import synthetic_claim
from crossclaim.domain.allocation import BillFacts
from tests.rules import facts as given

FACTS = given.inpatient_facts()


def claim(facts: BillFacts) -> Claim:
    return Claim(**{name: getattr(facts, name) for name in BillFacts.model_fields})


def read(path: Path) -> list[Claim]:
    return [claim_of(raw) for raw in raw_claims(path)]


def flat(value: object, path: str = "") -> dict[str, str]:
    if value in ({}, []):
        return {path: str(value)}
    if isinstance(value, dict):
        pairs = [(f"{path}.{name}" if path else name, one) for name, one in value.items()]
    elif isinstance(value, list):
        pairs = [(f"{path}.{place}", one) for place, one in enumerate(value)]
    else:
        return {} if value is None else {path: str(value)}
    return {name: text for key, one in pairs for name, text in flat(one, key).items()}


def csv_rows(facts: BillFacts) -> list[dict[str, str]]:
    wire = facts.model_dump(mode="json", exclude_none=True)
    lines = wire["bill"].pop("lines")
    bill = flat(wire)
    return [bill | {f"line.{n}": t for n, t in flat(line).items()} for line in lines]


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def refused(path: Path) -> str:
    with pytest.raises(ClaimsRefused) as caught:
        read(path)
    return caught.value.detail


def test_json_lines_give_back_the_facts(tmp_path: Path) -> None:
    known = [claim(FACTS), claim(given.voucher_facts())]
    claims = [*known, *(synthetic_claim(3, n) for n in range(20))]
    path = tmp_path / "claims.jsonl"
    path.write_text("\n".join(json_line(facts) for facts in claims) + "\n\n", encoding="utf-8")
    assert read(path) == claims


def test_csv_rows_of_one_bill_give_back_the_facts(tmp_path: Path) -> None:
    known = [claim(FACTS), claim(given.voucher_facts())]
    claims = [*known, *(synthetic_claim(3, n) for n in range(20))]
    rows = [row for facts in claims for row in csv_rows(facts)]
    found = read(write_csv(tmp_path / "claims.csv", rows))
    assert [f.model_dump_json() for f in found] == [f.model_dump_json() for f in claims]


def test_a_wrong_member_is_named_by_file_line_and_member_without_its_value(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    birth = f'"birth_date":"{FACTS.episode.patient.birth_date}"'
    wrong = json_line(FACTS).replace(birth, '"birth_date":"Chan Tai Man"')
    path.write_text(f"{json_line(FACTS)}\n{wrong}\n", encoding="utf-8")
    said = refused(path)
    assert said.startswith("claims.jsonl:2: episode.patient.birth_date: ")
    assert "Chan" not in said


def test_a_line_that_is_not_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text(f"{json_line(FACTS)}\n{{\n", encoding="utf-8")
    assert refused(path).startswith("claims.jsonl:2: claim: Invalid JSON")


def test_a_line_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_bytes(b"x" * (LINE_BYTES_MAX + 2))
    assert refused(path) == f"claims.jsonl:1: the line is longer than {LINE_BYTES_MAX} bytes."


def test_a_csv_row_that_is_wrong_is_named_by_its_line(tmp_path: Path) -> None:
    rows = csv_rows(given.voucher_facts())
    rows[-1]["line.quantity"] = "many"
    said = refused(write_csv(tmp_path / "claims.csv", rows))
    assert said.startswith("claims.csv:2: bill.lines.")
    assert ".quantity: " in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("claims.csv", "hospital,line.number\na,1\n", "claims.csv:1: the column hospital is not"),
        ("claims.csv", "line.number,line.number\n1,1\n", "the column line.number stands twice"),
        ("claims.csv", "line.number,line.code\n1\n", "claims.csv:2: the row has not as many cells"),
        ("claims.csv", 'line.number\n"1\n', "claims.csv is not readable as CSV"),
        ("claims.csv", "bill.number,line.number\n1,2\n", "claims.csv:2: episode: Field required"),
        ("claims.csv", "bill,bill.number,line.number\n1,2,3\n", "bill is a value and has"),
        ("claims.txt", "x", "its name ends in .jsonl, .csv or .xlsx"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_reason(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert said in refused(path)


def test_a_file_that_is_not_there_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.jsonl").startswith("There is no file ")
    path = tmp_path / "claims.csv"
    path.write_bytes(b"line.number,line.code\n1,\xe9\n")
    assert refused(path) == "claims.csv is not UTF-8."


def test_the_same_number_and_seed_invent_the_same_claim() -> None:
    assert json_line(synthetic_claim(1, 4)) == json_line(synthetic_claim(1, 4))
    assert json_line(synthetic_claim(1, 4)) != json_line(synthetic_claim(2, 4))
    assert json_line(synthetic_claim(1, 4)) != json_line(synthetic_claim(1, 5))


def test_a_workbook_of_the_same_rows_is_the_same_claims(tmp_path: Path) -> None:
    rows = csv_rows(FACTS)
    names = list(dict.fromkeys(name for row in rows for name in row))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(names)
    for row in rows:
        sheet.append([row.get(name) for name in names])
    book.save(tmp_path / "claims.xlsx")
    assert read(tmp_path / "claims.xlsx") == read(write_csv(tmp_path / "claims.csv", rows))
    sheet["A2"] = "=1+1"
    book.save(tmp_path / "claims.xlsx")
    assert "row 2: This cell holds a formula" in refused(tmp_path / "claims.xlsx")
