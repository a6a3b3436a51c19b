"""The episode's messages about itself: held, released, cancelled, and steps that are left out."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Receipt
    from workflows.applying import Applying
    from workflows.messages import Submitted


class RepairUpdates(Applying):
    """Part of ``EpisodeWorkflow``."""

    @workflow.update(name="hold_episode")
    async def hold_episode(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="release_episode")
    async def release_episode(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="cancel_episode")
    async def cancel_episode(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="propose_skip")
    async def propose_skip(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="decide_skip")
    async def decide_skip(self, message: Submitted) -> Receipt:
        return await self._apply(message)
