"""What the API needs of repairs of an episode as a whole."""

from __future__ import annotations

from typing import Protocol

from crossclaim.domain.episode_cancellation import CancellationPlan
from crossclaim.domain.repair_state import RepairState
from crossclaim.security.roles import Principal


class Repairs(Protocol):
    """Raises ``NotFound``, for another's episode too."""

    async def known(self, principal: Principal, episode_id: str) -> None: ...

    async def state(self, principal: Principal, episode_id: str) -> RepairState: ...

    async def cancellation(self, principal: Principal, episode_id: str) -> CancellationPlan:
        """What cancelling the episode would do; nothing is changed."""
        ...

    async def retry(self, principal: Principal, episode_id: str, reason: str) -> list[str]:
        """Steps that waited and now run at once. Raises ``Unavailable``."""
        ...

    async def reset(self, principal: Principal, episode_id: str, reason: str) -> None:
        """The run begins anew from our rows. Raises ``Unavailable``."""
        ...
