"""What a request says it is for, where that decides what it may see."""

from __future__ import annotations

from contextvars import ContextVar

LEGAL = "legal"
"""A claim, a court or an authority: what is only stored may be looked at for it."""
PURPOSES = frozenset({LEGAL})
PURPOSE: ContextVar[str] = ContextVar("purpose", default="")
"""Of the request that is being answered; the database reads it for every transaction."""
