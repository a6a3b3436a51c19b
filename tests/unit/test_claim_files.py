"""A batch file of claims: its rows become the claims that were meant, its faults their places."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest

from crossclaim.bench.claim_stream import Dirt, clean_claim, hkid, stream
from crossclaim.domain.claim_file import COLUMNS, OPTIONAL, FileClaim
from crossclaim.domain.claim_file import claims_of as claims_in
from crossclaim.domain.identity import hkid_defect
from crossclaim.domain.paper_claim import PaperClaimSubmission
from crossclaim.domain.table_file import Placed, Table, heading_faults, numbered
from tests.flows.claim_batch import rows_of

SEED = 3


def claims_of(rows: list[dict[str, str]], *faults: Placed) -> list[FileClaim]:
    return claims_in(Table(numbered(rows), [*faults], []))


def honest(number: int) -> dict[str, Any]:
    return clean_claim(Random(number), SEED, number)


def test_the_rows_of_a_claim_become_the_claim() -> None:
    for number in range(50):
        (read,) = claims_of(rows_of(honest(number)))
        assert read.faults == []
        meant = PaperClaimSubmission.model_validate(honest(number))
        assert PaperClaimSubmission.model_validate(read.body) == meant


def test_rows_may_stand_in_any_order_and_claims_mixed() -> None:
    """Only which line is the first of a paper follows the file."""
    rows = [row for number in range(6) for row in rows_of(honest(number))]
    Random(1).shuffle(rows)
    read = claims_of(rows)
    assert {one.number for one in read} == {honest(number)["number"] for number in range(6)}
    assert all(one.faults == [] for one in read)
    assert sum(len(one.rows) for one in read) == len(rows)
    for one in read:
        meant = next(b for b in map(honest, range(6)) if b["number"] == one.number)
        for paper in one.body["papers"]:
            same = next(p for p in meant["papers"] if p["number"] == paper["number"])
            amounts = sorted(line["amount"]["amount"] for line in paper["lines"])
            assert amounts == sorted(line["amount"]["amount"] for line in same["lines"])


def test_a_pointer_leads_back_to_row_and_column() -> None:
    bodies = [honest(number) for number in (1, 2)]
    rows = [row for body in bodies for row in rows_of(body)]
    _, second = claims_of(rows)
    first_row = 2 + len(rows_of(bodies[0]))
    assert second.place("/patient/documents/0/number") == (first_row, "document_number")
    assert second.place("/account/bank_code") == (first_row, "bank_code")
    assert second.place("/papers/0/lines/0/amount/amount") == (first_row, "amount")
    assert second.place("/number") == (first_row, "claim_number")
    last = len(second.papers) - 1
    assert second.place(f"/papers/{last}/ebill")[0] == second.papers[last][0]
    assert second.place(f"/papers/{last}/total") == (second.papers[last][0], "paper_total")
    assert second.place("/papers/99/lines/0/amount") == (first_row, "")


def test_cells_that_contradict_each_other_are_all_told_with_the_row_they_differ_from() -> None:
    rows = next(rows for n in range(50) if len(rows := rows_of(honest(n))) > 2)
    rows[1]["birth_date"] = "1999-01-01"
    rows[2]["account_number"] = "6200000000000000"
    (read,) = claims_of(rows)
    assert [(one.row, one.column) for one in read.faults] == [
        (3, "birth_date"),
        (4, "account_number"),
    ]
    assert all(one.code == "ROWS_DISAGREE" and "row 2" in one.detail for one in read.faults)


def test_a_heading_tells_what_is_missing_unknown_and_twice_at_once() -> None:
    heading = [name for name in COLUMNS if name != "amount"] + ["colour", "plan"]
    told = {(one.code, one.column) for one in heading_faults(heading, COLUMNS, OPTIONAL)}
    assert told == {
        ("COLUMN_MISSING", "amount"),
        ("COLUMN_UNKNOWN", "colour"),
        ("COLUMN_TWICE", "plan"),
    }
    assert heading_faults(COLUMNS, COLUMNS, OPTIONAL) == []
    few = [name for name in COLUMNS if not name.startswith("ebill")]
    assert heading_faults(few, COLUMNS, OPTIONAL) == []


def test_what_is_wrong_with_a_row_keeps_its_claim_from_being_sent_and_no_other() -> None:
    rows = [row for number in (1, 2) for row in rows_of(honest(number))]
    long = Placed(row=2, column="", code="ROW_TOO_LONG", detail="More cells than columns.")
    first, second = claims_of(rows, long)
    assert (first.faults, second.faults) == ([long], [])


def test_rows_without_a_number_are_of_no_claim() -> None:
    rows = rows_of(honest(1))
    (read,) = claims_of([row | {"claim_number": " "} for row in rows])
    assert {one.code for one in read.faults} == {"ROW_WITHOUT_NUMBER"}
    assert [one.row for one in read.faults] == read.rows


def test_a_number_that_is_none_is_left_to_the_api() -> None:
    rows = rows_of(honest(1))
    rows[0]["quantity"] = "two"
    (read,) = claims_of(rows)
    assert read.body["papers"][0]["lines"][0]["quantity"] == "two"


def test_the_stream_of_invented_claims_is_what_it_says() -> None:
    drawn = stream(SEED, 600)
    dirty = [one.dirt for one in drawn if one.dirt is not None]
    assert len(dirty) == 30 and set(dirty) == set(Dirt)
    assert stream(SEED, 600) == drawn != stream(SEED + 1, 600)
    numbers = [one.body["number"] for one in drawn]
    assert len(set(numbers)) == len(numbers)
    ebills = [p["ebill"]["number"] for o in drawn if o.dirt is None for p in o.body["papers"]]
    assert len(set(ebills)) == len(ebills)
    for one in drawn:
        PaperClaimSubmission.model_validate(one.body)


@pytest.mark.parametrize("number", [0, 7, 999_999, 1_000_000, 26_000_001])
def test_an_invented_identity_number_holds_its_check_digit(number: int) -> None:
    assert re.fullmatch(r"[A-Z]{2}\d{6}\([0-9A]\)", hkid(number))
    assert hkid_defect(hkid(number)) is None
