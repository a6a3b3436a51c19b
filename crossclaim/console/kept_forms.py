"""Forms of many members: whatever happens to the session, nothing that was typed is lost.

A form that comes after the session's end is shown with all that it held, and can be sent again once
signed in; one of an older session of the same browser comes back filled, to be looked over.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import GoTo, enter
from crossclaim.console.forms import is_ours
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.console.words_desk import DESK
from crossclaim.domain.allocation import Fault
from crossclaim.domain.story_phrase import sentence_of
from crossclaim.security.roles import Operation

_LONGEST = 2000
_UNSENT = ("csrf",)


@dataclass(frozen=True)
class Filled:
    """A form as it came, and from whom."""

    visitor: Visitor
    form: FormData
    stale: bool
    """Of an older session: nothing may be done by it, its page shows it again."""

    def text(self, name: str = "text") -> str:
        return str(self.form.get(name, "")).replace("\x00", "").strip()[:_LONGEST]

    def several(self, name: str) -> list[str]:
        return [str(value)[:100] for value in self.form.getlist(name)]

    @property
    def typed(self) -> dict[str, str]:
        """Without the number: a form that was changed since is another form."""
        return {name: str(value)[:_LONGEST] for name, value in self.form.items()}

    @property
    def faults(self) -> list[Fault]:
        """What its page says of a stale one."""
        text = sentence_of(DESK["look_over"])
        return [Fault(code="LOOK_OVER", pointer="", text=text)] if self.stale else []


async def filled(
    request: Request, operation: Operation, about: str, back: str, fields: int = 700
) -> Filled:
    """Raises ``GoTo`` with a page that holds what was typed where nobody is signed in, or where
    another site sent the form."""
    form = await request.form(max_files=0, max_fields=fields)
    visitor = await services_of(request).visitors.visitor(request)
    if visitor is None or not (is_ours(request, visitor, form) or _surely_here(request)):
        raise GoTo(_held(request, visitor, form, back))
    stale = not is_ours(request, visitor, form)
    return Filled(await enter(request, operation, about), form, stale)


async def word_of(request: Request, fields: int = 700) -> str:
    """Which of its buttons sent the form: what it asks for decides who may."""
    form = await request.form(max_files=0, max_fields=fields)
    return str(form.get("word", ""))


def _surely_here(request: Request) -> bool:
    """The browser itself says that a page of ours sent it: never where it says nothing."""
    return request.headers.get("sec-fetch-site") == "same-origin"


def _held(request: Request, visitor: Visitor | None, form: FormData, back: str) -> Response:
    sign_in = services_of(request).visitors.sign_in_path(back)
    here = visitor is None and _surely_here(request)
    kept = [(name, str(value)[:_LONGEST]) for name, value in form.multi_items()]
    values = {
        "kept": [(name, value) for name, value in kept if name not in _UNSENT],
        "again": request.url.path if here else "",
        "back": back,
        "sign_in": sign_in,
    }
    return page(request, "form_held", visitor, values, 403)
