"""One submission about to be applied: what it says, what we know, and where the answer goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.allocation import Alternative, Fault
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.records import EpisodeRows, StoredSubmission


@dataclass(frozen=True)
class Outcome:
    """What the sender gets. ``changed``: the episode's revision rises."""

    status: int
    body: dict[str, Any]
    changed: bool = True


@dataclass(frozen=True)
class Case:
    """``rows`` is None only for the submission that opens the episode."""

    transaction: EpisodeTransaction
    stored: StoredSubmission
    world: World
    at: datetime
    known: EpisodeRows | None

    @property
    def episode_id(self) -> str:
        return self.stored.episode_id

    @property
    def rows(self) -> EpisodeRows:
        if self.known is None:
            raise CrossclaimError("the episode has not been opened", code="EPISODE_NOT_OPENED")
        return self.known

    def derived_id(self, prefix: str) -> str:
        """An id for what this submission makes: the same however often it is applied."""
        return f"{prefix}_{self.stored.id.partition('_')[2]}"


def refused(faults: list[Fault], alternatives: Sequence[Alternative] = ()) -> Outcome:
    """Nothing is stored: every fault, each with its pointer, code and three sentences, and what
    would be legal instead, cheapest for the patient first."""
    body: dict[str, Any] = {
        "code": "SUBMISSION_REFUSED",
        "detail": f"{len(faults)} thing(s) to put right; nothing was stored",
        "errors": [f.model_dump(mode="json") for f in faults],
    }
    if alternatives:
        body["alternatives"] = [a.model_dump(mode="json") for a in alternatives]
    return Outcome(status=422, body=body, changed=False)
