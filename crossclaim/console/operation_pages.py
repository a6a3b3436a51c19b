"""Operations: queues, workers, parties, schedules, and whether each is fine or wants a look."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import enter
from crossclaim.console.forms import text_of
from crossclaim.console.operations import OperationsDesk, OperationsSeen
from crossclaim.console.proposal_pages import sent
from crossclaim.console.services import services_of
from crossclaim.console.view import page
from crossclaim.domain.errors import NotFound
from crossclaim.domain.operations import (
    FolderSeen,
    LineSeen,
    PartyCalls,
    QueueSeen,
    ScheduleSeen,
    Verdict,
    audit_verdict,
    connection_state,
    database_verdict,
    disk_verdict,
    folder_verdict,
    line_verdict,
    party_verdict,
    queue_verdict,
    schedule_verdict,
)
from crossclaim.security.roles import Operation, may

_WORDS = {"pause": "schedule_paused", "unpause": "schedule_unpaused", "run": "schedule_runs"}
HOME = "/console/operations"
Judged = QueueSeen | PartyCalls | ScheduleSeen | LineSeen | FolderSeen


def desk_of(request: Request) -> OperationsDesk:
    """Raises ``NotFound`` where the house shows no operations."""
    desk = services_of(request).operations
    if desk is None:
        raise NotFound("operations are not served here")
    return desk


async def operations(request: Request) -> Response:
    """Everything at once; it is asked for anew every half minute by itself."""
    visitor = await enter(request, Operation.READ_OPERATIONS, "operations")
    seen = await desk_of(request).seen(visitor.principal)
    return page(request, "operations", visitor, {"seen": seen, **_judged(seen)})


def _judged(seen: OperationsSeen) -> dict[str, object]:
    """Each part with its verdict, and those that want a look once more at the top."""
    limits, now = seen.limits, seen.at
    queues = [(one, queue_verdict(one, limits, now)) for one in seen.queues or []]
    parties = [(one, party_verdict(one, limits, now)) for one in seen.parties or []]
    schedules = [(one, schedule_verdict(one, limits, now)) for one in seen.schedules or []]
    lines = [(one, line_verdict(one, limits, now)) for one in seen.lines or []]
    folders = [(one, folder_verdict(one, limits, now)) for one in seen.folders]
    audit = audit_verdict(seen.audit, limits, now) if seen.audit else None
    disk, database = disk_verdict(seen.room, limits), database_verdict(seen.room, limits)
    judged: list[tuple[Judged, Verdict]] = [*queues, *parties, *schedules, *lines, *folders]
    looks = [(one, verdict) for one, verdict in judged if not verdict.fine]
    silent = ("queues", "schedules", "parties", "lines", "audit")
    return {
        "queues": queues,
        "parties": [(one, verdict, connection_state(one)) for one, verdict in parties],
        "schedules": schedules,
        "lines": lines,
        "folders": folders,
        "audit": audit,
        "disk": disk,
        "database": database,
        "looks": [(_place(one), verdict) for one, verdict in looks]
        + [
            (place, verdict)
            for place, verdict in (("audit", audit), ("disk", disk), ("database", database))
            if verdict is not None and not verdict.fine
        ],
        "silent": [name for name in silent if getattr(seen, name) is None],
    }


def _place(one: Judged) -> str:
    """What is judged, as a heading names it: never a word of ours where it has a name."""
    match one:
        case QueueSeen():
            return one.name
        case PartyCalls():
            return one.party
        case ScheduleSeen():
            return one.id
        case FolderSeen():
            return f"{one.bank} {one.name}"
        case LineSeen():
            return one.name


async def party(request: Request) -> Response:
    """One outside party's calls by operation, and its waiting steps tried again."""
    name = str(request.path_params["party"])[:80]
    visitor = await enter(request, Operation.READ_OPERATIONS, name)
    desk = desk_of(request)
    calls, steps = await desk.party(visitor.principal, name)
    now = datetime.now(UTC)
    verdict = party_verdict(calls, services_of(request).operation_limits, now)
    values = {
        "party": calls,
        "steps": steps,
        "verdict_now": verdict,
        "connection": connection_state(calls),
        "may_try": may(visitor.principal, Operation.TRY_PARTY_AGAIN),
        "woken": _number(request, "woken"),
        "missed": _number(request, "missed"),
    }
    return page(request, "operations_party", visitor, values)


async def try_again(request: Request) -> Response:
    """Wakes every open episode whose last call to the party was not answered; none acts twice."""
    name = str(request.path_params["party"])[:80]
    back = f"{HOME}/parties/{name}"
    visitor, form = await sent(request, Operation.TRY_PARTY_AGAIN, back, about=name)
    reason = text_of(form)
    if not reason:
        return RedirectResponse(f"{back}?said=text_missing", 303)
    woken, missed = await desk_of(request).try_again(visitor.principal, name, reason)
    return RedirectResponse(f"{back}?said=party_woken&woken={woken}&missed={missed}", 303)


async def schedule(request: Request) -> Response:
    """One schedule, with what may be done about it."""
    schedule_id = str(request.path_params["schedule_id"])[:80]
    visitor = await enter(request, Operation.READ_OPERATIONS, schedule_id)
    found = await desk_of(request).schedule(visitor.principal, schedule_id)
    limits = services_of(request).operation_limits
    verdict: Verdict = schedule_verdict(found, limits, datetime.now(UTC))
    values = {
        "schedule": found,
        "verdict_now": verdict,
        "may_change": may(visitor.principal, Operation.MANAGE_SCHEDULES),
    }
    return page(request, "operations_schedule", visitor, values)


async def change_schedule(request: Request) -> Response:
    """Pauses, unpauses or runs it now; a pause needs a reason, which stands with the schedule."""
    schedule_id, word = str(request.path_params["schedule_id"])[:80], request.path_params["word"]
    if word not in _WORDS:
        raise NotFound("there is no such word")
    back = f"{HOME}/schedules/{schedule_id}"
    visitor, form = await sent(request, Operation.MANAGE_SCHEDULES, back, about=schedule_id)
    reason = text_of(form)
    if not reason:
        return RedirectResponse(f"{back}?said=text_missing", 303)
    await desk_of(request).change_schedule(visitor.principal, schedule_id, word, reason)
    return RedirectResponse(f"{back}?said={_WORDS[word]}", 303)


def _number(request: Request, name: str) -> int:
    given = request.query_params.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
