"""Takes submissions in: the row first, then the episode's update, then the stored answer."""

from __future__ import annotations

import asyncio
from typing import Any

from ulid import ULID

from crossclaim.api.services import Answer
from crossclaim.domain.allocation import Alternative, Fault
from crossclaim.domain.errors import CrossclaimError, InProgress, NotFound, Refused, Unavailable
from crossclaim.domain.submission import OPENS, SubmissionKind
from crossclaim.engine import EpisodeEngine, StillRunning
from crossclaim.security.roles import Principal
from crossclaim.store.intake_tables import Received, SqlIntake

AT_THE_WINDOW = frozenset({SubmissionKind.BILL, SubmissionKind.TENDER})
"""Somebody stands and waits: no answer means 503, not 202."""
WAIT_FOR_FIRST_S = 5.0
_MEMBERS = {"fb": "binding_id", "fc": "link_id", "ca": "account_id"}
"""What the id of a thing is called in an answer."""


class EngineIntake:
    """Implements ``crossclaim.api.services.Intake``."""

    def __init__(self, rows: SqlIntake, engine: EpisodeEngine, window_timeout_s: float) -> None:
        self._rows = rows
        self._engine = engine
        self._window_timeout_s = window_timeout_s

    async def submit(
        self,
        principal: Principal,
        kind: SubmissionKind,
        *,
        episode_id: str | None,
        business_key: str,
        content: dict[str, Any],
        idempotency_key: str | None,
    ) -> Answer:
        """The same submission is answered the same for ever; simultaneous ones wait."""
        received = await asyncio.to_thread(
            self._rows.receive,
            principal.organisation,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=episode_id or f"{OPENS[kind]}_{ULID()}",
            business_key=business_key,
            content=content,
            idempotency_key=idempotency_key,
            key_id=principal.key_id,
        )
        if received.outcome is not None:
            return answer_of(received, received.outcome)
        wait_s = WAIT_FOR_FIRST_S if received.repeated else self._window_timeout_s
        try:
            await self._engine.submit(received.episode_id, received.id, kind.value, wait_s)
        except StillRunning:
            return self._kept(received)
        except Unavailable:
            if kind in AT_THE_WINDOW:
                raise
            return self._kept(received)
        outcome = await asyncio.to_thread(self._rows.taken, principal.organisation, received.id)
        return answer_of(received, outcome)

    def _kept(self, received: Received) -> Answer:
        """Ours already, and worked on without the sender; only a repeat is told to come later."""
        if received.repeated:
            raise InProgress(
                "the same submission is still being worked on; ask again in a few seconds"
            )
        body = {
            _MEMBERS.get(received.episode_id[:2], "episode_id"): received.episode_id,
            "status": "accepted",
            "submission": received.id,
            "detail": "The submission is kept and is worked on; submit it again to get its answer.",
        }
        return Answer(
            status=202, body=body, episode_id=received.episode_id, submission_id=received.id
        )

    async def status(self, principal: Principal, submission_id: str) -> dict[str, Any]:
        found = await asyncio.to_thread(self._rows.status, principal.organisation, submission_id)
        if not found:
            raise NotFound("there is no such submission")
        told = {
            "submission": submission_id,
            "status": "waiting" if found[0] is None else "answered",
        }
        return told if found[0] is None else {**told, "answer": found[0]}

    async def answered(
        self,
        principal: Principal,
        kind: SubmissionKind,
        *,
        business_key: str,
        content: dict[str, Any],
    ) -> Answer | None:
        received = await asyncio.to_thread(
            self._rows.known, principal.organisation, kind, business_key, content
        )
        if received is None or received.outcome is None:
            return None
        return answer_of(received, received.outcome)


def answer_of(received: Received, outcome: dict[str, Any]) -> Answer:
    """The stored outcome as an answer; a refusal is raised as the problem that it is."""
    status, body = int(outcome["status"]), outcome["body"]
    if status == 422:
        faults = [Fault.model_validate(f) for f in body.get("errors", [])]
        legal = [Alternative.model_validate(a) for a in body.get("alternatives", [])]
        raise Refused(str(body["detail"]), faults, code=str(body["code"]), alternatives=legal)
    if status >= 500:
        raise CrossclaimError(str(body["detail"]), code=str(body["code"]))
    return Answer(
        status=status, body=body, replayed=received.repeated, episode_id=received.episode_id
    )
