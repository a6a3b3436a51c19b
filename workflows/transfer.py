"""Transfers by ambulance: the record of a hand-over is issued as soon as it may be."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.policies import RECORDS
    from workflows.steps import Steps


class TransferStory:
    """One step a hand-over; where a consent is missing it waits in our rows for one."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    async def issue(self, hand_over_id: str) -> None:
        await self._steps.outside("issue_hand_over_record", RECORDS, hand_over_id)
