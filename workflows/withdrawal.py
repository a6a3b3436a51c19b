"""A withdrawn consent: what insurers are told of it, and the end of a suspension."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.withdrawal_standing import END_SUSPENSION, WithdrawalStanding
    from workflows.policies import INSURER
    from workflows.steps import Steps


class WithdrawalStory:
    """Suspended → (new consent | the time is over) → told; or ended at once → told."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    async def follow(self, due: WithdrawalStanding) -> None:
        """Takes the step that is due: our rows first, then the word to the insurer."""
        if due.step == END_SUSPENSION:
            await self._steps.own(due.step, due.subject)
        else:
            await self._steps.outside(due.step, INSURER, due.subject)
