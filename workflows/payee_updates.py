"""The episode's updates about a payee's account; each applies one message that is our row."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Receipt
    from workflows.applying import Applying
    from workflows.messages import Submitted


class PayeeUpdates(Applying):
    """Part of ``EpisodeWorkflow``."""

    @workflow.update(name="propose_payee_account")
    async def propose_payee_account(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="decide_payee_account")
    async def decide_payee_account(self, message: Submitted) -> Receipt:
        return await self._apply(message)
