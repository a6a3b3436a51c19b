"""Who has signed in at the console, where a test is not about signing in."""

from __future__ import annotations

import itertools

from starlette.requests import Request

from crossclaim.console.services import Visitor
from crossclaim.security.roles import Principal, Role

_numbers = itertools.count(1)


class SignedIn:
    """The person whom the test named last; nobody at first."""

    sign_out_path = "/sign-out"
    csrf = "c"

    def __init__(self) -> None:
        self.now: list[Visitor] = []

    async def visitor(self, request: Request) -> Visitor | None:
        return self.now[-1] if self.now else None

    async def act_as(self, request: Request, role: str) -> None:
        before = self.now[-1]
        principal = before.principal.model_copy(update={"role": Role(role)})
        self.now.append(before.model_copy(update={"principal": principal}))

    def sign_in_path(self, back: str) -> str:
        return f"/sign-in?back={back}"

    def sign_in(self, organisation: str, role: Role, *more: Role, person: str = "") -> None:
        """Another person every time; ``more`` are roles to change to."""
        key = f"p-{next(_numbers)}"
        principal = Principal(organisation=organisation, role=role, key_id=key, person=person)
        roles = tuple(one.value for one in (role, *more))
        visitor = Visitor(principal=principal, name="Wong Siu Ming", csrf=self.csrf, roles=roles)
        self.now.append(visitor)
