"""Every answer to somebody known is audited before it goes out: who, what, about which, how."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from crossclaim.api.audit_port import AuditRecord
from crossclaim.api.services import ApiServices
from crossclaim.domain.errors import CrossclaimError

_TAKEN = frozenset({200, 201, 202})
_ABOUT = ("episode_id", "binding_id", "link_id", "claim_id", "request_id", "endpoint")


class NotAudited(Exception):
    """No ``CrossclaimError``: the routes' own handlers would answer it after the answer began."""


class Audited:
    """Innermost layer around the routes. An accepted submission is its own record already, and
    stands in the same chain.

    When the record cannot be written, nothing is answered but the error: reads fail closed.
    """

    def __init__(self, app: ASGIApp, services: ApiServices) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_audited(message: Message) -> None:
            if message["type"] == "http.response.start":
                try:
                    await self._record(scope, int(message["status"]))
                except CrossclaimError as error:
                    raise NotAudited from error
            await send(message)

        await self._app(scope, receive, send_audited)

    async def _record(self, scope: Scope, status: int) -> None:
        state = scope.get("state", {})
        principal, audit = state.get("principal"), self._services.audit
        submitted = state.get("kept_itself", False) and status in _TAKEN
        if audit is None or principal is None or submitted:
            return
        own = AuditRecord(
            organisation=principal.organisation,
            key_id=principal.key_id,
            operation=state["operation"],
            about=state.get("about") or _about(scope.get("path_params", {})),
            outcome=str(status),
            purpose=state.get("purpose", ""),
            fields=state.get("fields", []),
        )
        # Each episode that a search opened; with the search, in one transaction.
        opened = [own.model_copy(update={"about": one}) for one in state.get("opened", ())]
        await audit.record(*opened, own)


def _about(parameters: Mapping[str, object]) -> str:
    """The id in the address: of an episode, a binding, a code link, a claim, an endpoint."""
    named = (str(parameters[name]) for name in _ABOUT if name in parameters)
    return next(named, "")
