"""The letter of guarantee: is the patient covered, how much is reserved, and when it is let go."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.guarantee_standing import GuaranteeStanding
    from workflows.policies import INSURER
    from workflows.steps import Steps


class GuaranteeStory:
    """Eligibility → request → (answer by callback, or by inquiry) → … → release."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    async def check_eligibility(self, insurer: str) -> None:
        await self._steps.outside("check_eligibility", INSURER, insurer)

    async def request(self, guarantee_id: str) -> None:
        await self._steps.outside("request_guarantee", INSURER, guarantee_id)

    async def inquire(self, guarantee_id: str) -> None:
        await self._steps.outside("inquire_guarantee", INSURER, guarantee_id)

    async def follow(self, due: GuaranteeStanding) -> None:
        """Asked for more, expired, or a person's hour over: the step that is due."""
        if due.outside:
            await self._steps.outside(due.step, INSURER, due.subject)
        else:
            await self._steps.own(due.step, due.subject)

    async def release(self, guarantee_id: str) -> None:
        await self._steps.outside("release_guarantee", INSURER, guarantee_id)
