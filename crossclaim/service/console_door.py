"""Takes a page's submission in as the API takes its own."""

from __future__ import annotations

from typing import Any

from crossclaim.api.entry import enter, known_stay
from crossclaim.api.services import ApiServices
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal


class ApiDoor:
    """Implements ``crossclaim.console.door.Door``."""

    def __init__(self, services: ApiServices) -> None:
        self._services = services

    async def say(
        self, principal: Principal, kind: SubmissionKind, episode_id: str, word: dict[str, Any]
    ) -> int:
        stay = await known_stay(self._services, principal, episode_id)
        answer = await enter(
            self._services,
            principal,
            kind,
            word,
            episode_id=episode_id,
            stay=stay,
            idempotency_key=None,
        )
        return answer.status
