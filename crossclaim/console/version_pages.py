"""What two versions of a bill have otherwise, line by line and funder by funder."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import enter, episode_id_of
from crossclaim.console.services import services_of
from crossclaim.console.view import page
from crossclaim.domain.errors import NotFound
from crossclaim.security.roles import Operation

_LONGEST_VERSION = 6


async def difference(request: Request) -> Response:
    visitor = await enter(request, Operation.READ_BILL, episode_id_of(request))
    reads, number = services_of(request).episode, str(request.path_params["number"])
    old, new = _version(request, "from"), _version(request, "to")
    if reads is None or old is None or new is None:
        raise NotFound("there is no such version")
    found = await reads.difference(visitor.principal, episode_id_of(request), number, old, new)
    values = {"episode_id": episode_id_of(request), "number": number, "found": found}
    return page(request, "difference", visitor, values)


def _version(request: Request, name: str) -> int | None:
    given = request.query_params.get(name, "")
    known = given.isascii() and given.isdigit() and len(given) <= _LONGEST_VERSION
    return int(given) if known else None
