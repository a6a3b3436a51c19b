"""References that are no text any more: digests of what a bank wrote, and what they mean. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossclaim.domain.matching import Expected, Stated

MARK = "#"
"""No reference of ours begins so."""
_DIGITS = 32


def digest_of(text: str) -> str:
    """How a reference is kept that was not ours when it came; it is told from a plain one."""
    return f"{MARK}{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"


def look_of(text: str) -> str:
    """A digest of what is left of a reference once case, blanks and signs are taken away.

    What stands in a reference's place may be a person's name, so that it is not kept as it came.
    """
    plain = "".join(c for c in text.casefold() if c.isascii() and c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()[:_DIGITS] if plain else ""


def with_plain_references(
    stated: Sequence[Stated], expected: Iterable[Expected], settled: Iterable[tuple[str, str]]
) -> Sequence[Stated]:
    """Digests of what has become ours since stand for it again."""
    if not any(is_digest(s.reference) or is_digest(s.group) for s in stated):
        return stated
    texts = {text for e in expected for text in (e.reference, e.group)}
    texts |= {reference for _, reference in settled}
    plain = {digest_of(text): text for text in texts if text}
    return [
        replace(s, reference=plain.get(s.reference, s.reference), group=plain.get(s.group, s.group))
        if is_digest(s.reference) or is_digest(s.group)
        else s
        for s in stated
    ]


def is_digest(reference: str) -> bool:
    return reference[:1] == MARK
