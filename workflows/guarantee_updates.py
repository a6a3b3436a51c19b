"""The episode's updates about letters of guarantee; each applies one message that is our row."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Receipt
    from workflows.applying import Applying
    from workflows.messages import Submitted


class GuaranteeUpdates(Applying):
    """Part of ``EpisodeWorkflow``."""

    @workflow.update(name="ask_guarantee")
    async def ask_guarantee(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="decide_guarantee")
    async def decide_guarantee(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="withdraw_guarantee")
    async def withdraw_guarantee(self, message: Submitted) -> Receipt:
        return await self._apply(message)
