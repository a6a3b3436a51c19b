"""Every code that the rules use speaks to people in three languages."""

from __future__ import annotations

from enum import StrEnum

import pytest

from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.sentences import Reason, placeholders, sentence, templates
from crossclaim.domain.sentences_insurer import InsurerReason


@pytest.mark.parametrize("reason", [*Reason, *CombinationReason, *InsurerReason])
def test_every_code_has_a_sentence_in_three_languages_with_the_same_values(
    reason: StrEnum,
) -> None:
    english, traditional, simplified = templates(reason)
    assert english and traditional and simplified
    assert placeholders(english) >= placeholders(traditional)
    assert placeholders(traditional) == placeholders(simplified)
    filled = sentence(reason, **dict.fromkeys(placeholders(english), "X"))
    assert "{" not in filled.en + filled.zh_hant + filled.zh_hans


def test_a_sentence_without_its_values_is_a_bug_and_raises() -> None:
    with pytest.raises(KeyError):
        sentence(Reason.VOUCHER_AGE_BELOW_65)


@pytest.mark.parametrize("reason", [r for r in Reason if r.value.startswith("VOUCHER_")])
def test_each_voucher_refusal_says_what_to_do(reason: Reason) -> None:
    if reason is not Reason.VOUCHER_LEG:
        assert templates(reason)[0].count(".") + templates(reason)[0].count(";") >= 2
