"""The episode's messages about payouts: a release, a recall, and how a contradiction ended."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Receipt
    from workflows.applying import Applying
    from workflows.messages import Submitted


class PayoutUpdates(Applying):
    """Part of ``EpisodeWorkflow``."""

    @workflow.update(name="approve_payout")
    async def approve_payout(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="recall_payout")
    async def recall_payout(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="propose_payout_finding")
    async def propose_payout_finding(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="decide_payout_finding")
    async def decide_payout_finding(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="propose_claw_back_write_off")
    async def propose_claw_back_write_off(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="decide_claw_back_write_off")
    async def decide_claw_back_write_off(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="propose_claw_back_finding")
    async def propose_claw_back_finding(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="decide_claw_back_finding")
    async def decide_claw_back_finding(self, message: Submitted) -> Receipt:
        return await self._apply(message)
