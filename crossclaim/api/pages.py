"""Pages of what is read whole: lists about one thing, that grow by rows at their end."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import Query

from crossclaim.api.problem_sentences import problem_fault, problem_sentence
from crossclaim.domain.errors import Refused

Limit = Annotated[int, Query(ge=1, le=200)]

_MARK = "at:"


def page_of(body: dict[str, Any], name: str, limit: int, cursor: str | None) -> dict[str, Any]:
    """``body`` with ``limit`` of its ``name``, and the cursor of the next ones."""
    begin, rows = _begin(cursor), body[name]
    end = begin + limit
    more = _sealed(end) if end < len(rows) else None
    return {**body, name: rows[begin:end], "next": more}


def _begin(cursor: str | None) -> int:
    """Raises ``Refused`` for a cursor that is none of ours."""
    if cursor is None:
        return 0
    try:
        told = base64.urlsafe_b64decode(cursor.encode()).decode("ascii")
    except ValueError:
        told = ""
    place = told.removeprefix(_MARK)
    if not told.startswith(_MARK) or not place.isdecimal() or len(place) > 9:
        code = "PARAMETERS_REFUSED"
        fault = problem_fault("PARAMETER_NOT_VALID", "/query/cursor")
        raise Refused(problem_sentence(code).en, [fault], code=code)
    return int(place)


def _sealed(place: int) -> str:
    return base64.urlsafe_b64encode(f"{_MARK}{place}".encode()).decode()
