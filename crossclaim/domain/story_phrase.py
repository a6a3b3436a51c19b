"""Fills a sentence's words in the region's three languages; times are told in the region's zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.chinese_marks import full_width
from crossclaim.domain.money import Money
from crossclaim.domain.stay import REGION_ZONE

Triple = tuple[str, str, str]
"""English, Traditional Chinese, Simplified Chinese."""
Value = Sentence | Money | datetime | date | str | int


def local_time(moment: datetime) -> str:
    """To the minute, in the region's zone (UTC+8)."""
    return f"{moment.astimezone(REGION_ZONE):%Y-%m-%d %H:%M}"


def plain(text: str) -> Sentence:
    """What is written alike in every language: a code, a reference, an amount."""
    return Sentence(en=text, zh_hant=text, zh_hans=text)


def sentence_of(triple: Triple) -> Sentence:
    return Sentence(en=triple[0], zh_hant=full_width(triple[1]), zh_hans=full_width(triple[2]))


def filled(triple: Triple, **values: Value) -> Sentence:
    """The sentence with its values, each in its language. Raises KeyError when one is missing."""
    spoken = {name: _spoken(value) for name, value in values.items()}
    return Sentence(
        en=triple[0].format(**{name: s.en for name, s in spoken.items()}),
        zh_hant=full_width(triple[1]).format(**{name: s.zh_hant for name, s in spoken.items()}),
        zh_hans=full_width(triple[2]).format(**{name: s.zh_hans for name, s in spoken.items()}),
    )


def joined(sentences: Iterable[Sentence], separators: Triple = (", ", "、", "、")) -> Sentence:
    """One after the other, as each language separates them."""
    listed = list(sentences)
    return Sentence(
        en=separators[0].join(s.en for s in listed),
        zh_hant=separators[1].join(s.zh_hant for s in listed),
        zh_hans=separators[2].join(s.zh_hans for s in listed),
    )


def _spoken(value: Value) -> Sentence:
    if isinstance(value, Sentence):
        return value
    if isinstance(value, datetime):
        return plain(local_time(value))
    return plain(str(value))
