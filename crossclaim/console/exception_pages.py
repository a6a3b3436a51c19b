"""Everything that waits for a person: repeats of one cause are one row."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from crossclaim.console.entrance import enter
from crossclaim.console.services import services_of
from crossclaim.console.view import page
from crossclaim.security.roles import Operation


async def worklist(request: Request) -> Response:
    visitor = await enter(request, Operation.LIST_EPISODES, "exceptions")
    services = services_of(request)
    groups = await services.desk.exceptions(visitor.principal)
    stopped = await services.webhooks.stopped(visitor.principal) if services.webhooks else []
    return page(request, "exceptions", visitor, {"groups": groups, "stopped": stopped})
