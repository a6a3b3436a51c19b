"""What the repair pages are handed: how an episode stands as a whole, and the way to order."""

from __future__ import annotations

from typing import Any, Protocol

from crossclaim.domain.episode_cancellation import CancellationPlan
from crossclaim.domain.repair_state import RepairState
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal


class Repairs(Protocol):
    """Raises ``NotFound``, for another's episode too."""

    async def state(self, principal: Principal, episode_id: str) -> RepairState: ...

    async def cancellation(self, principal: Principal, episode_id: str) -> CancellationPlan: ...

    async def say(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        """Status of the answer, as at the API. Raises ``Refused`` and ``Conflict``."""
        ...

    async def reset(self, principal: Principal, episode_id: str, reason: str) -> None:
        """Raises ``Unavailable``."""
        ...
