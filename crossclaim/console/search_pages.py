"""Finds episodes: the box, the filters, the list, and all matches as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from crossclaim.console.entrance import enter, is_episode_id
from crossclaim.console.services import CountedBy, EpisodeSearch, ListedEpisode, services_of
from crossclaim.console.view import page
from crossclaim.documents.csv_cells import text_cell
from crossclaim.domain.figures import NAMES, Indicator
from crossclaim.domain.money import fen
from crossclaim.domain.records import CLOSED_STATUSES
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.security.roles import Operation

PAGE = 50
_PAYOUTS = (
    "reserved",
    "sent",
    "accepted",
    "credited",
    "unknown",
    "rejected",
    "returned",
    "cancelled",
)
_STATES = ("open", *sorted(CLOSED_STATUSES, reverse=True))
_LONGEST = 200
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


async def start(request: Request) -> Response:
    return RedirectResponse(f"{request.url.path.rstrip('/')}/episodes", 303)


async def no_sign_in(request: Request) -> Response:
    return page(request, "error", None, {"what": "error_no_sign_in", "status": 503}, 503)


async def episodes(request: Request) -> Response:
    """``POST`` with the text of the box, which may be personal; ``GET`` with filters alone."""
    visitor = await enter(request, Operation.LIST_EPISODES)
    services = services_of(request)
    search = await _search(request)
    found = await services.desk.listed(visitor.principal, search)
    if search.text and len(found) == 1 and search.after is None:
        return RedirectResponse(f"{request.url.path}/{found[0].id}", 303)
    more = len(found) > search.limit
    shown = found[: search.limit]
    return page(
        request,
        "episodes",
        visitor,
        {
            "search": search,
            "found": shown,
            "next": shown[-1].id if more else None,
            "filters": _query(search),
            "states": _STATES,
            "payouts": _PAYOUTS,
            "hospitals": [hospital.id for hospital in services.reference.hospitals],
            "insurers": [insurer.id for insurer in services.reference.insurers],
            "reasons": sorted(EXCEPTIONS),
            "names": NAMES,
        },
    )


async def export(request: Request) -> Response:
    """Every match as CSV in UTF-8, not only one page."""
    visitor = await enter(request, Operation.LIST_EPISODES, "export")
    search = await _search(request)
    rows = services_of(request).desk.all_of(visitor.principal, search)
    return StreamingResponse(
        _csv(rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="episodes.csv"'},
    )


async def _csv(rows: AsyncIterator[ListedEpisode]) -> AsyncIterator[str]:
    # The cells are yuan, so the heading says no minor units.
    names = [name.replace("_minor", "_cny") for name in ListedEpisode.model_fields]
    yield "\ufeff" + _row(names)
    async for listed in rows:
        yield _row(
            [
                listed.id,
                listed.hospital_id,
                listed.visit_number,
                listed.encounter_class,
                listed.status,
                listed.opened_at.isoformat(),
                listed.closed_at.isoformat() if listed.closed_at else "",
                fen(listed.billed_minor).decimal_text(),
                fen(listed.paid_minor).decimal_text(),
                " ".join(listed.exceptions),
            ]
        )


def _row(cells: list[str]) -> str:
    """One line; a cell that a spreadsheet would compute is kept as text."""
    line = io.StringIO()
    csv.writer(line).writerow(text_cell(cell) for cell in cells)
    return line.getvalue()


async def _search(request: Request) -> EpisodeSearch:
    """What is no value of ours narrows nothing; a text counts in a form alone."""
    given: FormData | QueryParams = request.query_params
    text = ""
    if request.method == "POST":
        given = await request.form(max_files=0, max_fields=100)
        text = str(given.get("text", ""))[:_LONGEST]
    after = str(given.get("after", ""))
    return EpisodeSearch(
        states=[s for s in several(given, "state") if s in _STATES],
        hospitals=several(given, "hospital"),
        insurers=several(given, "insurer"),
        reasons=[c for c in several(given, "reason") if c in EXCEPTIONS],
        payouts=[s for s in several(given, "payout") if s in _PAYOUTS],
        figure=_figure(given),
        text=" ".join(text.replace("\x00", "").split()),
        limit=PAGE,
        after=after if is_episode_id(after) else None,
    )


def _figure(given: FormData | QueryParams) -> CountedBy | None:
    """What a figure counts in a month; a figure or month that is none counts nothing."""
    indicator, month = str(given.get("figure", "")), str(given.get("month", ""))
    if indicator not in set(Indicator) or not _MONTH.fullmatch(month):
        return None
    good = given.get("part", "good") == "good"
    return CountedBy(indicator=Indicator(indicator), month=month, good=good)


def several(given: FormData | QueryParams, name: str) -> list[str]:
    values = (str(value) for key, value in given.multi_items() if key == name)
    return [value for value in values if value and len(value) < 100 and "\x00" not in value]


def _query(search: EpisodeSearch) -> str:
    """The filters as an address may show them; never the text."""
    pairs = [
        *(("state", v) for v in search.states),
        *(("hospital", v) for v in search.hospitals),
        *(("insurer", v) for v in search.insurers),
        *(("payout", v) for v in search.payouts),
        *(("reason", v) for v in search.reasons),
    ]
    if search.figure:
        pairs += [
            ("figure", search.figure.indicator.value),
            ("month", search.figure.month),
            ("part", "good" if search.figure.good else "rest"),
        ]
    return urlencode(pairs)
