"""SQL statements by their text, each read once: the same text gives the same statement."""

from __future__ import annotations

from functools import lru_cache

import sqlalchemy
from sqlalchemy import TextClause


@lru_cache(maxsize=1024)
def text(statement: str) -> TextClause:
    """As ``sqlalchemy.text``, which would look for the binds anew at every execution."""
    return sqlalchemy.text(statement)
