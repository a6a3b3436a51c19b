"""What the desk and finance say, and what they make of what was typed."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crossclaim.console.examiner import ClaimLine, ExaminedClaim, QueueFilter, WaitingClaim
from crossclaim.console.line_words import minor_of, read_lines
from crossclaim.console.matching import SidedItem, left_of, with_mates
from crossclaim.console.words import WORDS
from crossclaim.console.words_desk import DESK, DOCUMENTS
from crossclaim.console.words_finance import FINANCE, MOVEMENTS, SOURCES
from crossclaim.documents.table_export import table_file
from crossclaim.domain.information_rows import ANSWERED, ENDED, OPEN, WITHDRAWN
from crossclaim.domain.information_submission import NotHad, WantedKind
from crossclaim.domain.money import Currency
from crossclaim.domain.payout_word import RecallReason
from crossclaim.domain.source_items import Source
from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.submission import DocumentKind

AT = datetime(2026, 4, 2, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize("words", [DESK, FINANCE, DOCUMENTS, MOVEMENTS, SOURCES])
def test_every_word_of_the_desks_is_there_in_three_languages(words: dict[str, Triple]) -> None:
    for code, (english, traditional, simplified) in words.items():
        assert english and english.isascii(), code
        for told in (traditional, simplified):
            assert not told.isascii() or "{" in told, code
            assert told.count("{") == english.count("{"), code


def test_every_code_that_these_pages_name_has_its_word() -> None:
    assert {*WantedKind, *DocumentKind} <= set(DOCUMENTS) and set(Source) == set(SOURCES)
    for code in (
        *(f"recall_{one.value}" for one in RecallReason),
        *(f"not_had_{one.value}" for one in NotHad),
        *(f"request_{one}" for one in (OPEN, ANSWERED, WITHDRAWN, ENDED)),
    ):
        assert code in WORDS, code


def test_no_word_of_the_desks_stands_there_for_nobody() -> None:
    root = Path(__file__).parents[2] / "crossclaim" / "console"
    pages = [*root.glob("*.py"), *root.glob("templates/*.html")]
    said = "\n".join(one.read_text() for one in pages if not one.name.startswith("words"))
    built: tuple[str, ...] = (
        "recall_",
        "request_",
        "not_had_",
        "item_",
        "ebill_",
        "said_",
        "day_",
        "made_",
    )
    built += ("asked_of_", "whose_", "kind_", "payee_", "account_", "order_")
    for code in {**DESK, **FINANCE}:
        assert re.search(rf"[\"=]{code}\b", said) or code.startswith(built), code


def _item(item: str, side: str, minor: int, **more: object) -> SidedItem:
    told = {"id": item, "name": item, "side": side, "amount_minor": minor, "currency": "CNY"}
    return SidedItem.model_validate({**told, "status": "missing", "open": True, **more})


def test_what_is_chosen_is_compared_to_the_fen_and_currencies_are_never_mixed() -> None:
    chosen = [
        _item("1", "theirs", -70_001),
        _item("2", "ours", -70_000),
        _item("3", "ours", 5, currency="HKD"),
    ]
    assert [(one.currency, one.left_minor) for one in left_of(chosen)] == [("CNY", -1), ("HKD", -5)]
    assert left_of([]) == []


def test_what_is_matched_as_one_is_chosen_as_one_and_what_is_settled_stays_away() -> None:
    items = [
        _item("1", "theirs", 1, group="g"),
        _item("2", "ours", 1, group="g"),
        _item("3", "ours", 1, group="g", open=False),
        _item("4", "ours", 1),
    ]
    assert with_mates(["1"], items) == ["1", "2"]
    assert with_mates(["4", "gone"], items) == ["4", "gone"]


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("1,200.50", 120050), ("0", 0), ("7.5", 750), ("7.555", None), ("-1", None), ("", None)],
)
def test_an_amount_is_read_to_the_cent_or_not_at_all(typed: str, minor: int | None) -> None:
    assert minor_of(typed) == minor


def _claim() -> ExaminedClaim:
    lines = [
        ClaimLine(
            line=number,
            service_date=AT.date(),
            category="specialist",
            code="OP",
            quantity=1,
            amount_minor=1000,
            share_minor=800,
            rules_minor=rules,
        )
        for number, rules in ((1, 900), (2, None))
    ]
    return ExaminedClaim(
        id="cl_1",
        episode_id="ep_1",
        reference="R",
        hospital_id="h",
        reasons=[],
        since=AT,
        currency=Currency.HKD,
        state="pended",
        trace=[],
        lines=lines,
    )


def test_a_line_is_paid_as_typed_as_the_rules_say_or_not_at_all_and_told_as_the_api_takes_it() -> (
    None
):
    words = read_lines(_claim(), {"how-1": "rules", "how-2": "deny", "reason-2": "NOT_COVERED"})
    assert (words.total_minor, words.missing) == (900, [])
    assert words.told() == [
        {
            "line": 1,
            "approved": {"amount": "9.00", "currency": "HKD"},
            "reason": "PLAN_TERMS",
        },
        {
            "line": 2,
            "approved": {"amount": "0.00", "currency": "HKD"},
            "reason": "NOT_COVERED",
        },
    ]
    odd = read_lines(_claim(), {"how-1": "nonsense", "how-2": "rules", "approved-1": "x"})
    assert odd.missing == [1, 2]
    assert odd.told()[0]["approved"]["amount"] == "x", "the API says what is wrong with it"


def _waiting(name: str, **more: object) -> WaitingClaim:
    told = {"id": name, "episode_id": "e", "reference": name, "hospital_id": "h", "reasons": []}
    return WaitingClaim.model_validate({**told, "since": AT, "currency": "HKD", **more})


def test_the_queue_shows_mine_what_nobody_has_and_the_largest_first() -> None:
    queue = [
        _waiting("a", holding="taken", holder="me", forecast_minor=5),
        _waiting("b", holding="taken", holder="you", forecast_minor=900),
        _waiting("c", holding="returned", holder="you", forecast_minor=100, reasons=["X"]),
        _waiting("d", holding="second_look", holder="me"),
    ]

    def shown(**wanted: object) -> list[str]:
        return [one.id for one in QueueFilter.model_validate(wanted).of(queue, "me")]

    assert shown() == ["a", "b", "c", "d"]
    assert shown(whose="mine") == ["a"] and shown(whose="free") == ["c", "d"]
    assert shown(order="amount")[:2] == ["b", "c"]
    assert shown(reason="X") == ["c"] and shown(kind="second") == ["d"]
    assert shown(above_minor=100) == ["b", "c"]


def test_no_cell_of_a_file_is_computed_by_whoever_opens_it() -> None:
    text = table_file("csv", "t", ["a"], [["=1+1"], ["x"]]).decode("utf-8-sig")
    assert text.splitlines() == ["a", "'=1+1", "x"]
    book = load_workbook(io.BytesIO(table_file("xlsx", "a/b", ["a"], [["=1+1"], [3]])))
    sheet = book.active
    assert sheet is not None
    assert [(row[0].value, row[0].data_type) for row in sheet.iter_rows(min_row=2)] == [
        ("=1+1", "s"),
        (3, "n"),
    ]
