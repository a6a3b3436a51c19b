"""Chinese sentences of stories and of the console stand with full-width marks."""

from __future__ import annotations

import re

import pytest

from crossclaim.console.message_words import BANK_FILES, OPERATIONS, OUTCOMES, RAILS, ROLES
from crossclaim.console.words import STATES, WORDS
from crossclaim.console.words_accounts import ACCOUNTS
from crossclaim.domain.chinese_marks import full_width
from crossclaim.domain.money import fen
from crossclaim.domain.story_codes import CODES, EXCEPTIONS
from crossclaim.domain.story_line import SENTENCES
from crossclaim.domain.story_phrase import Triple, filled, sentence_of
from crossclaim.domain.story_to_do import TO_DO
from crossclaim.domain.story_waits import WAITING
from crossclaim.domain.story_words import CONSENTS, FUNDERS, PARTIES, STEPS, THINGS
from crossclaim.domain.unpaid_words import WHY

_HALF = re.compile(
    r"[\u4e00-\u9fff。，；：（）}][,;:?!()]|[,;:?!()][\u4e00-\u9fff]|[\u4e00-\u9fff] \("
)
TABLES: dict[str, dict[str, Triple]] = {
    "sentences": SENTENCES,
    "waits": WAITING,
    "exceptions": EXCEPTIONS,
    "codes": CODES,
    "to do": TO_DO,
    "steps": STEPS,
    "things": THINGS,
    "parties": PARTIES,
    "funders": FUNDERS,
    "consents": CONSENTS,
    "why": {code: why for code, (why, _) in WHY.items()},
    "who": {code: who for code, (_, who) in WHY.items()},
    "page": WORDS,
    "states": STATES,
    "accounts": ACCOUNTS,
    "operations": OPERATIONS,
    "outcomes": OUTCOMES,
    "files": BANK_FILES,
    "rails": RAILS,
    "roles": ROLES,
}


@pytest.mark.parametrize("table", TABLES)
def test_no_half_width_mark_stands_beside_a_chinese_character(table: str) -> None:
    for code, triple in TABLES[table].items():
        told = sentence_of(triple)
        for text in (told.zh_hant, told.zh_hans):
            # What a placeholder holds is set by whoever tells it.
            plain = re.sub(r"\{\w+\}", "{}", text)
            assert not _HALF.search(plain.replace("{}", "。")), (code, text)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            "付款{reference}({amount})的指示已交予{bank}。",
            "付款{reference}（{amount}）的指示已交予{bank}。",
        ),
        ("於12:30到達,付CNY 1,234.00(已付)", "於12:30到達，付CNY 1,234.00（已付）"),
        (
            "須由人員處理:{what}({reference});原因:{reason}。",
            "須由人員處理：{what}（{reference}）；原因：{reason}。",
        ),
        ("{due:%H:%M}前", "{due:%H:%M}前"),
        ("CNY 1,234.00 (HKD 5.00)", "CNY 1,234.00 (HKD 5.00)"),
        ("見 https://a.example/b?c=d", "見 https://a.example/b?c=d"),
        ("Plain, English: text (here)?", "Plain, English: text (here)?"),
        ("", ""),
    ],
)
def test_figures_times_and_latin_names_keep_their_own_marks(typed: str, told: str) -> None:
    assert full_width(typed) == told
    assert full_width(told) == told


def test_an_amount_inside_a_sentence_is_left_as_it_is() -> None:
    triple = ("{amount}, paid", "{amount},已付", "{amount},已付")
    assert filled(triple, amount=fen(123_456_00)).zh_hant == "CNY 123,456.00，已付"
