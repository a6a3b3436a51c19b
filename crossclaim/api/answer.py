"""What a submission is answered."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.allocation import Frozen


class Answer(Frozen):
    """What a submission is answered, the first time and every time after."""

    status: int
    """201 or 200 with the outcome, 202 while it is being worked on."""
    body: dict[str, Any]
    replayed: bool = False
    """Whether the same submission had been answered before."""
    episode_id: str
    submission_id: str = ""
    """Where its outcome will be read, while there is none."""
