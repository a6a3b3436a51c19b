"""Priority of exceptions, where their fix is done, names of views, tables as files."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from starlette.datastructures import QueryParams

from crossclaim.console.exports import as_file
from crossclaim.console.saved_views import name_defect
from crossclaim.console.search_fields import asked_of
from crossclaim.console.words import WORDS
from crossclaim.console.words_search import SEARCH_WORDS
from crossclaim.console.words_worklist import WORKLIST_WORDS
from crossclaim.console.work_fields import work_asked
from crossclaim.documents import xlsx_stream
from crossclaim.documents.xlsx_stream import Cell, xlsx
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.worklist import (
    DEFINITION,
    Urgency,
    due_of,
    kind_of,
    place_of,
    priority,
    urgency,
)
from tests.flows.flow_stack import flow_reference

NOW = datetime(2026, 4, 2, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_twice_the_amount_is_one_more_and_a_day_nearer_too() -> None:
    once = priority(100_000, NOW, NOW)
    one_more = pytest.approx(once + 1)
    assert priority(200_000, NOW, NOW) == one_more
    assert priority(100_000, NOW - DAY, NOW) == one_more
    assert priority(100_000, NOW, NOW + DAY) == one_more


def test_what_holds_up_no_money_waits_as_if_it_were_a_hundred_yuan() -> None:
    assert priority(0, NOW, NOW) == priority(10_000, NOW, NOW) == 0


def test_whichever_moment_one_looks_the_order_of_two_stays() -> None:
    small_late, large_early = (50_000, NOW - 2 * DAY), (900_000_000, NOW + 3 * DAY)
    for later in (timedelta(), DAY, 40 * DAY):
        assert priority(*small_late, NOW + later) < priority(*large_early, NOW + later)


def test_an_amount_of_ten_thousand_is_normal_and_urgent_a_week_after_its_due_time() -> None:
    assert urgency(priority(1_000_000, NOW, NOW)) is Urgency.NORMAL
    assert urgency(priority(1_000_000, NOW - 7 * DAY, NOW)) is Urgency.URGENT
    assert urgency(priority(1_000_000, NOW + 7 * DAY, NOW)) is Urgency.LOW


def test_the_earlier_of_its_own_promise_and_a_day_is_due() -> None:
    assert due_of(NOW, None) == NOW + DAY
    assert due_of(NOW, NOW - DAY) == NOW - DAY
    assert due_of(NOW, NOW + 9 * DAY) == NOW + DAY


def test_the_definition_says_the_figures_that_count_in_every_language() -> None:
    for words in DEFINITION:
        assert {"100", "24", "12", "9", "5"} <= set(re.findall(r"\d+", words))


@pytest.mark.parametrize("code", sorted(EXCEPTIONS))
def test_every_exception_leads_to_a_page_where_something_can_be_done(code: str) -> None:
    place = place_of(code, "ep_1", "cl_1")
    pages = ("/console/episodes/ep_1", "/console/finance/claw-backs/cl_1")
    assert place.address.startswith(pages)
    assert place.word in WORDS
    assert f"work_{kind_of(code).value}" in WORKLIST_WORDS


@pytest.mark.parametrize("words", [SEARCH_WORDS, WORKLIST_WORDS])
def test_every_word_is_there_in_three_languages(words: dict[str, tuple[str, str, str]]) -> None:
    for key, (english, traditional, simplified) in words.items():
        assert english.isascii() and english, key
        assert not traditional.isascii() and not simplified.isascii(), key


@pytest.mark.parametrize(
    "name", ["A123456(3)", "张三 A1234563", "a123456 3", "H12345678", "110105 19491231 002X"]
)
def test_an_identity_document_is_no_name_of_a_view(name: str) -> None:
    assert name_defect(name) == "view_personal"


@pytest.mark.parametrize("name", ["逾期 深圳", "Over 100000", "Week 2026-04", "<b>", "Q2"])
def test_other_names_of_views_are_taken(name: str) -> None:
    assert name_defect(name) is None
    assert name_defect("") == "view_unnamed"


async def _rows(count: int) -> AsyncIterator[list[Cell]]:
    for number in range(count):
        yield ["=1+1", " <歐陽> & \x07", number, Decimal("900.10")]


async def _sheet(count: int) -> openpyxl.Workbook:
    pieces = [piece async for piece in xlsx(["a", "b", "c", "d"], _rows(count))]
    return openpyxl.load_workbook(io.BytesIO(b"".join(pieces)))


async def test_a_table_comes_as_a_workbook_whose_cells_are_text_and_numbers_alone() -> None:
    book = await _sheet(1201)
    rows = list(book["1"].iter_rows(values_only=True))
    assert rows[0] == ("a", "b", "c", "d")
    assert len(rows) == 1202
    assert rows[1] == ("=1+1", " <歐陽> & ", 0, 900.1)
    assert book["1"]["A2"].data_type != "f"


async def test_what_one_sheet_cannot_hold_stands_in_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(xlsx_stream, "LONGEST", 4)
    book = await _sheet(7)
    told = [[row[2] for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in book]
    assert told == [[0, 1, 2], [3, 4, 5], [6]]


async def test_a_csv_never_begins_a_cell_with_what_a_spreadsheet_computes() -> None:
    answer = as_file("csv", "x", ["a", "b", "c", "d"], _rows(2), 2)
    text = "".join([bytes(piece).decode() async for piece in answer.body_iterator])  # type: ignore[arg-type]
    assert text.startswith("\ufeffa,b,c,d\r\n'=1+1,")
    assert answer.headers["x-rows"] == "2"
    assert text.count("\r\n") == 3


def _asked(query: str) -> tuple[dict[str, list[str]], bool]:
    asked = asked_of(QueryParams(query), flow_reference(), "", NOW)
    return asked.filters, asked.left_out


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "city=<script>",
        "sort=up",
        "due=never",
        "from=12x",
        "from=1e9999999",
        "to=-1",
        "hospital=A123456(3)",
        "figure=automatic_decisions",
        "nobody=knows",
    ],
)
def test_what_is_no_filter_is_left_out_and_said(query: str) -> None:
    assert _asked(query) == ({}, True)


def test_known_filters_come_back_in_an_address_as_they_were() -> None:
    query = "state=open&state=closed&city=Shenzhen&due=overdue&from=1%2C000.50&sort=most"
    asked = asked_of(QueryParams(query), flow_reference(), "A123456(3)", NOW)
    assert asked.query == query
    assert not asked.left_out
    assert asked.search.amount_from == 100_050
    assert asked.search.in_cities == ["hku-szh"]
    assert "A123456" not in asked.query
    assert asked.search.text == "A123456(3)"


@pytest.mark.parametrize("after", ["x1", "ep_1", "%00"])
@pytest.mark.parametrize("value", ["nan", "inf", "1e5", "x", "2026-01-01", "12'--"])
@pytest.mark.parametrize("sort", ["priority", "due", "amount", "most", "waits"])
def test_a_place_in_a_list_that_cannot_be_begins_it_anew(after: str, value: str, sort: str) -> None:
    query = QueryParams(f"after={after}&value={value}&sort={sort}")
    assert work_asked(query).search.after is None
    assert asked_of(query, flow_reference(), "", NOW).search.after is None
