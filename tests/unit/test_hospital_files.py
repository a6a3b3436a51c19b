"""Batch files of episodes and bills: rows become what was meant, faults their places."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crossclaim.domain import bill_file, episode_file
from crossclaim.domain.bill_file import FileBill, bills_of
from crossclaim.domain.episode_file import FileEpisode, episodes_of
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission
from crossclaim.domain.table_file import Table, numbered
from tests.web.hospital_rows import bill_rows, episode_rows
from tests.web.house import example

Rows = list[dict[str, str]]


def episodes(rows: Rows) -> list[FileEpisode]:
    return episodes_of(Table(numbered(rows), [], []))


def bills(rows: Rows) -> list[FileBill]:
    return bills_of(Table(numbered(rows), [], []))


def test_the_rows_of_an_episode_become_the_episode() -> None:
    meant = example("episode-1-inpatient")
    (read,) = episodes(episode_rows(meant))
    assert read.faults == []
    del meant["diagnoses"][0]["text"]
    assert EpisodeSubmission.model_validate(read.body) == EpisodeSubmission.model_validate(meant)


def test_each_row_is_a_coverage_of_its_visit() -> None:
    meant = example("episode-1-inpatient")
    meant["coverages"].append({"funder": "voucher"})
    first, second = episode_rows(meant)
    other = episode_rows({**meant, "visit": {**meant["visit"], "number": "ZY-2"}})
    read = episodes([first, *other, second])
    assert [one.number for one in read] == ["ZY20260311-0087", "ZY-2"]
    assert [c["funder"] for c in read[0].body["coverages"]] == ["insurer", "voucher"]
    assert read[0].rows == [2, 5]
    assert read[0].place("/coverages/1/funder") == (5, "funder")
    assert read[0].place("/patient/documents/1/number") == (2, "document_2_number")
    assert read[0].place("/visit/number") == (2, "visit_number")
    assert read[0].place("/consents/0/type") == (2, "consents")
    assert read[0].place("/something") == (2, "")


def test_the_rows_of_a_bill_become_the_bill() -> None:
    meant = example("episode-1-bill-final")
    (read,) = bills(bill_rows(meant, "ZY20260311-0087"))
    assert (read.faults, read.visit) == ([], "ZY20260311-0087")
    assert BillSubmission.model_validate(read.body) == BillSubmission.model_validate(meant)
    assert read.place("/lines/2/amount/amount") == (4, "amount")
    assert read.place("/version") == (2, "bill_version")
    assert read.place("/total") == (2, "total")


def test_versions_of_a_bill_are_bills_of_their_own() -> None:
    meant = example("episode-1-bill-final")
    rows = bill_rows(meant, "V-1") + bill_rows({**meant, "version": 3}, "V-1")
    assert [one.number for one in bills(rows)] == [
        "V-1/F20260314-0087/2",
        "V-1/F20260314-0087/3",
    ]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [("birth_date", "1969-03-12", "ROWS_DISAGREE"), ("consents", "PI_SENSITIVE", "ROWS_DISAGREE")],
)
def test_rows_of_one_episode_that_disagree_are_told(column: str, value: str, code: str) -> None:
    meant = example("episode-1-inpatient")
    meant["coverages"].append({"funder": "voucher"})
    rows = episode_rows(meant)
    rows[1][column] = value
    (read,) = episodes(rows)
    assert [(one.row, one.column, one.code) for one in read.faults] == [(3, column, code)]


def test_a_row_that_names_no_visit_or_bill_is_told() -> None:
    (episode,) = episodes([{**episode_rows(example("episode-1-inpatient"))[0], "visit_number": ""}])
    assert [one.code for one in episode.faults] == ["ROW_WITHOUT_NUMBER"]
    rows = bill_rows(example("episode-1-bill-final"), "V-1")[:1]
    (bill,) = bills([{**rows[0], "bill_number": " "}])
    assert [(one.column, one.code) for one in bill.faults] == [
        ("bill_number", "ROW_WITHOUT_NUMBER")
    ]


def test_a_number_that_is_none_is_left_to_the_api() -> None:
    rows = bill_rows(example("episode-1-bill-final"), "V-1")
    rows[0]["quantity"], rows[0]["bill_version"] = "three", "two"
    found = bills(rows)
    assert found[0].body["lines"][0]["quantity"] == "three"
    assert found[0].body["version"] == "two"


def test_every_column_of_the_templates_reaches_the_body() -> None:
    for columns, read in (
        (episode_file.COLUMNS, lambda row: episodes([row])[0]),
        (bill_file.COLUMNS, lambda row: bills([row])[0]),
    ):
        row = {name: f"cell-{name}" for name in columns}
        read_one: Any = read(row)
        whole = json.dumps([read_one.number, read_one.body])
        assert [name for name in columns if f"cell-{name}" not in whole] == []
