"""Drives bare workflows through the engine's client: an episode's messages, without content."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from ulid import ULID

from crossclaim.bench.bare_messages import BARE, BareNews, BareReport, BareStart
from crossclaim.bench.load import Course
from crossclaim.bench.plan import Kind

INSURER_S = 0.2
BANK_S = 1.2


class BareDesk:
    """Sends what hospital, insurer and bank send of a real episode, in the same order."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def _start(self, workflow_id: str, kind: Kind) -> WithStartWorkflowOperation[Any, Any]:
        return WithStartWorkflowOperation(
            "BareWorkflow",
            BareStart(episode_id=workflow_id, story=kind.value),
            id=workflow_id,
            task_queue=BARE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )

    async def run(self, kind: Kind, treatment: Any) -> Course:
        """One bare run from its first update to its end; ``treatment`` waits as a patient does."""
        course = Course(workflow_id=f"bare-{ULID()}")
        await self._update(course, kind, "submit")
        if kind is Kind.OUTPATIENT:
            await treatment()
            await self._bill(course, kind)
            await self._update(course, kind, "submit")
        elif kind in (Kind.BASIC, Kind.BASIC_AT_ONCE):
            await treatment()
            if kind is Kind.BASIC:
                await self._update(course, kind, "submit_quoted_bill")
            await self._bill(course, kind, "submit_quoted_bill")
        else:
            await asyncio.sleep(INSURER_S)
            for _ in ("the insurer's answer", "admission"):
                await self._update(course, kind, "submit")
            await treatment()
            await self._bill(course, kind)
            await self._update(course, kind, "submit")
            await self._bill(course, kind)
            await self._update(course, kind, "submit")
            await self._parties(course, kind)
        await self._client.get_workflow_handle(course.workflow_id).result()
        return course

    async def _parties(self, course: Course, kind: Kind) -> None:
        """The insurer's decision and the bank's word, as late as the simulators' come."""
        await asyncio.sleep(INSURER_S)
        await self._update(course, kind, "submit")
        await asyncio.sleep(BANK_S)
        handle = self._client.get_workflow_handle(course.workflow_id)
        await handle.signal("reported", BareReport(reference=course.workflow_id))

    async def _bill(self, course: Course, kind: Kind, update: str = "submit_bill") -> None:
        begun = time.monotonic()
        await self._update(course, kind, update)
        course.answers_s.append(time.monotonic() - begun)

    async def _update(self, course: Course, kind: Kind, name: str) -> None:
        submission_id = f"sb_{ULID()}"
        await self._client.execute_update_with_start_workflow(
            name,
            BareNews(submission_id=submission_id),
            start_workflow_operation=self._start(course.workflow_id, kind),
            id=submission_id,
            result_type=str,
        )
