"""What the console calls roles and messages."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

import crossclaim.console as console_room
from crossclaim.console.message_words import BANK_FILES, OPERATIONS, OUTCOMES, ROLES
from crossclaim.console.words_figures import FIGURE_WORDS
from crossclaim.console.words_operations import OPERATION_PAGE_WORDS
from crossclaim.console.words_rules import RULE_WORDS
from crossclaim.console.words_search import CITIES
from crossclaim.domain.story_phrase import Triple
from crossclaim.security.principal import Role


def test_every_role_has_its_words() -> None:
    assert set(ROLES) == {role.value for role in Role}


@pytest.mark.parametrize(
    "words",
    [
        ROLES,
        OPERATIONS,
        OUTCOMES,
        BANK_FILES,
        RULE_WORDS,
        FIGURE_WORDS,
        CITIES,
        {k: v for k, v in OPERATION_PAGE_WORDS.items() if k != "party_crossclaim"},
    ],
)
def test_every_word_is_there_in_three_languages(words: dict[str, Triple]) -> None:
    for code, (english, traditional, simplified) in words.items():
        assert english.isascii() and english, code
        assert not traditional.isascii() and not simplified.isascii(), code


def test_no_word_of_the_pages_is_said_twice_so_that_one_hides_the_other() -> None:
    """All of these become one table: the later would be shown on both pages."""
    room = Path(str(console_room.__file__)).parent
    apart = {"STATES", "MOVEMENTS", "SOURCES", "DOCUMENTS", "WEBHOOK_STATES", "WEBHOOK_OUTCOMES"}
    said: Counter[str] = Counter()
    for path in sorted(room.glob("words*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(node, ast.AnnAssign) or not isinstance(node.value, ast.Dict):
                continue
            if getattr(node.target, "id", "") not in apart:
                keys = (k.value for k in node.value.keys if isinstance(k, ast.Constant))
                said.update(str(key) for key in keys)
    assert len(said) > 900
    assert [key for key, times in said.items() if times > 1] == []
