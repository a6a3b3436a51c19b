"""What staff may tell a run: to try a step again now, instead of when its patience ends."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.standing_repair import HELD_CODE


def was_held(error: ActivityError) -> bool:
    """The step ended because somebody held the episode meanwhile: no failure, nothing is out."""
    return isinstance(error.cause, ApplicationError) and error.cause.type == HELD_CODE


class Repairable:
    """Part of ``EpisodeWorkflow``, whose waits look at the count."""

    _asked_again: int

    @workflow.signal(name="try_again_now")
    def try_again_now(self) -> None:
        """Only ends a wait: what is due is computed from the rows, and each step is idempotent."""
        self._asked_again += 1
