"""Saved views: kept, renamed, shared, made the first that one sees, and given up."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import GoTo, enter
from crossclaim.console.forms import is_ours
from crossclaim.console.saved_views import LONGEST_NAME, SavedView, ViewChange, name_defect
from crossclaim.console.search_fields import asked_of
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.console.work_fields import work_asked
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Operation

PAGES = ("episodes", "exceptions")
_LONGEST_QUERY = 4000


async def views_of(request: Request, visitor: Visitor, name: str) -> list[SavedView]:
    return await services_of(request).desk.views.listed(visitor.principal, name)


def default_of(request: Request, views: list[SavedView]) -> Response | None:
    """Where a page leads that is asked for without anything, by whoever has a first view."""
    if request.method != "GET" or request.query_params:
        return None
    first = next((view for view in views if view.is_default and view.query), None)
    return RedirectResponse(f"{request.url.path}?{address_of(first)}", 303) if first else None


def address_of(view: SavedView) -> str:
    """The view's filters, and which view it is."""
    return f"{view.query}&view={view.id}" if view.query else f"view={view.id}"


async def save(request: Request) -> Response:
    visitor, form, name = await _entered(request)
    where = str(form.get("page", ""))
    if where not in PAGES:
        raise NotFound("there is no such page")
    query = clean(request, where, str(form.get("query", "")))
    defect = name_defect(name)
    views = services_of(request).desk.views
    if defect is not None:
        return _back(where, query, defect)
    view = await views.save(visitor.principal, where, name, query)
    if form.get("is_default"):
        await views.change(visitor.principal, view, ViewChange(is_default=True))
    if form.get("shared"):
        await views.change(visitor.principal, view, ViewChange(shared=True))
    return _back(where, f"{query}&view={view}" if query else f"view={view}", "view_kept")


async def change(request: Request) -> Response:
    """Of one's own views; a word that is none of these changes nothing."""
    visitor, form, name = await _entered(request)
    where = str(form.get("page", ""))
    where = where if where in PAGES else PAGES[0]
    what, query = str(form.get("do", "")), clean(request, where, str(form.get("query", "")))
    changes = {
        "rename": ViewChange(name=name),
        "share": ViewChange(shared=True),
        "keep_to_me": ViewChange(shared=False),
        "default": ViewChange(is_default=True),
        "no_default": ViewChange(is_default=False),
        "delete": ViewChange(ended=True),
    }
    if what not in changes:
        return _back(where, query, "view_gone")
    if what == "rename" and (defect := name_defect(name)):
        return _back(where, query, defect)
    view_id = str(request.path_params["view_id"])
    views = services_of(request).desk.views
    done = await views.change(visitor.principal, view_id, changes[what])
    return _back(where, query, "view_changed" if done else "view_gone")


async def _entered(request: Request) -> tuple[Visitor, dict[str, str], str]:
    """Raises ``GoTo`` with a page that shows the name that was typed, where the session is over."""
    form = await request.form(max_files=0, max_fields=20)
    name = " ".join(str(form.get("name", "")).replace("\x00", "").split())[:LONGEST_NAME]
    visitor = await services_of(request).visitors.visitor(request)
    if visitor is None or not is_ours(request, visitor, form):
        back = "/console/episodes"
        sign_in = services_of(request).visitors.sign_in_path(back)
        values = {"text": name, "back": back, "sign_in": sign_in}
        raise GoTo(page(request, "send_again", visitor, values, 403))
    visitor = await enter(request, Operation.KEEP_VIEW)
    return visitor, {key: str(value) for key, value in form.items()}, name


def clean(request: Request, where: str, query: str) -> str:
    """Only what an address of that page may say: a view holds no text that was searched for."""
    pairs = parse_qsl(query[:_LONGEST_QUERY], keep_blank_values=False, max_num_fields=200)
    if where == "exceptions":
        return work_asked(QueryParams(pairs)).query
    reference, now = services_of(request).reference, datetime.now(UTC)
    return asked_of(QueryParams(pairs), reference, "", now).query


def _back(where: str, query: str, said: str) -> Response:
    joined = f"{query}&" if query else ""
    return RedirectResponse(f"/console/{where}?{joined}{urlencode({'said': said})}", 303)
