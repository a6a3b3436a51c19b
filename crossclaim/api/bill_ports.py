"""What the API needs to tell of a bill's versions."""

from __future__ import annotations

from typing import Any, Protocol

from crossclaim.security.roles import Principal


class Bills(Protocol):
    """Versions of a bill as the principal may see them. Raises ``NotFound``."""

    async def versions(
        self, principal: Principal, episode_id: str, number: str
    ) -> dict[str, Any]: ...

    async def differences(
        self, principal: Principal, episode_id: str, number: str, old: int, new: int
    ) -> dict[str, Any]: ...

    async def cancellation(
        self, principal: Principal, episode_id: str, number: str
    ) -> dict[str, Any]:
        """What cancelling the settlement would undo; nothing is changed."""
        ...
