"""What a page of the search is asked with: read from an address or a form, and written back to one.

What is no value of ours narrows nothing, and the page says that it was left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams

from crossclaim.console.entrance import is_episode_id
from crossclaim.console.services import CountedBy, EpisodeSearch, Sorting
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.figures import Indicator
from crossclaim.domain.records import CLOSED_STATUSES
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.submission import FunderKind

PAGE = 50
PAYOUTS = (
    "to_be_approved",
    "reserved",
    "sent",
    "accepted",
    "credited",
    "unknown",
    "rejected",
    "returned",
    "cancelled",
)
STATES = ("open", *sorted(CLOSED_STATUSES, reverse=True))
STAGES = ("consent", "treatment", "bill", "split", "claim", "decision", "payout", "closed", "over")
FUNDERS = tuple(sorted(kind.value for kind in FunderKind))
DUE = ("overdue", "today", "week")
LONGEST = 200
_YUAN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_ORGANISATION = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_MANY = ("state", "stage", "hospital", "city", "insurer", "funder", "payout", "reason")
_ONE = ("due", "from", "to", "sort", "figure", "month", "part")
_KNOWN = {*_MANY, *_ONE, "after", "value", "text", "said", "view", "csrf", "language", "theme"}


class Asked(Frozen):
    """The search, its filters as they were given, and whether something was left out."""

    search: EpisodeSearch
    filters: dict[str, list[str]]
    """By the names of an address; never the text."""
    left_out: bool = False

    @property
    def query(self) -> str:
        return urlencode([(name, v) for name, values in self.filters.items() for v in values])


def asked_of(
    given: FormData | QueryParams, reference: Reference, text: str, now: datetime
) -> Asked:
    """A text counts in a form alone; see ``search_pages``."""
    known = _choices(reference)
    filters: dict[str, list[str]] = {}
    wanted = 0
    for name in _MANY:
        values = list(dict.fromkeys(several(given, name)))
        wanted += len(values)
        if kept := [value for value in values if known[name](value)]:
            filters[name] = kept
    for name in _ONE:
        value = str(given.get(name, "")).strip()
        wanted += bool(value)
        if value and (checked := _checked(name, value)):
            filters[name] = [checked]
    figure = _figure(filters)
    if figure is None:
        for name in ("figure", "month", "part"):
            filters.pop(name, None)
    kept_now = sum(len(values) for values in filters.values())
    strange = any(name not in _KNOWN and value for name, value in given.multi_items())
    return Asked(
        search=_search(filters, figure, reference, text, given, now),
        filters=filters,
        left_out=strange or kept_now < wanted,
    )


def _choices(reference: Reference) -> dict[str, Callable[[str], bool]]:
    """An organisation that we do not know has no episodes; what is no value at all is left out."""
    cities = cities_of(reference)
    return {
        "state": STATES.__contains__,
        "stage": STAGES.__contains__,
        "hospital": lambda value: _ORGANISATION.fullmatch(value) is not None,
        "city": cities.__contains__,
        "insurer": lambda value: _ORGANISATION.fullmatch(value) is not None,
        "funder": FUNDERS.__contains__,
        "payout": PAYOUTS.__contains__,
        "reason": EXCEPTIONS.__contains__,
    }


def cities_of(reference: Reference) -> list[str]:
    return sorted({hospital.city for hospital in reference.hospitals})


def _checked(name: str, value: str) -> str | None:
    """As an address keeps it, or nothing for what it cannot be."""
    match name:
        case "due":
            return value if value in DUE else None
        case "from" | "to":
            return value if _fen(value) is not None else None
        case "sort":
            return value if value in set(Sorting) else None
        case "figure":
            return value if value in set(Indicator) else None
        case "month":
            return value if _MONTH.fullmatch(value) else None
    return value if value in ("good", "rest") else None


def _search(
    filters: dict[str, list[str]],
    figure: CountedBy | None,
    reference: Reference,
    text: str,
    given: FormData | QueryParams,
    now: datetime,
) -> EpisodeSearch:
    def one(name: str) -> str:
        return filters.get(name, [""])[0]

    cities = filters.get("city")
    after, value = str(given.get("after", "")), str(given.get("value", ""))
    sort = Sorting(one("sort") or Sorting.NEWEST)
    return EpisodeSearch(
        states=filters.get("state", []),
        stages=filters.get("stage", []),
        hospitals=filters.get("hospital", []),
        in_cities=[h.id for h in reference.hospitals if h.city in cities] if cities else None,
        insurers=filters.get("insurer", []),
        funders=filters.get("funder", []),
        payouts=filters.get("payout", []),
        reasons=filters.get("reason", []),
        amount_from=_fen(one("from")),
        amount_to=_fen(one("to")),
        due_before=_due_before(one("due"), now),
        due_after=now if one("due") in ("today", "week") else None,
        sort=sort,
        figure=figure,
        text=" ".join(text[:LONGEST].replace("\x00", "").split()),
        limit=PAGE,
        after=after if is_episode_id(after) and is_place(sort, value) else None,
        after_value=value or None,
    )


def is_place(sort: Sorting, value: str) -> bool:
    """Whether a list in this order can go on from ``value``."""
    match sort:
        case Sorting.NEWEST | Sorting.OLDEST:
            return not value
        case Sorting.MOST | Sorting.LEAST:
            return value.isascii() and value.isdigit() and len(value) < 18
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _due_before(due: str, now: datetime) -> datetime | None:
    if due == "overdue":
        return now
    if due not in ("today", "week"):
        return None
    day = now.astimezone(REGION_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    return (day + timedelta(days=1 if due == "today" else 7)).astimezone(UTC)


def _fen(value: str) -> int | None:
    """Yuan as somebody writes them, with or without commas."""
    plain = unicodedata.normalize("NFKC", value).replace(",", "").strip()
    return int(Decimal(plain) * 100) if _YUAN.fullmatch(plain) else None


def _figure(filters: dict[str, list[str]]) -> CountedBy | None:
    """What a figure counts in a month; a figure or month that is none counts nothing."""
    if "figure" not in filters or "month" not in filters:
        return None
    good = filters.get("part", ["good"])[0] == "good"
    indicator, month = Indicator(filters["figure"][0]), filters["month"][0]
    return CountedBy(indicator=indicator, month=month, good=good)


def several(given: FormData | QueryParams, name: str) -> list[str]:
    values = (str(value) for key, value in given.multi_items() if key == name)
    return [value for value in values if value and len(value) < 100 and "\x00" not in value]
