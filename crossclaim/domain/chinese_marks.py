"""Sets Chinese sentences with the marks of Chinese print: full width beside Chinese characters.

Words are written as keyboards give them; a sentence is set where it is spoken, so none is missed.
Figures, times, codes and names in Latin letters keep their own marks.
"""

from __future__ import annotations

import re
from functools import lru_cache

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CLOSED = f"{_HAN}}}》」』）”。，；：？！％"
_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
# A placeholder's own colon or comma stands inside its braces, where neither follows a bracket.
_AFTER_HAN = re.compile(rf"(?<=[{_CLOSED}])([,;:?!]) ?(?![0-9]*\}})")
_BEFORE_HAN = re.compile(rf"(?<=[A-Za-z0-9])([,;?!:])(?=[{_HAN}])")
_BRACKETS = re.compile(rf" ?\(([^()]*[{_HAN}][^()]*)\)|(?<=[{_HAN}}}])\(([^()]*)\)")


@lru_cache(maxsize=8192)
def full_width(text: str) -> str:
    """The text with full-width marks wherever Chinese characters are; others stay as they are."""
    if text.isascii():
        return text
    text = _BRACKETS.sub(lambda found: f"（{found[1] or found[2] or ''}）", text)
    text = _AFTER_HAN.sub(lambda found: _MARKS[found[1]], text)
    return _BEFORE_HAN.sub(lambda found: _MARKS[found[1]], text)
