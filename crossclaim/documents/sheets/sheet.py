"""One paper's content in one language, whatever it is about: what the one template sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import Money
from crossclaim.domain.reference import Names
from crossclaim.domain.stay import REGION_ZONE

Triple = tuple[str, str, str]
Pair = tuple[str, str]


@dataclass(frozen=True)
class Grid:
    """A table; ``shares`` are the columns' widths, figures stand to the right."""

    columns: list[str]
    shares: list[int]
    rows: list[list[str]]
    heading: str = ""
    figures: tuple[int, ...] = ()
    """Places of columns that hold figures."""
    empty: str = ""
    """Said where there is no row."""


@dataclass(frozen=True)
class Notes:
    heading: str
    texts: list[str]


@dataclass(frozen=True)
class Sheet:
    """``dated``: the moment of its facts; the file's own time is that one."""

    kind: PaperKind
    subject: str
    """What the paper is about, for ever the same: papers of one subject replace each other."""
    title: str
    number: str
    issuer: str
    """The id of whoever says what stands there."""
    dated: datetime
    head: list[Pair]
    body: list[Grid | Notes]
    totals: list[Pair]
    wide: bool = False
    """Set across the page."""


def place_of(language: str) -> int:
    return {"en": 0, "zh-Hant": 1}.get(language, 2)


def name_in(names: Names, place: int) -> str:
    return (names.en, names.zh_hant, names.zh_hans)[place]


def moment(at: datetime) -> str:
    return f"{at.astimezone(REGION_ZONE):%Y-%m-%d %H:%M}"


def money(amount: Money) -> str:
    """With its currency and commas: for reading, not for a machine."""
    sign, text = "-" if amount.amount_minor < 0 else "", amount.decimal_text().lstrip("-")
    whole, _, digits = text.partition(".")
    return f"{amount.currency.value} {sign}{int(whole):,}.{digits}"
