"""Finds episodes: the box, the filters, the list, and all matches as a file."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import enter
from crossclaim.console.exports import as_file
from crossclaim.console.list_columns import EPISODE_COLUMNS, cells, heading, speech_for
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
from crossclaim.console.services import Sorting, place_after, services_of
from crossclaim.console.view import chosen_now, page, remember
from crossclaim.console.view_pages import default_of, views_of
from crossclaim.domain.figures import NAMES
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.security.roles import Operation


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
    given = await _given(request)
    search, say = _asked(request, given).search, speech_for(request, given)
    search = search.model_copy(update={"after": None, "after_value": None})
    desk = services_of(request).desk
    count = await desk.counted(visitor.principal, search)
    rows = cells(EPISODE_COLUMNS, desk.all_of(visitor.principal, search), say)
    return as_file(kind, "episodes", heading(EPISODE_COLUMNS, say), rows, count)


async def _given(request: Request) -> FormData | QueryParams:
    if request.method == "POST":
        return await request.form(max_files=0, max_fields=200)
    return request.query_params


def _asked(request: Request, given: FormData | QueryParams) -> Asked:
    """A text counts in a form alone: in an address it would stand in logs and be passed on."""
    text = str(given.get("text", "")) if request.method == "POST" else ""
    return asked_of(given, services_of(request).reference, text, datetime.now(UTC))
