"""One episode: where it stands, its money, and its history as a story."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.episode_port import EpisodeDetails
from crossclaim.console.past import Past, past_of
from crossclaim.console.services import ToldEpisode, Visitor, services_of
from crossclaim.console.telling import days_of, is_unusual
from crossclaim.console.view import language_of, page
from crossclaim.console.waterfall import bars_of
from crossclaim.domain.episode_clocks import relative
from crossclaim.domain.episode_stages import stages_of
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.running_balance import running
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.security.roles import INSURER_ROLES, Operation, may

_LOOK_EVERY_S = 2.0
_FOLLOWED_FOR_S = 600.0


async def overview(request: Request) -> Response:
    visitor, told = await _told(request, Operation.READ_EPISODE)
    bills = [bill for bill in told.rows.bills if bill.state == "current"]
    splits = {split.bill_id: split.result for split in told.rows.allocations}
    details = await _details(request, visitor)
    now = datetime.now(UTC)
    return page(
        request,
        "episode",
        visitor,
        {
            **_frame(request, visitor, told),
            "stages": stages_of(told.rows),
            "bills": bills,
            "older": [bill for bill in told.rows.bills if bill.state != "current"],
            "versions": _versions(told),
            "splits": splits,
            "traces": told.traces,
            "bars": {bill_id: bars_of(result) for bill_id, result in splits.items()},
            "now": now,
            "clocks": told.clocks,
            "remaining": relative,
            "details": details,
            "entries": running(details.postings),
            "rails": {one.reference: one for one in told.facts.rails},
            "asks": may(visitor.principal, Operation.READ_PARTY_MESSAGE),
        },
    )


async def history(request: Request) -> Response:
    visitor, told = await _told(request, Operation.READ_STORY)
    lines = told.story.lines
    upto = _number(request.query_params.get("upto", ""), len(lines))
    moment = lines[upto - 1].at if upto else _moment(request.query_params.get("at", ""))
    if moment is not None and upto is None:
        upto = sum(line.at <= moment for line in lines)
    only = request.query_params.get("only") == "unusual"
    past = await _past(request, visitor, told, moment) if moment is not None else None
    return page(
        request,
        "history",
        visitor,
        {
            **_frame(request, visitor, told),
            "days": days_of(lines, upto=upto, unusual=only),
            "count": len(lines),
            "upto": len(lines) if upto is None else upto,
            "only": only,
            "unusual": sum(is_unusual(line) for line in lines),
            "at": moment,
            "past": past,
            "remaining": relative,
            "reads_money": may(visitor.principal, Operation.READ_EPISODE),
            "silent": any(line.kind == "engine_silent" for line in lines),
            "live": told.story.status == "open" and moment is None,
        },
    )


async def _past(
    request: Request, visitor: Visitor, told: ToldEpisode, moment: datetime
) -> Past | None:
    details = await _details(request, visitor)
    whole = hears_whole(visitor)
    reference = services_of(request).reference
    return past_of(told, details.postings, reference, moment, whole=whole)


async def _details(request: Request, visitor: Visitor) -> EpisodeDetails:
    reads = services_of(request).episode
    if reads is None or not may(visitor.principal, Operation.READ_EPISODE):
        return EpisodeDetails()
    return await reads.details(visitor.principal, episode_id_of(request))


def hears_whole(visitor: Visitor) -> bool:
    """An insurer is not told what the episode waits for where that is not its own."""
    return visitor.principal.role not in INSURER_ROLES


def _versions(told: ToldEpisode) -> dict[str, list[int]]:
    """Bill number → its versions that were split, where there are two to compare."""
    split = {one.bill_id for one in told.rows.allocations}
    found: dict[str, list[int]] = {}
    for bill in told.rows.bills:
        if bill.id in split:
            found.setdefault(bill.number, []).append(bill.version)
    return {number: sorted(known) for number, known in found.items() if len(known) > 1}


def _moment(given: str) -> datetime | None:
    """A moment of the region as a browser's field says it, or with its own zone."""
    try:
        told = datetime.fromisoformat(given[:40])
    except ValueError:
        return None
    if not 2000 <= told.year <= 2200:
        return None
    return told if told.tzinfo is not None else told.replace(tzinfo=REGION_ZONE)


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
        # Whoever runs the machines reads that an episode waits, and of no money that is owed.
        "answer": told.answer if may(visitor.principal, Operation.READ_EPISODE) else None,
        "may_note": may(visitor.principal, Operation.WRITE_STAFF_NOTE),
        "may_try": may(visitor.principal, Operation.TRY_AGAIN_NOW) and told.story.status == "open",
        "temporal": f"{ui}/workflows/{told.story.episode_id}" if ui else "",
    }


def _number(given: str, most: int) -> int | None:
    return int(given) if given.isascii() and given.isdigit() and 0 < int(given) < most else None
