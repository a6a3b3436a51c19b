"""Messages of an episode about decisions that were made: appeals, and a changed mind."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Receipt
    from workflows.applying import Applying
    from workflows.messages import Submitted


class AppealUpdates(Applying):
    """Part of the episode's workflow, which applies every message alike."""

    @workflow.update(name="appeal_claim")
    async def appeal_claim(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="decide_appeal")
    async def decide_appeal(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="change_decision")
    async def change_decision(self, message: Submitted) -> Receipt:
        return await self._apply(message)
