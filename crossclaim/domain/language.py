"""The reader's language, out of ``Accept-Language``."""

from __future__ import annotations

import re
from enum import StrEnum

from crossclaim.domain.allocation import Sentence


class Language(StrEnum):
    """The languages of the region's paperwork, as BCP 47 tags."""

    EN = "en"
    ZH_HANT = "zh-Hant"
    ZH_HANS = "zh-Hans"


_TRADITIONAL = ("zh-hant", "zh-hk", "zh-mo", "zh-tw", "yue")
_MAX_RANGES = 20
_HAN = re.compile("[\u4e00-\u9fff]")


def preferred_language(accepted: str | None) -> Language:
    """The best of our languages; English when nothing fits or the header cannot be read."""
    ranges = [_weighed(part) for part in (accepted or "").lower().split(",")[:_MAX_RANGES]]
    ranges.sort(key=lambda ranged: -ranged[1])
    fitting = (_language_of(tag) for tag, weight in ranges if weight > 0)
    return next((language for language in fitting if language), Language.EN)


def spoken(sentence: Sentence, language: Language) -> str:
    match language:
        case Language.ZH_HANT:
            return sentence.zh_hant
        case Language.ZH_HANS:
            return sentence.zh_hans
        case Language.EN:
            return sentence.en


def written_in(text: str) -> Language:
    """Of a text that does not say; Chinese that both ways of writing share counts as simplified."""
    characters = _HAN.findall(text)
    if not characters:
        return Language.EN
    try:
        "".join(characters).encode("gb2312")
    except UnicodeEncodeError:
        # The mainland's first set has no traditional form of a character that it simplified.
        return Language.ZH_HANT
    return Language.ZH_HANS


def _weighed(part: str) -> tuple[str, float]:
    tag, _, parameter = part.strip().partition(";")
    name, _, weight = parameter.strip().partition("=")
    try:
        return tag.strip(), float(weight) if name.strip() == "q" else 1.0
    except ValueError:
        return tag.strip(), 0.0


def _language_of(tag: str) -> Language | None:
    if tag.startswith(_TRADITIONAL):
        return Language.ZH_HANT
    if tag == "zh" or tag.startswith("zh-"):
        return Language.ZH_HANS
    return Language.EN if tag == "en" or tag.startswith("en-") else None
