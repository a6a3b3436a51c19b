"""Keeps an insurer's answer, by whatever wire it came, and hands it to its episode."""

from __future__ import annotations

import asyncio

from ulid import ULID

from crossclaim.domain.errors import Unavailable
from crossclaim.domain.submission import SubmissionKind
from crossclaim.engine import EpisodeEngine, StillRunning
from crossclaim.store.intake_tables import SqlIntake

APPLY_WITHIN_S = 5.0


class InsurerAnswers:
    """One that finds the engine down is kept and swept later."""

    def __init__(self, rows: SqlIntake, engine: EpisodeEngine) -> None:
        self._rows = rows
        self._engine = engine

    async def take(self, insurer: str, episode_id: str, message_id: str, text: str) -> None:
        """The same message again changes nothing. Raises ``Conflict`` for another under its id."""
        received = await asyncio.to_thread(
            self._rows.receive,
            insurer,
            SubmissionKind.INSURER_ANSWER,
            submission_id=f"sb_{ULID()}",
            episode_id=episode_id,
            business_key=f"callback/{message_id}",
            content={"resource": text},
            idempotency_key=None,
        )
        if received.outcome is not None:
            return
        try:
            await self._engine.submit(
                episode_id, received.id, SubmissionKind.INSURER_ANSWER.value, APPLY_WITHIN_S
            )
            await asyncio.to_thread(self._rows.taken, insurer, received.id)
        except (StillRunning, Unavailable):
            return
