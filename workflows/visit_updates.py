"""The episode's messages about a visit: the spouse, the identity check, vouchers, appointments."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Receipt
    from workflows.applying import Applying
    from workflows.messages import Submitted


class VisitUpdates(Applying):
    """Part of ``EpisodeWorkflow``."""

    @workflow.update(name="name_spouse")
    async def name_spouse(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="record_identity_check")
    async def record_identity_check(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="confirm_voucher")
    async def confirm_voucher(self, message: Submitted) -> Receipt:
        return await self._apply(message)

    @workflow.update(name="record_appointment")
    async def record_appointment(self, message: Submitted) -> Receipt:
        return await self._apply(message)
