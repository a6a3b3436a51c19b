"""The way in for what a page submits: the API's own, with its answers and its refusals."""

from __future__ import annotations

from typing import Any, Protocol

from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal


class Door(Protocol):
    async def say(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        """Status of the answer. Raises ``Refused`` with every fault, ``NotFound`` for another's
        episode, ``Conflict`` where the number was used for something else."""
        ...
