"""Money as whole minor units of one currency, and exchange rates with their source.

Units: ``amount_minor`` counts fen (CNY), HK cents (HKD) or avos (MOP). Mixing currencies raises;
every rounding is a function whose name says the rule. On the wire an amount is
``{"amount": "51850.50", "currency": "CNY"}`` with at most the currency's digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, model_serializer, model_validator

from crossclaim.domain.trusted import trusted

_WIRE_AMOUNT = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,2})?")


class Currency(StrEnum):
    """ISO 4217 codes of the region; each has two digits after the point."""

    CNY = "CNY"
    HKD = "HKD"
    MOP = "MOP"


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum or comparison: a bug, never a user's fault."""


class Money(BaseModel):
    """An exact amount. ``Money(128640, CNY)`` is RMB 1,286.40."""

    model_config = ConfigDict(frozen=True)

    amount_minor: int
    currency: Currency

    @model_validator(mode="before")
    @classmethod
    def _from_wire(cls, value: Any) -> Any:
        if not isinstance(value, dict) or "amount" not in value:
            return value
        unknown = set(value) - {"amount", "currency"}
        if unknown:
            raise ValueError(f"an amount has no member {sorted(unknown)[0]!r}")
        text = value["amount"]
        if not isinstance(text, str) or not _WIRE_AMOUNT.fullmatch(text):
            raise ValueError(
                "an amount is a decimal string with at most two digits after the point"
            )
        return {
            "amount_minor": int(Decimal(text).scaleb(2)),
            "currency": value.get("currency"),
        }

    @model_serializer
    def _to_wire(self) -> dict[str, str]:
        return {"amount": self.decimal_text(), "currency": self.currency.value}

    def decimal_text(self) -> str:
        """The amount in major units with exactly two digits, as banks and insurers write it."""
        sign = "-" if self.amount_minor < 0 else ""
        major, minor = divmod(abs(self.amount_minor), 100)
        return f"{sign}{major}.{minor:02d}"

    def __str__(self) -> str:
        return _read_aloud(self.amount_minor, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency is not other.currency:
            raise CurrencyMismatch(f"{self.currency.value} met {other.currency.value}")

    def __add__(self, other: Money) -> Money:
        if self.currency is not other.currency:
            self._same(other)
        return _counted(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        if self.currency is not other.currency:
            self._same(other)
        if not other.amount_minor:
            return self
        left = self.amount_minor - other.amount_minor
        return fen(left) if self.currency is _CNY else _counted(left, self.currency)

    def __neg__(self) -> Money:
        return _counted(-self.amount_minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount_minor < other.amount_minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount_minor <= other.amount_minor


_MEMBERS = {"amount_minor", "currency"}
_CNY = Currency.CNY
_HKD = Currency.HKD


@lru_cache(maxsize=4096)
def _read_aloud(amount_minor: int, currency: Currency) -> str:
    """A trace names one amount in its inputs, its result and three sentences."""
    sign = "-" if amount_minor < 0 else ""
    major, minor = divmod(abs(amount_minor), 100)
    return f"{currency} {sign}{major:,}.{minor:02d}"


# One decision makes the same amounts again and again (a line, what is left of it, its share); they
# never change, so one object serves all. Bounded, and begun anew when full.
_KEPT_MAX = 4096
_FEN: dict[int, Money] = {}
_HK_CENTS: dict[int, Money] = {}


def _counted(amount_minor: int, currency: Currency) -> Money:
    """What arithmetic has made of valid amounts; a rule result holds hundreds of these."""
    if currency is _CNY:
        return fen(amount_minor)
    if currency is _HKD:
        return hk_cents(amount_minor)
    return trusted(Money, _MEMBERS, {"amount_minor": amount_minor, "currency": currency})


def counted(amount_minor: int, currency: Currency) -> Money:
    """An amount that arithmetic has made, in the currency that its funder counts in."""
    return _counted(amount_minor, currency)


def avos(amount: int) -> Money:
    """Macao patacas in avos."""
    return _counted(amount, Currency.MOP)


def fen(amount: int) -> Money:
    """RMB in fen."""
    known = _FEN.get(amount)
    return _kept(_FEN, amount, _CNY) if known is None else known


def hk_cents(amount: int) -> Money:
    """Hong Kong dollars in cents."""
    known = _HK_CENTS.get(amount)
    return _kept(_HK_CENTS, amount, _HKD) if known is None else known


def _kept(amounts: dict[int, Money], amount: int, currency: Currency) -> Money:
    if len(amounts) >= _KEPT_MAX:
        amounts.clear()
    made = trusted(Money, _MEMBERS, {"amount_minor": amount, "currency": currency})
    amounts[amount] = made
    return made


def total(amounts: Iterable[Money], currency: Currency) -> Money:
    """The sum in ``currency``; an empty sum is zero, a foreign amount raises."""
    summed = 0
    for amount in amounts:
        if amount.currency is not currency:
            raise CurrencyMismatch(f"{currency.value} met {amount.currency.value}")
        summed += amount.amount_minor
    return _counted(summed, currency)


_ONE = Decimal(1)


def half_up(value: Decimal) -> int:
    """Nearest whole unit, halves away from zero: the rule of every rounding but voucher dollars."""
    return int(value.quantize(_ONE, rounding=ROUND_HALF_UP))


class ConversionRate(BaseModel):
    """CNY for one unit of ``currency`` with its source and moment; frozen with the figure it made.

    ``cny_per_hkd`` is named after the first currency there was: stored splits know it so.
    """

    model_config = ConfigDict(frozen=True)

    cny_per_hkd: Decimal
    source: str
    as_of: datetime
    rate_id: str = ""
    currency: Currency = Currency.HKD
    fixed_by: str = ""
    """The insurer that fixed the rate for its own amounts; empty: it holds for all others."""

    def to_fen(self, amount: Money) -> Money:
        """The rate's currency to CNY, half up to the fen."""
        if amount.currency is not self.currency:
            raise CurrencyMismatch(
                f"the rate converts {self.currency.value}, not {amount.currency.value}"
            )
        return fen(half_up(amount.amount_minor * self.cny_per_hkd))

    def from_fen(self, amount: Money) -> Money:
        """CNY to the rate's currency, half up to its hundredth."""
        if amount.currency is not Currency.CNY:
            raise CurrencyMismatch(f"the rate converts CNY, not {amount.currency.value}")
        return _counted(half_up(Decimal(amount.amount_minor) / self.cny_per_hkd), self.currency)

    def to_hk_cents(self, amount: Money) -> Money:
        """CNY to HKD, half up to the cent."""
        if self.currency is not Currency.HKD:
            raise CurrencyMismatch(f"the rate converts {self.currency.value}, not HKD")
        return self.from_fen(amount)

    def whole_dollars_in(self, amount: Money) -> int:
        """How many whole Hong Kong dollars a CNY amount is worth, rounded down."""
        if self.currency is not Currency.HKD:
            raise CurrencyMismatch(f"vouchers are HKD, not {self.currency.value}")
        if amount.currency is not Currency.CNY:
            raise CurrencyMismatch(f"the rate converts CNY, not {amount.currency.value}")
        dollars = Decimal(amount.amount_minor) / (100 * self.cny_per_hkd)
        return int(dollars.quantize(_ONE, rounding=ROUND_DOWN))
