"""What is typed over a bill: sums are worked out of prices, and what is no price is refused."""

from __future__ import annotations

import pytest

from crossclaim.domain.bill_amendment import Amendment, Raw, amended
from tests.rules.facts import bill


def typed_over(price: str, quantity: str = "2") -> Raw:
    old = bill("episode-1-bill-final.json")
    first = old.lines[0]
    line = {"unit_price": price, "quantity": quantity, "code": first.code}
    return amended(old, Amendment(lines={first.number: line}, reason="Typed anew."), 2)


def test_a_price_that_is_typed_over_changes_its_line_and_the_whole() -> None:
    old, new = bill("episode-1-bill-final.json"), typed_over("12.50", "3")
    assert new["lines"][0]["amount"]["amount"] == "37.50"
    rest = old.total.amount_minor - old.lines[0].amount.amount_minor + 3750
    assert new["total"]["amount"] == f"{rest // 100}.{rest % 100:02d}"


@pytest.mark.parametrize("price", ["1e999999999", "1e999999", "1e9", "NaN", "sNaN", "Infinity", ""])
def test_what_is_no_price_is_left_as_typed_for_the_reading_to_refuse(price: str) -> None:
    """Red before: a power of ten was an error of ours, or a sum of a million digits."""
    new = typed_over(price)
    assert new["lines"][0]["unit_price"]["amount"] == price
    assert new["lines"][0]["amount"]["amount"] == price
    assert new["total"]["amount"] == "0.00"
