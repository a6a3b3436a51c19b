"""Sentences of the rules' codes that can be said without the values of a case."""

from __future__ import annotations

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.sentences import BY_CODE, placeholders


def said_alone(code: str) -> Sentence | None:
    """None where the code's sentence needs values, or where the code is not ours."""
    texts = BY_CODE.get(code)
    if texts is None or any(placeholders(text) for text in texts):
        return None
    return Sentence(en=texts[0], zh_hant=texts[1], zh_hans=texts[2])
