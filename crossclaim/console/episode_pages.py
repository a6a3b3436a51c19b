"""One episode: where it stands, its money, and its history as a story."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.services import ToldEpisode, Visitor, services_of
from crossclaim.console.telling import days_of, is_unusual
from crossclaim.console.view import language_of, page
from crossclaim.console.waterfall import bars_of
from crossclaim.domain.episode_stages import stages_of
from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.roles import Operation, may

_LOOK_EVERY_S = 2.0
_FOLLOWED_FOR_S = 600.0


async def overview(request: Request) -> Response:
    visitor, told = await _told(request, Operation.READ_EPISODE)
    bills = [bill for bill in told.rows.bills if bill.state == "current"]
    splits = {split.bill_id: split.result for split in told.rows.allocations}
    return page(
        request,
        "episode",
        visitor,
        {
            **_frame(request, visitor, told),
            "stages": stages_of(told.rows),
            "bills": bills,
            "older": [bill for bill in told.rows.bills if bill.state != "current"],
            "splits": splits,
            "traces": told.traces,
            "bars": {bill_id: bars_of(result) for bill_id, result in splits.items()},
        },
    )


async def history(request: Request) -> Response:
    visitor, told = await _told(request, Operation.READ_STORY)
    lines = told.story.lines
    upto = _number(request.query_params.get("upto", ""), len(lines))
    only = request.query_params.get("only") == "unusual"
    return page(
        request,
        "history",
        visitor,
        {
            **_frame(request, visitor, told),
            "days": days_of(lines, upto=upto, unusual=only),
            "count": len(lines),
            "upto": upto or len(lines),
            "only": only,
            "unusual": sum(is_unusual(line) for line in lines),
            "at": lines[upto - 1].at if upto else None,
            "live": told.story.status == "open" and not upto,
        },
    )


async def live(request: Request) -> Response:
    """Server-sent events: ``changed`` whenever the story has another line or wait."""
    visitor, _ = await _told(request, Operation.READ_STORY)
    return StreamingResponse(
        _bounded(request, visitor),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _bounded(request: Request, visitor: Visitor) -> AsyncIterator[str]:
    """One that there is no room for is over at once: its page stays as it is."""
    with services_of(request).live.one_of(visitor.principal.key_id) as room:
        if not room:
            yield "event: over\ndata: {}\n\n"
            return
        async with aclosing(_changes(request, visitor)) as changes:
            async for change in changes:
                yield change


async def _changes(request: Request, visitor: Visitor) -> AsyncGenerator[str, None]:
    services, episode_id = services_of(request), episode_id_of(request)
    known: tuple[int, str] | None = None
    for _ in range(int(_FOLLOWED_FOR_S / _LOOK_EVERY_S)):
        still = await services.visitors.visitor(request)
        # Whoever is out, or acts in another role by now, is told no more; a page asks again.
        if await request.is_disconnected() or still is None:
            return
        if still.principal != visitor.principal:
            return
        try:
            told = await services.desk.told(
                visitor.principal, episode_id, language_of(request).value
            )
        except CrossclaimError:
            return
        waiting = told.story.waiting
        now = (len(told.story.lines), waiting.code if waiting else "")
        if known is not None and now != known:
            yield f"event: changed\ndata: {json.dumps({'lines': now[0]})}\n\n"
        elif known is None:
            yield ": following\n\n"
        known = now
        if told.story.status != "open":
            yield "event: over\ndata: {}\n\n"
            return
        await asyncio.sleep(_LOOK_EVERY_S)


async def _told(request: Request, operation: Operation) -> tuple[Visitor, ToldEpisode]:
    episode_id = episode_id_of(request)
    visitor = await enter(request, operation, episode_id)
    desk = services_of(request).desk
    return visitor, await desk.told(visitor.principal, episode_id, language_of(request).value)


def _frame(request: Request, visitor: Visitor, told: ToldEpisode) -> dict[str, object]:
    """What every page of an episode shows."""
    ui = services_of(request).temporal_ui
    return {
        "story": told.story,
        "facts": told.facts,
        "rows": told.rows,
        "open_exceptions": [x for x in told.facts.exceptions if x.resolved_at is None],
        "notes": told.notes,
        "may_note": may(visitor.principal, Operation.WRITE_STAFF_NOTE),
        "may_try": may(visitor.principal, Operation.TRY_AGAIN_NOW) and told.story.status == "open",
        "temporal": f"{ui}/workflows/{told.story.episode_id}" if ui else "",
    }


def _number(given: str, most: int) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and 0 < int(given) < most else None
