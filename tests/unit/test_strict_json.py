"""What other parties write as JSON is taken exactly, or not at all; and it costs what it weighs."""

from __future__ import annotations

from decimal import Decimal

import pytest

from crossclaim.gateways.strict_json import StrictJsonError, dumps, loads


@pytest.mark.parametrize(
    "number", ["1e99999999999999999999", "1e999999999", "-1E-999999999", "1.5e41", "9" * 41]
)
def test_a_number_of_few_letters_and_a_gigabyte_of_digits_is_refused(number: str) -> None:
    with pytest.raises(StrictJsonError):
        loads(f'{{"amount": {number}}}')


def test_amounts_keep_their_digits() -> None:
    text = b'{"amount":51850.50,"rate":0.0000000001,"share":0.00}'
    assert loads(text)["rate"] == Decimal("0.0000000001")
    assert dumps(loads(text)) == text


@pytest.mark.parametrize(
    "text", ['{"a": "\\ud800"}', '{"\\uDFFF": 1}', '["x", {"b": ["\\udc00"]}]']
)
def test_half_a_letter_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(StrictJsonError):
        loads(text)


def test_a_letter_of_two_halves_is_one() -> None:
    assert loads('["\\ud83d\\ude00", "\\\\ud800"]') == ["\U0001f600", "\\ud800"]
