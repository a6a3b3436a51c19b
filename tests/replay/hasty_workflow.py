"""Variants that no recorded history can have come from: they rest at their start."""

from __future__ import annotations

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.messages import CreditEnd, CreditStart, EpisodeEnd, EpisodeStart

from workflows.credit import CreditWorkflow
from workflows.episode import EpisodeWorkflow


@workflow.defn(name="EpisodeWorkflow")
class HastyEpisode(EpisodeWorkflow):
    @workflow.init
    def __init__(self, start: EpisodeStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: EpisodeStart) -> EpisodeEnd:
        await asyncio.sleep(1)
        return await super().run(start)


@workflow.defn(name="CreditWorkflow")
class HastyCredit(CreditWorkflow):
    @workflow.init
    def __init__(self, start: CreditStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: CreditStart) -> CreditEnd:
        await asyncio.sleep(1)
        return await super().run(start)
