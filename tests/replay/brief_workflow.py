"""A variant of the episode whose histories are called long after some thirty events."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.messages import EpisodeEnd, EpisodeStart

from workflows.episode import EpisodeWorkflow


@workflow.defn(name="EpisodeWorkflow")
class BriefEpisode(EpisodeWorkflow):
    @workflow.init
    def __init__(self, start: EpisodeStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: EpisodeStart) -> EpisodeEnd:
        return await super().run(start)

    def _is_long(self) -> bool:
        return workflow.info().get_current_history_length() > 30
