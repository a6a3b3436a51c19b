"""What the patient pays and gets back: beside the rest, since he stands at the window."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.standing import Standing
    from crossclaim.domain.tender_standing import ORDER
    from workflows.beside import Beside, Due
    from workflows.policies import ACQUIRER


class TenderStory(Beside):
    """Payments through the acquirer, and refunds to the tender that paid."""

    def part_of(self, standing: Standing) -> Due | None:
        return standing.tenders

    async def take(self, due: Due) -> None:
        if due.step == ORDER:
            await self._steps.own(due.step, due.subject)
        else:
            await self._steps.outside(due.step, ACQUIRER, due.subject)
