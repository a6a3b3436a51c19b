"""What rule files say beside their values, in the languages of whoever reads it.

The words stand by the whole text that the file has: one that was changed, or is a plan's of
somebody else, is told as it is written, and nobody reads the translation of something else.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.story_phrase import plain
from crossclaim.plans.tree import SAFE

TEXTS = Path(__file__).parent / "texts"


def told(text: str) -> Sentence:
    """An introduction, an owner, a source or a note of a rule file."""
    return _known().get(text) or plain(text)


@functools.cache
def _known() -> Mapping[str, Sentence]:
    found: dict[str, Sentence] = {}
    for path in sorted(TEXTS.glob("*.yaml")):
        for one in _read(path):
            said = Sentence(en=one["en"], zh_hant=one["zh_hant"], zh_hans=one["zh_hans"])
            found[one.get("text", one["en"])] = said
    return found


def _read(path: Path) -> list[dict[str, str]]:
    loader = SAFE(path.read_text(encoding="utf-8"))
    try:
        entries: list[dict[str, str]] = loader.get_single_data()
    finally:
        loader.dispose()
    return entries
