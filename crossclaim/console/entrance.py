"""Lets a signed-in visitor through to a page, and audits what is looked at."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import remember
from crossclaim.domain.errors import NotAllowed, NotFound
from crossclaim.security.roles import Operation, may

_PREFERENCES = ("language", "theme")


_EPISODE_ID = re.compile(r"ep_[0-9A-Za-z]{1,60}")


def is_episode_id(given: str) -> bool:
    """Whether it has the form of one; what has not is looked up nowhere."""
    return _EPISODE_ID.fullmatch(given) is not None


def episode_id_of(request: Request) -> str:
    """Of the address. Raises ``NotFound`` for what is none."""
    given = str(request.path_params["episode_id"])
    if not is_episode_id(given):
        raise NotFound("there is no such episode")
    return given


class GoTo(Exception):
    """The page is not answered; the browser is sent elsewhere."""

    def __init__(self, response: Response) -> None:
        super().__init__("redirected")
        self.response = response


async def enter(request: Request, operation: Operation, about: str = "") -> Visitor:
    """Who may see this page. Raises ``GoTo`` for strangers and for a chosen language or theme.

    The look is audited before anything is read, refused ones too. Raises ``NotAllowed``.
    """
    _keep_preferences(request)
    services = services_of(request)
    visitor = await services.visitors.visitor(request)
    if visitor is None:
        back = str(request.url.path)
        raise GoTo(RedirectResponse(services.visitors.sign_in_path(back), 303))
    allowed = may(visitor.principal, operation)
    outcome = "200" if allowed else "403"
    await services.desk.looked(visitor.principal, operation.value, about, outcome)
    if not allowed:
        raise NotAllowed(f"the role {visitor.principal.role} may not do this")
    return visitor


def _keep_preferences(request: Request) -> None:
    given = request.query_params
    chosen = {name: given[name] for name in _PREFERENCES if name in given}
    if not chosen:
        return
    kept = [(k, v) for k, v in given.multi_items() if k not in _PREFERENCES]
    query = f"?{urlencode(kept)}" if kept else ""
    response = RedirectResponse(f"{request.url.path}{query}", 303)
    remember(response, request, **chosen)
    raise GoTo(response)
