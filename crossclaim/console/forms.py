"""Forms that change something: sent from a page of ours, in the session that it was shown in."""

from __future__ import annotations

import hmac
from typing import Protocol
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request

from crossclaim.console.entrance import GoTo, enter, episode_id_of
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.security.roles import Operation

LONGEST_TEXT = 2000


class InSession(Protocol):
    """Whoever is signed in somewhere: forms of that session carry its token."""

    @property
    def csrf(self) -> str: ...


async def form_of(
    request: Request, operation: Operation, fields: int = 20
) -> tuple[Visitor, FormData]:
    """The visitor and what was sent. Raises ``GoTo`` with a page that shows what was typed, where
    the session is over or another site sent it."""
    form = await request.form(max_files=0, max_fields=fields)
    visitor = await services_of(request).visitors.visitor(request)
    if visitor is None or not is_ours(request, visitor, form):
        back = f"/console/episodes/{episode_id_of(request)}"
        sign_in = services_of(request).visitors.sign_in_path(back)
        values = {"text": text_of(form), "back": back, "sign_in": sign_in}
        raise GoTo(page(request, "send_again", visitor, values, 403))
    return await enter(request, operation, episode_id_of(request)), form


def is_ours(request: Request, visitor: InSession, form: FormData) -> bool:
    """Whether a page of ours, shown in this session, sent it."""
    given = str(form.get("csrf", "")).encode()
    return hmac.compare_digest(given, visitor.csrf.encode()) and of_this_site(request)


def text_of(form: FormData) -> str:
    """What was written in the form's one text, without what no row can hold."""
    return str(form.get("text", "")).replace("\x00", "").strip()[:LONGEST_TEXT]


def of_this_site(request: Request) -> bool:
    """A browser says where a form came from; what says nothing is no browser."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site not in (None, "same-origin"):
        return False
    # A page that sends no referrer has its forms say "null"; a browser that does so says the site.
    if origin == "null":
        return site is not None
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
