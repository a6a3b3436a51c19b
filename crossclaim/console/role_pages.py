"""A person with several roles chooses the one to act in; one at a time."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from crossclaim.console.entrance import enter
from crossclaim.console.forms import is_ours
from crossclaim.console.services import services_of
from crossclaim.security.roles import Operation


async def act_as(request: Request) -> Response:
    """Back to the list, whose pages are then those of the role; a forged form changes nothing."""
    form = await request.form(max_files=0, max_fields=5)
    visitor = await enter(request, Operation.CHANGE_ROLE)
    role = str(form.get("role", ""))
    if is_ours(request, visitor, form) and role in visitor.roles:
        await services_of(request).visitors.act_as(request, role)
    return RedirectResponse("/console/episodes", 303)
