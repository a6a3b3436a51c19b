"""What the worklist is asked with, read from an address and written back to one."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams

from crossclaim.console.worklist import SOURCES, WorkOrder, WorkSearch
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.work_causes import CAUSES
from crossclaim.domain.worklist import WorkKind, WorkState, kind_of

PAGE = 100
OWNERS = ("mine", "nobody")
_PARTY = re.compile(r"-|[a-z0-9][a-z0-9-]{0,60}")
_ITEM = re.compile(rf"[{SOURCES}][0-9]{{1,17}}")
_MANY = ("kind", "code", "party", "state")
_ONE = ("owner", "due", "sort", "shape")
_KNOWN = {*_MANY, *_ONE, "after", "value", "said", "view", "language", "theme"}


class WorkAsked(Frozen):
    search: WorkSearch
    filters: dict[str, list[str]]
    grouped: bool
    left_out: bool = False

    @property
    def query(self) -> str:
        return urlencode([(name, v) for name, values in self.filters.items() for v in values])


def work_asked(given: FormData | QueryParams) -> WorkAsked:
    """Groups of causes, unless one asks for the exceptions themselves or for one cause."""
    filters: dict[str, list[str]] = {}
    wanted = 0
    for name in (*_MANY, *_ONE):
        values = list(dict.fromkeys(str(v) for k, v in given.multi_items() if k == name and v))
        values = values if name in _MANY else values[:1]
        wanted += len(values)
        if kept := [value for value in values if _is_one(name, value)]:
            filters[name] = kept
    kinds = filters.get("kind", [])
    of_kinds = [code for code in sorted(CAUSES) if kind_of(code) in kinds]
    codes = filters.get("code", [])
    chosen = [code for code in codes if not kinds or code in of_kinds] if codes else of_kinds
    after, value = str(given.get("after", "")), str(given.get("value", ""))
    sort = WorkOrder(filters.get("sort", [WorkOrder.PRIORITY])[0])
    begins = is_item(after) and _is_place(sort, value)
    strange = any(name not in _KNOWN and v for name, v in given.multi_items())
    return WorkAsked(
        search=WorkSearch(
            codes=chosen,
            parties=filters.get("party", []),
            states=filters.get("state", []),
            owner=filters.get("owner", [""])[0],
            overdue="due" in filters,
            sort=sort,
            limit=PAGE + 1,
            after=after if begins else None,
            after_value=value if begins else None,
        ),
        filters=filters,
        grouped=not codes and filters.get("shape", ["groups"]) == ["groups"],
        left_out=strange or sum(map(len, filters.values())) < wanted,
    )


def is_item(given: str) -> bool:
    return _ITEM.fullmatch(given) is not None


def _is_one(name: str, value: str) -> bool:
    match name:
        case "kind":
            return value in set(WorkKind)
        case "code":
            return value in CAUSES
        case "party":
            return _PARTY.fullmatch(value) is not None
        case "state":
            return value in set(WorkState)
        case "owner":
            return value in OWNERS
        case "due":
            return value == "overdue"
        case "sort":
            return value in set(WorkOrder)
    return value in ("groups", "list")


def _is_place(sort: WorkOrder, value: str) -> bool:
    if sort is WorkOrder.PRIORITY:
        return re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,20})?", value) is not None
    if sort is WorkOrder.AMOUNT:
        return re.fullmatch(r"[0-9]{1,17}", value) is not None
    return re.fullmatch(r"[0-9T:.+-]{19,40}", value) is not None and _is_moment(value)


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False
