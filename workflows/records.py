"""Health records: asked for and handed in beside the money, which never waits for them."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.record_standing import GIVE_UP
    from crossclaim.domain.standing import Standing
    from workflows.beside import Beside, Due
    from workflows.policies import EHEALTH


class RecordStory(Beside):
    """Requests for records, deposits, and consents that are reported."""

    def part_of(self, standing: Standing) -> Due | None:
        return standing.records

    async def take(self, due: Due) -> None:
        if due.step == GIVE_UP:
            await self._steps.own(due.step, due.subject)
        else:
            await self._steps.outside(due.step, EHEALTH, due.subject)
