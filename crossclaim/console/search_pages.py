"""Finds episodes: the box, the filters, the list, and all matches as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import enter
from crossclaim.console.exports import as_file
from crossclaim.console.search_fields import (
    DUE,
    FUNDERS,
    PAYOUTS,
    STAGES,
    STATES,
    Asked,
    asked_of,
    cities_of,
)
from crossclaim.console.services import ListedEpisode, Sorting, place_after, services_of
from crossclaim.console.view import chosen_now, page, remember
from crossclaim.console.view_pages import default_of, views_of
from crossclaim.documents.xlsx_stream import Cell
from crossclaim.domain.figures import NAMES
from crossclaim.domain.money import fen
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.security.roles import Operation

_COLUMNS = [
    "id",
    "hospital_id",
    "visit_number",
    "encounter_class",
    "status",
    "stage",
    "opened_at",
    "closed_at",
    # The cells are yuan, so the heading says no minor units.
    "billed_cny",
    "paid_cny",
    "due_at",
    "waits_since",
    "exceptions",
]


async def start(request: Request) -> Response:
    return RedirectResponse(f"{request.url.path.rstrip('/')}/episodes", 303)


async def no_sign_in(request: Request) -> Response:
    return page(request, "error", None, {"what": "error_no_sign_in", "status": 503}, 503)


async def episodes(request: Request) -> Response:
    """``POST`` with the text of the box, which may be personal; ``GET`` with filters alone."""
    given = await _given(request)
    chosen = {}
    if request.method == "POST":
        # A link would lose the text, which stands in no address.
        chosen = {name: str(given[name]) for name in ("language", "theme") if name in given}
        chosen_now(request, **chosen)
    visitor = await enter(request, Operation.LIST_EPISODES)
    services = services_of(request)
    views = await views_of(request, visitor, "episodes")
    if (home := default_of(request, views)) is not None:
        return home
    asked = _asked(request, given)
    search = asked.search
    found = await services.desk.listed(visitor.principal, search)
    if search.text and not chosen and len(found) == 1 and search.after is None:
        return RedirectResponse(f"{request.url.path}/{found[0].id}", 303)
    shown = found[: search.limit]
    after, value = place_after(search, shown[-1]) if len(found) > search.limit else ("", None)
    reference = services.reference
    answer = page(
        request,
        "episodes",
        visitor,
        {
            "asked": asked,
            "search": search,
            "found": shown,
            "next": after,
            "next_value": value or "",
            "views": views,
            "view_page": "episodes",
            "choices": {
                "state": STATES,
                "stage": STAGES,
                "hospital": [hospital.id for hospital in reference.hospitals],
                "city": cities_of(reference),
                "insurer": [insurer.id for insurer in reference.insurers],
                "funder": FUNDERS,
                "payout": PAYOUTS,
                # What is chosen stands first: there are many.
                "reason": sorted(EXCEPTIONS, key=lambda code: (code not in search.reasons, code)),
            },
            "dues": DUE,
            "sorts": [order.value for order in Sorting],
            "names": NAMES,
            "now": datetime.now(UTC),
        },
    )
    if chosen:
        remember(answer, request, **chosen)
    return answer


async def export(request: Request) -> Response:
    """Every match as CSV or XLSX, not only one page; how many they are is told first."""
    kind = "xlsx" if request.url.path.endswith(".xlsx") else "csv"
    visitor = await enter(request, Operation.LIST_EPISODES, f"export.{kind}")
    search = _asked(request, await _given(request)).search
    search = search.model_copy(update={"after": None, "after_value": None})
    desk = services_of(request).desk
    count = await desk.counted(visitor.principal, search)
    rows = _rows(desk.all_of(visitor.principal, search))
    return as_file(kind, "episodes", _COLUMNS, rows, count)


async def _rows(found: AsyncIterator[ListedEpisode]) -> AsyncIterator[list[Cell]]:
    async for listed in found:
        yield [
            listed.id,
            listed.hospital_id,
            listed.visit_number,
            listed.encounter_class,
            listed.status,
            listed.stage,
            listed.opened_at.isoformat(),
            listed.closed_at.isoformat() if listed.closed_at else "",
            Decimal(fen(listed.billed_minor).decimal_text()),
            Decimal(fen(listed.paid_minor).decimal_text()),
            listed.due_at.isoformat() if listed.due_at else "",
            listed.waits_since.isoformat() if listed.waits_since else "",
            " ".join(listed.exceptions),
        ]


async def _given(request: Request) -> FormData | QueryParams:
    if request.method == "POST":
        return await request.form(max_files=0, max_fields=200)
    return request.query_params


def _asked(request: Request, given: FormData | QueryParams) -> Asked:
    """A text counts in a form alone: in an address it would stand in logs and be passed on."""
    text = str(given.get("text", "")) if request.method == "POST" else ""
    return asked_of(given, services_of(request).reference, text, datetime.now(UTC))
