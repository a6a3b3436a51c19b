"""Money is exact, of one currency, and rounded only by named rules."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crossclaim.domain.money import (
    ConversionRate,
    Currency,
    CurrencyMismatch,
    Money,
    fen,
    half_up,
    hk_cents,
    total,
)
from tests.rules.facts import rate


@pytest.mark.parametrize(
    ("text", "minor"),
    [("51850.50", 5185050), ("0", 0), ("0.1", 10), ("0.01", 1), ("-3.00", -300), ("7", 700)],
)
def test_an_amount_is_a_decimal_string_on_the_wire(text: str, minor: int) -> None:
    money = Money.model_validate({"amount": text, "currency": "CNY"})
    assert money == fen(minor)
    assert Money.model_validate(money.model_dump()) == money


@pytest.mark.parametrize(
    "amount", ["1.001", "01.00", "1,000", "1e3", "NaN", "", " 1", ".5", 12.5, 12, None, True]
)
def test_anything_else_is_refused(amount: object) -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": amount, "currency": "CNY"})


def test_an_unknown_currency_or_member_is_refused() -> None:
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": "1.00", "currency": "USD"})
    with pytest.raises(ValidationError):
        Money.model_validate({"amount": "1.00", "currency": "CNY", "rate": "1"})


def test_currencies_never_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        fen(1) + hk_cents(1)
    with pytest.raises(CurrencyMismatch):
        fen(1) < hk_cents(1)  # noqa: B015
    with pytest.raises(CurrencyMismatch):
        total([fen(1)], Currency.HKD)
    with pytest.raises(CurrencyMismatch):
        rate().to_fen(fen(1))
    with pytest.raises(CurrencyMismatch):
        rate().to_hk_cents(hk_cents(1))
    with pytest.raises(CurrencyMismatch):
        rate().whole_dollars_in(hk_cents(1))


@pytest.mark.parametrize(
    ("value", "rounded"), [("0.4", 0), ("0.5", 1), ("1.5", 2), ("2.5", 3), ("128557.5", 128558)]
)
def test_halves_go_up(value: str, rounded: int) -> None:
    assert half_up(Decimal(value)) == rounded


@pytest.mark.parametrize(
    ("amount", "cents"),
    [(360000, 393443), (90000, 98361), (1800000, 1967213), (700000, 765027), (825050, 901694)],
)
def test_lines_of_scenario_e5_convert_half_up(amount: int, cents: int) -> None:
    assert rate().to_hk_cents(fen(amount)) == hk_cents(cents)


@given(st.integers(0, 10**12), st.integers(5000, 15000))
def test_whole_dollars_are_never_worth_more_than_the_amount(amount: int, basis: int) -> None:
    conversion = ConversionRate(
        cny_per_hkd=Decimal(basis) / 10000, source="test", as_of=rate().as_of
    )
    dollars = conversion.whole_dollars_in(fen(amount))
    assert 100 * dollars * conversion.cny_per_hkd <= amount
    assert 100 * (dollars + 1) * conversion.cny_per_hkd > amount


def test_patacas_are_counted_as_the_others_are() -> None:
    avos = Money(amount_minor=150, currency=Currency.MOP)
    assert avos + avos - Money(amount_minor=1, currency=Currency.MOP) == Money(
        amount_minor=299, currency=Currency.MOP
    )
    assert total([avos, avos], Currency.MOP).model_dump() == {"amount": "3.00", "currency": "MOP"}
    with pytest.raises(CurrencyMismatch):
        avos - hk_cents(1)


def test_amounts_are_turned_compared_and_written_to_the_unit() -> None:
    assert -fen(5) == fen(-5) and -fen(-5) == fen(5)
    assert fen(4) < fen(5) <= fen(5)
    assert not fen(5) < fen(5) and not fen(6) <= fen(5)
    assert [fen(n).decimal_text() for n in (0, 1, -1, 99, -100, 123456)] == [
        "0.00",
        "0.01",
        "-0.01",
        "0.99",
        "-1.00",
        "1234.56",
    ]
    assert str(hk_cents(-123456)) == "HKD -1,234.56" and str(fen(0)) == "CNY 0.00"
    assert (str(fen(-1)), str(fen(1))) == ("CNY -0.01", "CNY 0.01")


def test_an_amount_and_a_rate_never_change_under_who_holds_them() -> None:
    rate = ConversionRate(cny_per_hkd=Decimal("0.9"), source="s", as_of=datetime(2026, 1, 1))
    with pytest.raises(ValidationError):
        fen(1).amount_minor = 2  # type: ignore[misc]
    with pytest.raises(ValidationError):
        rate.source = "other"  # type: ignore[misc]


def test_one_object_serves_all_who_need_an_amount() -> None:
    assert fen(7654321) is fen(7654321) and hk_cents(7654321) is hk_cents(7654321)
