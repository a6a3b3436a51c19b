"""How fast a client may ask: one bucket for each organisation, client and class of route."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from crossclaim.domain.errors import CrossclaimError
from crossclaim.security.pace import Buckets, Pace
from crossclaim.security.principal import Principal

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class TooFast(CrossclaimError):
    """More requests than this client may send; ``retry_after_s`` says when the next is taken."""

    status = 429
    code = "TOO_MANY_REQUESTS"

    def __init__(self, retry_after_s: float) -> None:
        super().__init__("too many requests; wait as long as Retry-After says")
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Pacing:
    """The paces in force, and the buckets of this process."""

    reading: Pace
    writing: Pace
    entering: Pace
    """Sign-ins and tokens, and credentials that are wrong, by the caller's address."""
    buckets: Buckets = field(default_factory=Buckets)

    def check(self, principal: Principal, method: str) -> None:
        """Raises ``TooFast``."""
        reading = method in SAFE_METHODS
        key = (principal.organisation, principal.key_id, reading)
        self._take(key, self.reading if reading else self.writing)

    def check_entry(self, request: Request) -> None:
        """Raises ``TooFast`` for an address that knocks too often."""
        self._take(("entering", request.client.host if request.client else ""), self.entering)

    def check_open(self, request: Request) -> None:
        """Raises ``TooFast`` for an address that reads too much of what is open to everybody; who
        comes in from there is not held up by it."""
        self._take(("open", request.client.host if request.client else ""), self.reading)

    def _take(self, key: tuple[object, ...], pace: Pace) -> None:
        wait_s = self.buckets.take(key, pace)
        if wait_s > 0:
            raise TooFast(wait_s)
