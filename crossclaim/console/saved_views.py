"""A person's own ways to look at a page: filters and sorting under a name. Pure, and the port."""

from __future__ import annotations

import re
from typing import Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.search_text import read_text
from crossclaim.domain.submission import DocumentType
from crossclaim.security.roles import Principal

LONGEST_NAME = 80


class SavedView(Frozen):
    id: str
    name: str
    query: str
    """As an address shows it; never a text that was searched for."""
    own: bool
    """Of whoever looks; else a colleague shares it."""
    shared: bool
    is_default: bool = False


class SavedViews(Protocol):
    """Views of the visitor's organisation: his own, and those that are shared."""

    async def listed(self, principal: Principal, page: str) -> list[SavedView]:
        """By name."""
        ...

    async def save(self, principal: Principal, page: str, name: str, query: str) -> str:
        """The new view's id."""
        ...

    async def change(self, principal: Principal, view_id: str, change: ViewChange) -> bool:
        """Whether it was there and the visitor's own; nobody changes another's."""
        ...


class ViewChange(Frozen):
    """What is ``None`` stays."""

    name: str | None = None
    shared: bool | None = None
    is_default: bool | None = None
    ended: bool = False


def name_defect(name: str) -> str | None:
    """The word of what is wrong with a view's name, or nothing. A name is shown to colleagues and
    kept for long, so an identity document has no place in it."""
    if not name:
        return "view_unnamed"
    joined = re.sub(r"\s+", "", name)
    words = [name, joined, *re.split(r"[\s,;:]+", name)]
    return "view_personal" if any(_document(word) for word in words) else None


def _document(word: str) -> bool:
    # A certificate's number has the form of many an amount.
    return bool(set(read_text(word).documents) - {DocumentType.CERT_EXEMPTION})
