"""What the routes are handed of identity: tokens, sessions, cookies and how fresh a sign-in is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crossclaim.api.identity_ports import SignIns, Tokens
from crossclaim.domain.errors import NotAllowed, NotAuthenticated


class StepUpNeeded(NotAuthenticated):
    """The person is known, but signed in too long ago for this (RFC 9470)."""

    code = "STEP_UP_NEEDED"

    def __init__(self, max_age_s: int) -> None:
        super().__init__("sign in again to do this: it is too long since you did")
        self.max_age_s = max_age_s


class ForgeryFeared(NotAllowed):
    """A change that a browser sent with its cookie, and that no page of ours asked for."""

    code = "CSRF_REFUSED"


class LicenceMissing(NotAllowed):
    """Claim service in the mainland is for people with a mainland licence on file."""

    code = "LICENCE_MISSING"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class IdentityDesk:
    """``None`` for a way in that this installation does not have."""

    public_url: str
    tokens: Tokens | None = None
    sign_ins: SignIns | None = None
    step_up_within: timedelta = timedelta(minutes=5)
    now: Callable[[], datetime] = _utc_now

    @property
    def origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def session_cookie(self) -> str:
        """A browser keeps ``__Host-`` to this host, this path and TLS. Development on this machine
        has no TLS, so no such name."""
        return "__Host-crossclaim" if self.secure else "crossclaim"

    @property
    def attempt_cookie(self) -> str:
        return f"{self.session_cookie}-sign-in"
