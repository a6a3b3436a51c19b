"""What every message of an episode has in common: it is a row of ours already, and is applied."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.orders import Receipt
    from workflows.messages import Submitted


class Applying:
    """Of it the parts of ``EpisodeWorkflow`` are made; the workflow itself says how."""

    async def _apply(self, message: Submitted) -> Receipt:
        raise NotImplementedError
