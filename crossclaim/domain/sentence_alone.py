"""The sentence of a code that stands without values."""

from __future__ import annotations

from crossclaim.domain.allocation import Sentence
from crossclaim.domain.sentences import placeholders, reasons, templates

_BY_CODE = {reason.value: templates(reason) for reason in reasons()}


def said_alone(code: str) -> Sentence | None:
    """None where the sentence needs values, or the code is not ours."""
    texts = _BY_CODE.get(code)
    if texts is None or any(placeholders(text) for text in texts):
        return None
    return Sentence(en=texts[0], zh_hant=texts[1], zh_hans=texts[2])
