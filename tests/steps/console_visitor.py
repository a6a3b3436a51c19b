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

    def sign_in_path(self, back: str) -> str:
        return f"/sign-in?back={back}"

    def sign_in(self, organisation: str, role: Role) -> None:
        """Another person every time."""
        principal = Principal(organisation=organisation, role=role, key_id=f"p-{next(_numbers)}")
        self.now.append(Visitor(principal=principal, name="Wong Siu Ming", csrf=self.csrf))
