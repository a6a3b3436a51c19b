"""What the page that corrects a bill is handed: bills that can be corrected, a look at what a
correction would change, and the way to send it."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bill_amendment import Amendment
from crossclaim.domain.bill_look import BillLooked
from crossclaim.domain.submission import BillSubmission
from crossclaim.security.roles import Principal


class Correctable(Frozen):
    """The final version of a bill that stands, as it was sent."""

    bill: BillSubmission
    next_version: int


class Corrections(Protocol):
    """Raises ``NotFound``, for another's episode too."""

    async def bills(self, principal: Principal, episode_id: str) -> list[Correctable]: ...

    async def look(
        self, principal: Principal, episode_id: str, of: Correctable, change: Amendment
    ) -> BillLooked:
        """Nothing is kept. Raises ``Refused`` with every fault of what was typed, and
        ``Unavailable``."""
        ...

    async def correct(
        self, principal: Principal, episode_id: str, of: Correctable, change: Amendment
    ) -> int:
        """Status of the answer, as at the API. Raises ``Refused`` and ``Conflict``."""
        ...
