"""Whoever is named in another person's record has a key of his own beside that record's.

So he is forgotten without the record, and the record without him.
"""

from __future__ import annotations

_SPOUSE = "-spouse"


def spouse_scope(episode_id: str) -> str:
    """Whose vouchers were used in somebody else's episode."""
    return f"{episode_id}{_SPOUSE}"


def record_of(scope: str) -> str:
    """The record in which a scope's person is named; the scope itself where it is a record."""
    return scope.removesuffix(_SPOUSE)
