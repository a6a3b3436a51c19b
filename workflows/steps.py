"""How a story takes a step: one activity about one subject, whose answer is the new standing."""

from __future__ import annotations

from collections.abc import Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Subject
    from crossclaim.domain.standing import Standing
    from workflows.policies import OUTSIDE, OWN_ROWS, RECORDS


class Steps:
    """Runs named steps of one episode and hands each new standing to ``learn``."""

    def __init__(self, episode_id: str, learn: Callable[[Standing], None]) -> None:
        self._episode_id = episode_id
        self._learn = learn

    def _subject(self, subject: str) -> Subject:
        return Subject(episode_id=self._episode_id, subject=subject, at=workflow.now())

    async def own(self, name: str, subject: str = "") -> None:
        """A step on our own rows: a local activity."""
        standing = await workflow.execute_local_activity(
            name, self._subject(subject), result_type=Standing, **OWN_ROWS
        )
        self._learn(standing)

    async def outside(self, name: str, queue: str, subject: str = "") -> None:
        """A step that speaks with an outside party: a regular activity on that party's queue."""
        standing = await workflow.execute_activity(
            name, self._subject(subject), result_type=Standing, task_queue=queue, **OUTSIDE
        )
        self._learn(standing)

    async def archive(self) -> None:
        """The run's last act: its encrypted history goes to the document store."""
        await workflow.execute_activity(
            "archive_history", self._subject(workflow.info().run_id), task_queue=RECORDS, **OUTSIDE
        )
