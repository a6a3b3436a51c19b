"""What was said to an outside party and what it answered, masked, or in clear with a reason."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.episode_port import EpisodeReads, SentMessage
from crossclaim.console.forms import form_of, text_of
from crossclaim.console.services import Visitor, services_of
from crossclaim.console.view import page
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Operation, may

_LONGEST_NUMBER = 18


async def message(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_PARTY_MESSAGE, episode_id_of(request))
    told = await _reads(request).messages(
        visitor.principal, episode_id_of(request), _attempt(request), in_clear=False
    )
    return _shown(request, visitor, told)


async def in_clear(request: Request) -> Response:
    """The reason is kept first; without one nothing is shown that was not shown before."""
    visitor, form = await form_of(request, Operation.SHOW_IN_CLEAR)
    episode_id, reason, clear = episode_id_of(request), text_of(form), False
    if reason:
        # Whether there is such a message is found out first: no reason is kept for nothing.
        await _reads(request).messages(
            visitor.principal, episode_id, _attempt(request), in_clear=False
        )
        await services_of(request).desk.saw_in_clear(visitor.principal, episode_id, reason)
        clear = True
    told = await _reads(request).messages(
        visitor.principal, episode_id, _attempt(request), in_clear=clear
    )
    return _shown(request, visitor, told, "" if reason else "text_missing")


def _shown(request: Request, visitor: Visitor, told: list[SentMessage], said: str = "") -> Response:
    return page(
        request,
        "message",
        visitor,
        {
            "episode_id": episode_id_of(request),
            "attempt": _attempt(request),
            "told": told,
            "masked": any(one.masked for one in told),
            "may_clear": may(visitor.principal, Operation.SHOW_IN_CLEAR),
            "pretty": _pretty,
            "said_now": said,
        },
    )


def _pretty(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2)


def _attempt(request: Request) -> int:
    """Raises ``NotFound`` for what is no number of one."""
    given = str(request.path_params["attempt"])
    if not given.isascii() or not given.isdigit() or len(given) > _LONGEST_NUMBER:
        raise NotFound("there is no such message")
    return int(given)


def _reads(request: Request) -> EpisodeReads:
    reads = services_of(request).episode
    if reads is None:
        raise NotFound("there is no such message")
    return reads
