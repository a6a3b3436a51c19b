"""The worklist: what waits for a person, who looks after it, and what is done about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import GoTo, enter
from crossclaim.console.exports import as_file
from crossclaim.console.forms import is_ours, text_of
from crossclaim.console.list_columns import cells, heading, speech_for, work_columns
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.console.view_pages import default_of, views_of
from crossclaim.console.webhook_port import StoppedEndpoint
from crossclaim.console.work_fields import OWNERS, PAGE, WorkAsked, is_item, work_asked
from crossclaim.console.worklist import (
    MOST_AT_ONCE,
    WorkItem,
    WorkOrder,
    WorkOrderGiven,
    WorkSearch,
)
from crossclaim.domain.errors import NotFound
from crossclaim.domain.worklist import DEFINITION, WorkKind, WorkState, kind_of, place_of, urgency
from crossclaim.security.roles import Operation, may

_WHERE = "/console/exceptions"
_ACTIONS = ("take", "give", "release", "state", "note", "try_again")
_WANTS_WORDS = frozenset({"note", "try_again"})


async def worklist(request: Request) -> Response:
    visitor = await enter(request, Operation.LIST_EPISODES, "exceptions")
    views = await views_of(request, visitor, "exceptions")
    if (home := default_of(request, views)) is not None:
        return home
    await services_of(request).desk.worklist.came(visitor.principal, visitor.name)
    return await _list(request, visitor, work_asked(request.query_params), {"views": views})


async def _list(
    request: Request, visitor: Visitor, asked: WorkAsked, values: dict[str, Any], status: int = 200
) -> Response:
    desk, search = services_of(request).desk.worklist, asked.search
    groups, items = [], []
    if asked.grouped:
        groups = await desk.groups(visitor.principal, search)
    else:
        items = await desk.items(visitor.principal, search)
    if "views" not in values:
        values["views"] = await views_of(request, visitor, "exceptions")
    shown = items[:PAGE]
    return page(
        request,
        "worklist",
        visitor,
        {
            **await _frame(request, visitor),
            "asked": asked,
            "groups": groups,
            "items": shown,
            "next": shown[-1] if len(items) > PAGE else None,
            "next_value": _value(search, shown[-1]) if len(items) > PAGE else "",
            "stopped": await _stopped(request, visitor),
            "view_page": "exceptions",
            "orders": [order.value for order in WorkOrder],
            "kinds": [kind.value for kind in WorkKind],
            "owners": OWNERS,
            "definition": DEFINITION,
            "typed": "",
            "problem": "",
            **values,
        },
        status,
    )


async def _stopped(request: Request, visitor: Visitor) -> list[StoppedEndpoint]:
    """Webhooks that nobody answers any more, for those who look after them."""
    book = services_of(request).webhooks
    return await book.stopped(visitor.principal) if book else []


def _value(search: WorkSearch, last: WorkItem) -> str:
    match search.sort:
        case WorkOrder.PRIORITY:
            return repr(last.rank)
        case WorkOrder.AMOUNT:
            return str(last.amount_minor)
        case WorkOrder.DUE:
            return last.due_at.isoformat()
    return last.opened_at.isoformat()


async def _frame(request: Request, visitor: Visitor) -> dict[str, Any]:
    """What every page of the worklist shows."""
    return {
        "people": await services_of(request).desk.worklist.people(visitor.principal),
        "me": visitor.principal.actor,
        "now": datetime.now(UTC),
        "urgency": urgency,
        "place_of": place_of,
        "kind_of": kind_of,
        "states": [state.value for state in WorkState],
        "may_act": may(visitor.principal, Operation.KEEP_WORKLIST),
        "may_try": may(visitor.principal, Operation.TRY_AGAIN_NOW),
    }


async def one(request: Request) -> Response:
    """One exception: its cause, what to do, who looks after it, and what was done about it."""
    item = _item_of(request)
    visitor = await enter(request, Operation.LIST_EPISODES, "exceptions")
    return await _one(request, visitor, item)


async def _one(
    request: Request, visitor: Visitor, item: str, status: int = 200, **values: str
) -> Response:
    desk = services_of(request).desk.worklist
    found = await desk.item(visitor.principal, item)
    events = await desk.events(visitor.principal, item)
    frame = await _frame(request, visitor)
    told = {"typed": "", "problem": "", **frame, "item": found, "events": events, **values}
    return page(request, "work_item", visitor, told, status)


async def act(request: Request) -> Response:
    """Writes down what is wanted of which, does it, and shows what became of each."""
    visitor, form = await _form(request)
    kind = str(form.get("do", ""))
    operation = Operation.TRY_AGAIN_NOW if kind == "try_again" else Operation.KEEP_WORKLIST
    visitor = await enter(request, operation, "exceptions")
    desk = services_of(request).desk.worklist
    asked = work_asked(form)
    items = _marked(form)
    if form.get("all") and not items:
        search = asked.search.model_copy(update={"limit": MOST_AT_ONCE, "after": None})
        items = [(one.id, one.version) for one in await desk.items(visitor.principal, search)]
    people = await desk.people(visitor.principal)
    order = WorkOrderGiven(
        kind=kind,
        items=items,
        to_person=str(form.get("to", "")) if kind == "give" else "",
        state=str(form.get("new_state", "")) if kind == "state" else "",
        text=text_of(form),
    )
    if problem := _problem(order, people):
        only = items[0][0] if len(items) == 1 and form.get("one") else ""
        if only:
            return await _one(request, visitor, only, 422, problem=problem, typed=order.text)
        return await _list(request, visitor, asked, {"problem": problem, "typed": order.text}, 422)
    action = await desk.begin(visitor.principal, order)
    return await _gone_on(request, visitor, action)


def _problem(order: WorkOrderGiven, people: dict[str, str]) -> str:
    """The word of why nothing is done, or nothing."""
    if order.kind not in _ACTIONS:
        return "work_unknown"
    if not order.items:
        return "work_none_marked"
    if order.kind in _WANTS_WORDS and not order.text:
        return "text_missing"
    if order.kind == "give" and order.to_person not in people:
        return "work_no_colleague"
    if order.kind == "state" and order.state not in set(WorkState):
        return "work_unknown"
    return ""


def _marked(form: FormData) -> list[tuple[str, int]]:
    """Each as ``x12.3``: the exception, and the version of its care that the page showed."""
    found = []
    for value in form.getlist("item"):
        item, _, version = str(value).partition(".")
        if is_item(item) and version.isascii() and version.isdigit() and len(version) < 9:
            found.append((item, int(version)))
    return found[:MOST_AT_ONCE]


async def action(request: Request) -> Response:
    """What became of each exception of an action; what is left is said, and gone on with here."""
    visitor = await enter(request, Operation.KEEP_WORKLIST, "exceptions")
    desk = services_of(request).desk.worklist
    told = await desk.action(visitor.principal, str(request.path_params["action_id"]))
    search = WorkSearch(items=told.items, limit=MOST_AT_ONCE)
    items = {item.id: item for item in await desk.items(visitor.principal, search)}
    frame = await _frame(request, visitor)
    return page(request, "work_action", visitor, {**frame, "action": told, "items": items})


async def go_on(request: Request) -> Response:
    await _form(request)
    visitor = await enter(request, Operation.KEEP_WORKLIST, "exceptions")
    return await _gone_on(request, visitor, str(request.path_params["action_id"]))


async def _gone_on(request: Request, visitor: Visitor, action_id: str) -> Response:
    answered = await services_of(request).desk.worklist.go_on(visitor.principal, action_id)
    said = "" if answered else "?said=work_engine_silent"
    return RedirectResponse(f"{_WHERE}/actions/{action_id}{said}", 303)


async def export(request: Request) -> Response:
    kind = "xlsx" if request.url.path.endswith(".xlsx") else "csv"
    visitor = await enter(request, Operation.LIST_EPISODES, f"exceptions.{kind}")
    desk, search = services_of(request).desk.worklist, work_asked(request.query_params).search
    search = search.model_copy(update={"after": None, "after_value": None})
    groups = await desk.groups(visitor.principal, search)
    people = await desk.people(visitor.principal)
    columns, say = work_columns(people), speech_for(request, request.query_params)
    rows = cells(columns, desk.all_items(visitor.principal, search), say)
    count = sum(group.items for group in groups)
    return as_file(kind, "exceptions", heading(columns, say), rows, count)


def _item_of(request: Request) -> str:
    item = str(request.path_params["item"])
    if not is_item(item):
        raise NotFound("there is no such exception")
    return item


async def _form(request: Request) -> tuple[Visitor, FormData]:
    """Raises ``GoTo`` with a page that shows what was typed, where the session is over."""
    form = await request.form(max_files=0, max_fields=MOST_AT_ONCE + 50)
    visitor = await services_of(request).visitors.visitor(request)
    if visitor is None or not is_ours(request, visitor, form):
        sign_in = services_of(request).visitors.sign_in_path(_WHERE)
        values = {"text": text_of(form), "back": _WHERE, "sign_in": sign_in}
        raise GoTo(page(request, "send_again", visitor, values, 403))
    return visitor, form
