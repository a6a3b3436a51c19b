"""Every code that a person meets about bank entries has a sentence in three languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crossclaim.domain import bank_sentences
from crossclaim.domain.bank_days import DayFacts, day_changes
from crossclaim.domain.matching import MatchStatus, Why
from crossclaim.domain.matching_candidates import Because
from crossclaim.domain.statement_chain import StatementFault

ROOT = Path(__file__).parents[2]
TABLES = {name: table for name, table in vars(bank_sentences).items() if name.endswith("_TEXTS")}


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (bank_sentences.STATUS_TEXTS, MatchStatus),
        (bank_sentences.WHY_TEXTS, Why),
        (bank_sentences.BECAUSE_TEXTS, Because),
        (bank_sentences.STATEMENT_TEXTS, StatementFault),
    ],
)
def test_every_code_has_its_sentence_and_no_sentence_is_of_nothing(
    table: dict[str, tuple[str, str, str]], codes: type
) -> None:
    assert set(table) == {code.value for code in codes}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", TABLES)
def test_each_language_says_it_in_its_own_script(name: str) -> None:
    for en, zh_hant, zh_hans in TABLES[name].values():
        assert en.endswith(".") and en.isascii()
        assert zh_hant.endswith("。") and zh_hans.endswith("。")
        values = [sorted(re.findall(r"{(\w+)}", text)) for text in (en, zh_hant, zh_hans)]
        assert values[0] == values[1] == values[2]


def test_every_fault_of_an_order_has_a_sentence() -> None:
    written = "".join(
        (ROOT / file).read_text("utf-8")
        for file in (
            "crossclaim/domain/match_order.py",
            "crossclaim/domain/item_order.py",
            "crossclaim/store/source_orders.py",
            "crossclaim/domain/remittance.py",
            "crossclaim/store/match_orders.py",
            "crossclaim/store/remittance_tables.py",
        )
    )
    used = set(re.findall(r'"((?:MATCH|REMITTANCE)_[A-Z_]+)"', written))
    assert used == set(bank_sentences.ORDER_TEXTS)


def test_every_cause_of_a_day_has_a_sentence() -> None:
    source = (ROOT / "crossclaim/domain/bank_days.py").read_text("utf-8")
    used = set(re.findall(r'"([A-Z]+_[A-Z_]+)"', source))
    assert used == set(bank_sentences.DAY_TEXTS)
    assert day_changes(DayFacts(), {}, []) == []
