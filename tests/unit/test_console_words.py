"""What the console calls roles and messages."""

from __future__ import annotations

import pytest

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
