"""What funders owe and for how long, what they settled by day, and what exchange rates did."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import enter
from crossclaim.console.finance_tables import TABLES
from crossclaim.console.payout_pages import money_of
from crossclaim.console.services import services_of
from crossclaim.console.view import Speech, language_of, page
from crossclaim.documents.table_export import MEDIA_TYPES, table_file
from crossclaim.domain.errors import NotFound
from crossclaim.domain.stay import local_day
from crossclaim.security.roles import Operation

_NAME = re.compile(r"[a-z0-9_\-]{1,64}")
_ADVICE = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}


async def receivables(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_BANK, "receivables")
    found = await money_of(request).receivables(visitor.principal)
    return page(request, "receivables", visitor, {"found": found})


async def drift(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_BANK, "drift")
    found = await money_of(request).drift(visitor.principal)
    return page(request, "drift", visitor, {"found": found})


async def settlements(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_SETTLEMENT, "settlements")
    day = _day(request.query_params.get("day", "")) or local_day(datetime.now(UTC))
    found = await money_of(request).settled(visitor.principal, day, language_of(request).value)
    values = {
        "found": found,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
    }
    return page(request, "settlements", visitor, values)


async def advice(request: Request) -> Response:
    """The remittance advice as a file."""
    given = {name: str(value) for name, value in request.path_params.items()}
    day = _day(given["day"])
    names = (given["hospital"], given["funder"])
    if day is None or given["form"] not in _ADVICE or not all(map(_NAME.fullmatch, names)):
        raise NotFound("there is no such settlement")
    visitor = await enter(request, Operation.READ_SETTLEMENT, "advice")
    number, content = await money_of(request).advice(
        visitor.principal, *names, day, language_of(request).value, given["form"]
    )
    headers = {"Content-Disposition": f'attachment; filename="{number}.{given["form"]}"'}
    return Response(content, media_type=_ADVICE[given["form"]], headers=headers)


async def file(request: Request) -> Response:
    """A table of finance as a file, whole."""
    name, form = str(request.path_params["table"]), str(request.path_params["form"])
    if name not in TABLES or form not in MEDIA_TYPES:
        raise NotFound("there is no such table")
    table = TABLES[name]
    visitor = await enter(request, table.operation, f"export {name}")
    speech = Speech(language_of(request), services_of(request).reference)
    rows = [row async for row in table.rows(request, visitor, speech)]
    heading = [speech(word) for word in table.heading]
    content = table_file("xlsx" if form == "xlsx" else "csv", speech(table.title), heading, rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _day(text: str) -> date | None:
    """None for what is no day, and for one that has none before or after it."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date.min < day < date.max else None
