"""Reads a search's parameters, and writes its Bundle with the links to further pages."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from crossclaim.api.fhir_fault import FhirFault, fault, operation_outcome
from crossclaim.api.fhir_port import FhirPage, FhirQuery, Resource
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Refused
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.fhir.datatypes import our_id
from crossclaim.fhir.served import RESULT, Served

COUNT, COUNT_MAX = 20, 100
DAYS_MAX = 31
VALUES_MAX = 50
_MOMENT = re.compile(
    r"(eq|ne|gt|lt|ge|le|sa|eb)?(\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?"
    r"(?:Z|[+-]\d{2}:\d{2}))?)?)?)"
)
Pairs = list[tuple[str, str]]


class SearchRefused(Refused):
    """A search that cannot be understood."""

    status = 400
    code = "PARAMETERS_REFUSED"


class Search(NamedTuple):
    query: FhirQuery
    ignored: list[Fault]
    """What was not known and passed over, since the caller did not ask for strictness."""
    used: Pairs
    """The parameters that the answer rests on, without the page's own."""


def read_search(
    served: Served, pairs: Iterable[tuple[str, str]], *, strict: bool, today: date
) -> Search:
    """Raises ``SearchRefused`` with every parameter that cannot be used."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    unknown: list[Fault] = []
    used: Pairs = []
    for name, text in pairs:
        known = name in served.parameters or name in RESULT
        if not known or not text:
            unknown.append(fault(FhirFault.PARAMETER_UNKNOWN, f"http.{name[:64]}"))
            continue
        try:
            text.encode()
            if "\x00" in text:
                raise ValueError
            _READERS[name](served, values, text)
        except (ValueError, OverflowError, RecursionError):
            faults.append(fault(FhirFault.PARAMETER_VALUE, f"http.{name}"))
        if name != "_cursor":
            used.append((name, text))
    # A modifier changes what is asked for, so it is never passed over.
    faults += [one for one in unknown if strict or ":" in one.pointer]
    if served.type == "PaymentReconciliation" and not faults:
        try:
            values["days"] = _days(values.get("created", []), today)
        except (ValueError, OverflowError):
            faults.append(fault(FhirFault.PARAMETER_VALUE, "http.created"))
    if faults:
        raise SearchRefused("the search cannot be understood", faults)
    return Search(FhirQuery(**values), unknown, used)


def bundle_of(address: str, search: Search, page: FhirPage) -> Resource:
    """A searchset; ``total`` is told where it costs nothing: when one page holds all."""
    links = [{"relation": "self", "url": _url(address, search.used)}]
    if page.after is not None:
        cursor = base64.urlsafe_b64encode(json.dumps(page.after).encode()).decode()
        links.append(
            {"relation": "next", "url": _url(address, [*search.used, ("_cursor", cursor)])}
        )
    entries = [_entry(address, one, "match") for one in page.found]
    entries += [_entry(address, one, "include") for one in page.included]
    if search.ignored:
        outcome = operation_outcome(search.ignored, severity="warning")
        entries.append({"resource": outcome, "search": {"mode": "outcome"}})
    found: Resource = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if page.after is None and search.query.after is None:
        found["total"] = len(page.found)
    return {**found, "entry": entries} if entries else found


def _entry(address: str, resource: Resource, mode: str) -> Resource:
    place = address.rpartition("/")[0]
    url = f"{place}/{resource['resourceType']}/{resource['id']}"
    return {"fullUrl": url, "resource": resource, "search": {"mode": mode}}


def _url(address: str, pairs: Pairs) -> str:
    return f"{address}?{urlencode(pairs)}" if pairs else address


Reader = Callable[[Served, dict[str, Any], str], None]


def _several(text: str) -> list[str]:
    found = text.split(",")
    if len(found) > VALUES_MAX or not all(found):
        raise ValueError
    return found


def _narrow(values: dict[str, Any], name: str, found: list[Any]) -> None:
    """A parameter that is repeated must hold each time."""
    before = values.get(name)
    values[name] = found if before is None else [one for one in before if one in found]


def _read_id(served: Served, values: dict[str, Any], text: str) -> None:
    ids = _several(text)
    if served.type != "PaymentReconciliation":
        ids = [ours for one in ids if (ours := our_id(one)) is not None]
    _narrow(values, "ids", ids)


def _read_patient(served: Served, values: dict[str, Any], text: str) -> None:
    ids = [one.removeprefix("Patient/") for one in _several(text)]
    if any("/" in one for one in ids):
        raise ValueError
    _narrow(values, "patients", [ours for one in ids if (ours := our_id(one)) is not None])


def _read_status(served: Served, values: dict[str, Any], text: str) -> None:
    _narrow(values, "statuses", [one.rpartition("|")[2] for one in _several(text)])


def _read_identifier(served: Served, values: dict[str, Any], text: str) -> None:
    if "identifiers" in values:
        raise ValueError
    found = []
    for one in _several(text):
        system, bar, value = one.rpartition("|")
        if not value:
            raise ValueError
        found.append((system if bar else None, value))
    values["identifiers"] = found


def _read_moment(name: str) -> Reader:
    def read(served: Served, values: dict[str, Any], text: str) -> None:
        match = _MOMENT.fullmatch(text)
        if match is None:
            raise ValueError
        start, end = _span(match[2])
        values.setdefault(name, []).extend(_bounds(match[1] or "eq", start, end))

    return read


def _bounds(prefix: str, start: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """FHIR compares with the whole span that a partial date names; ``end`` is no part of it."""
    if prefix in ("eq", "ne"):
        if prefix == "ne":
            raise ValueError
        return [(">=", start), ("<", end)]
    bounds = {"gt": (">=", end), "sa": (">=", end), "ge": (">=", start)}
    bounds |= {"lt": ("<", start), "eb": ("<", start), "le": ("<", end)}
    return [bounds[prefix]]


def _span(text: str) -> tuple[datetime, datetime]:
    """A day without a time is a day of the region."""
    if "T" in text:
        start = datetime.fromisoformat(text)
        return start, start + (timedelta(milliseconds=1) if "." in text else timedelta(seconds=1))
    parts = [int(part) for part in text.split("-")]
    month, first = [*parts[1:], 1, 1][:2]
    start = datetime(parts[0], month, first, tzinfo=REGION_ZONE)
    if len(parts) == 1:
        return start, start.replace(year=start.year + 1)
    if len(parts) == 2:
        later = start + timedelta(days=32)
        return start, later.replace(day=1)
    return start, start + timedelta(days=1)


def _days(created: list[tuple[str, datetime]], today: date) -> list[date]:
    """The days that a search of settlements is about: the last month unless it says otherwise."""
    first, end = today - timedelta(days=DAYS_MAX - 1), today + timedelta(days=1)
    lower = [moment for operator, moment in created if operator == ">="]
    upper = [moment for operator, moment in created if operator == "<"]
    if upper:
        end = min(moment.astimezone(REGION_ZONE).date() for moment in upper)
        first = end - timedelta(days=DAYS_MAX)
    if lower:
        first = max(moment.astimezone(REGION_ZONE).date() for moment in lower)
    if (end - first).days > DAYS_MAX:
        raise ValueError
    return [first + timedelta(days=n) for n in range(max(0, (end - first).days))]


def _read_count(served: Served, values: dict[str, Any], text: str) -> None:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else -1
    if number < 1:
        raise ValueError
    values["limit"] = min(number, COUNT_MAX)


def _read_cursor(served: Served, values: dict[str, Any], text: str) -> None:
    found = json.loads(base64.urlsafe_b64decode(text.encode()))
    if not isinstance(found, list) or not 1 <= len(found) <= 3 or type(found[0]) is not int:
        raise ValueError
    if not all(type(one) in (int, str) for one in found) or "\x00" in "".join(map(str, found)):
        raise ValueError
    "".join(map(str, found)).encode()
    values["after"] = found


def _read_include(served: Served, values: dict[str, Any], text: str) -> None:
    kind, _, name = text.partition(":")
    paths = [path for known, path in served.includes if known == name or name == "*"]
    if kind != served.type or not paths:
        raise ValueError
    values["includes"] = [*values.get("includes", []), *paths]


def _read_format(served: Served, values: dict[str, Any], text: str) -> None:
    if text.partition(";")[0] not in ("json", "application/json", "application/fhir+json"):
        raise ValueError


def _passed(served: Served, values: dict[str, Any], text: str) -> None:
    """Any value of it is answered the same."""


def _read_total(served: Served, values: dict[str, Any], text: str) -> None:
    if text not in ("none", "estimate", "accurate"):
        raise ValueError


def _read_summary(served: Served, values: dict[str, Any], text: str) -> None:
    if text != "false":
        raise ValueError


_READERS: dict[str, Reader] = {
    "_id": _read_id,
    "_lastUpdated": _read_moment("changed"),
    "identifier": _read_identifier,
    "status": _read_status,
    "patient": _read_patient,
    "created": _read_moment("created"),
    "_count": _read_count,
    "_cursor": _read_cursor,
    "_include": _read_include,
    "_format": _read_format,
    "_pretty": _passed,
    "_total": _read_total,
    "_summary": _read_summary,
}
