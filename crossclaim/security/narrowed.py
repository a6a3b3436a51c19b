"""To which episodes alone a request may look, where it is a patient's."""

from __future__ import annotations

from contextvars import ContextVar

NOTHING = "-"
"""Names no episode: a session of nobody sees nothing."""
ONLY_EPISODES: ContextVar[tuple[str, ...] | None] = ContextVar("only_episodes", default=None)
"""Of the request that is being answered; the database reads it for every transaction. None: it is
not narrowed."""
