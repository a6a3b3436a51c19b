"""What the API needs to know of who comes in: tokens of systems and sessions of people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.principal import Principal


class OAuthRefused(CrossclaimError):
    """A refusal of the token endpoint; ``code`` is one of RFC 6749 5.2."""

    status = 400
    code = "invalid_request"

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail, code=code)
        if code == "invalid_client":
            self.status = 401


class SignInRefused(CrossclaimError):
    """What came back from the provider is not the end of a sign-in that began here."""

    status = 400
    code = "SIGN_IN_REFUSED"


class IssuedToken(Frozen):
    access_token: str
    expires_in: int
    scope: str | None = None


class Tokens(Protocol):
    """Access tokens for systems (OAuth 2.0 client credentials)."""

    async def issue(self, form: Mapping[str, str], basic: tuple[str, str] | None) -> IssuedToken:
        """Raises ``OAuthRefused``."""
        ...

    async def principal_of(self, token: str) -> Principal | None: ...

    async def jwks(self) -> dict[str, Any]: ...

    def metadata(self) -> dict[str, Any]: ...


class SignedIn(Frozen):
    """A person's session as the browser's cookie opens it."""

    principal: Principal
    name: str
    roles: tuple[str, ...]
    csrf: str
    expires_at: datetime


class SignIns(Protocol):
    """Sessions of people, who prove themselves at an identity provider."""

    async def begin(self, return_to: str, *, anew: bool, language: str) -> tuple[str, str]:
        """The provider's address to go to, and the cookie that the way back must bring.

        ``anew``: the provider asks the person again, whatever it remembers.
        """
        ...

    async def complete(
        self, attempt: str, answer: Mapping[str, str], before: str | None
    ) -> tuple[str, str]:
        """The new session's cookie, and where to go; ``before`` ends. Raises ``SignInRefused``."""
        ...

    async def session(self, cookie: str) -> SignedIn | None: ...

    async def act_as(self, cookie: str, role: str) -> bool:
        """Whether the person has that role."""
        ...

    async def end(self, cookie: str) -> None: ...

    async def provider_ended(self, logout_token: str) -> None:
        """Ends every session of whom the provider names. Raises ``SignInRefused``."""
        ...
