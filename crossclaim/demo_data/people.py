"""Invented patients: names of the region in both scripts, a document with its check digit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

_SURNAMES = (
    ("陳", "Chan"), ("黃", "Wong"), ("李", "Lee"), ("梁", "Leung"), ("林", "Lam"), ("張", "Cheung"),
    ("何", "Ho"), ("吳", "Ng"), ("劉", "Lau"), ("鄭", "Cheng"), ("周", "Chow"), ("葉", "Yip"),
    ("曾", "Tsang"), ("馮", "Fung"), ("蔡", "Choi"), ("鄧", "Tang"), ("譚", "Tam"), ("羅", "Law"),
    ("潘", "Poon"), ("謝", "Tse"), ("歐陽", "Au Yeung"), ("司徒", "Szeto"),
)  # fmt: skip
_GIVEN = (
    ("家", "Ka"), ("志", "Chi"), ("偉", "Wai"), ("明", "Ming"), ("美", "Mei"), ("玉", "Yuk"),
    ("麗", "Lai"), ("文", "Man"), ("國", "Kwok"), ("永", "Wing"), ("惠", "Wai"), ("芳", "Fong"),
    ("強", "Keung"), ("健", "Kin"), ("秀", "Sau"), ("英", "Ying"), ("華", "Wah"), ("珍", "Chun"),
    ("生", "Sang"), ("儀", "Yee"), ("娟", "Kuen"), ("德", "Tak"), ("金", "Kam"), ("蓮", "Lin"),
)  # fmt: skip
_PREFIXES = "ABCDEGHKPRSVYZ"


@dataclass(frozen=True, slots=True)
class Patient:
    """``hkid`` has no brackets."""

    name_zh: str
    name_en: str
    hkid: str
    birth_date: date


def patient(random: Random, seen_on: date) -> Patient:
    """Of the age of those who use vouchers: 65 to 92 years when they are seen."""
    surname, first, second = random.choice(_SURNAMES), random.choice(_GIVEN), random.choice(_GIVEN)
    return Patient(
        name_zh=f"{surname[0]}{first[0]}{second[0]}",
        name_en=f"{surname[1].upper()} {first[1]} {second[1]}",
        hkid=hkid(random.choice(_PREFIXES), random.randrange(1_000_000)),
        birth_date=seen_on - timedelta(days=random.randint(65 * 366, 92 * 365)),
    )


def hkid(letter: str, number: int) -> str:
    """With its check digit (domain rules C: weights 9 to 2, a blank before one letter is 36)."""
    digits = f"{number:06d}"
    values = (36, ord(letter) - 55, *map(int, digits))
    rest = -sum(w * v for w, v in zip(range(9, 1, -1), values, strict=True)) % 11
    return f"{letter}{digits}{'A' if rest == 10 else rest}"
