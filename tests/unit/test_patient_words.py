"""A patient's pages have words for everything, in three languages, and none of our own terms."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from crossclaim.domain.information_submission import NotHad, WantedKind
from crossclaim.domain.patient_view import PatientStatus
from crossclaim.domain.story_phrase import Triple
from crossclaim.domain.submission import ConsentType, EncounterClass, FunderKind
from crossclaim.patient.words import WORDS
from crossclaim.patient.words_consents import CONSENT_WORDS
from crossclaim.patient.words_money import FUNDER_WORDS
from crossclaim.security.masking import NUMBERS, shows_numbers
from crossclaim.security.principal import Role

_JARGON = ("episode", "allocation", "payout", "workflow", "exception", "adjudic", "submission")


@pytest.mark.parametrize("words", [WORDS, CONSENT_WORDS, FUNDER_WORDS])
def test_every_word_is_there_in_three_languages_and_says_the_same_values(
    words: dict[str, Triple],
) -> None:
    for key, (english, traditional, simplified) in words.items():
        assert english.isascii() and english, key
        assert not traditional.isascii() and not simplified.isascii(), key
        values = [sorted(re.findall(r"{(\w+)}", text)) for text in words[key]]
        assert values[0] == values[1] == values[2], key


def test_no_sentence_uses_a_term_of_ours() -> None:
    for key, (english, _, _) in WORDS.items():
        assert not any(term in english.lower() for term in _JARGON), key


def test_every_code_that_a_page_may_show_has_its_words() -> None:
    assert {s.value for s in PatientStatus} <= set(WORDS)
    assert {k.value for k in WantedKind} <= set(WORDS)
    assert {r.value for r in NotHad} - {"other"} <= set(WORDS)
    assert {c.value for c in EncounterClass} <= set(WORDS)
    assert set(CONSENT_WORDS) == {c.value for c in ConsentType}
    assert set(FUNDER_WORDS) == {f.value for f in FunderKind}


def test_every_word_of_a_template_is_there() -> None:
    folder = files("crossclaim.patient") / "templates"
    for template in folder.iterdir():
        for key in re.findall(r'say\("(\w+)"[,)]', template.read_text("utf-8")):
            assert key in WORDS, (template.name, key)


def test_every_role_is_told_whether_it_is_shown_numbers() -> None:
    assert set(NUMBERS) == set(Role)
    assert not any(shows_numbers(r) for r in (Role.SUPPORT, Role.HOSPITAL_FINANCE, Role.AUDITOR))
    assert shows_numbers(Role.HOSPITAL_BILLING)
