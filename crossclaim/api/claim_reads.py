"""What the API needs to tell of decided claims."""

from __future__ import annotations

from typing import Any, Protocol

from crossclaim.domain.claim_letter import LetterKind
from crossclaim.security.roles import Principal


class ClaimReads(Protocol):
    """Decided claims as a party may see them. Raises ``NotFound``, for another's claim too."""

    async def episode_of(self, principal: Principal, claim_id: str) -> str: ...

    async def appeals(self, principal: Principal, claim_id: str) -> dict[str, Any]: ...

    async def letter(
        self,
        principal: Principal,
        claim_id: str,
        kind: LetterKind,
        language: str,
        version: int | None,
    ) -> tuple[str, bytes]:
        """Content type and content of what was issued."""
        ...
