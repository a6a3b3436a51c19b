"""A variant of the family binding that no recorded history can have come from: it rests first."""

from __future__ import annotations

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.family_messages import BindingEnd, BindingStart

from workflows.family_binding import FamilyBindingWorkflow


@workflow.defn(name="FamilyBindingWorkflow")
class HastyBinding(FamilyBindingWorkflow):
    @workflow.init
    def __init__(self, start: BindingStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: BindingStart) -> BindingEnd:
        await asyncio.sleep(1)
        return await super().run(start)
