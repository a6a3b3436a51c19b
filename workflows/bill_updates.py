"""The messages about a bill: each is a row already, and is applied as every other."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Receipt
    from workflows.applying import Applying
    from workflows.messages import Submitted


class BillUpdates(Applying):
    """Part of the episode's workflow, which applies them."""

    @workflow.update(name="reopen_bill")
    async def reopen_bill(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="cancel_bill_settlement")
    async def cancel_bill_settlement(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="confirm_claw_back")
    async def confirm_claw_back(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="add_coverage")
    async def add_coverage(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="void_bill")
    async def void_bill(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="record_tender")
    async def record_tender(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="request_reimbursement")
    async def request_reimbursement(self, message: Submitted) -> Receipt:
        return await self._apply(message)
