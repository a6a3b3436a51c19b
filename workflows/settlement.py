"""The settlement at the bureau: who is insured, what it would pay, what it pays, taken back."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.policies import BUREAU
    from workflows.steps import Steps


class SettlementStory:
    """Look-up → quote of each bill → (discharge of a stay) → settle → (inquire where its answer was
    not true) → cancel."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    async def look_up(self) -> None:
        await self._steps.outside("look_up_insured", BUREAU)

    async def discharge(self) -> None:
        await self._steps.outside("discharge_insured", BUREAU)

    async def take_back_stay(self) -> None:
        await self._steps.outside("take_back_stay", BUREAU)

    async def quote(self, submission_id: str) -> None:
        await self._steps.outside("quote_settlement", BUREAU, submission_id)

    async def settle(self, claim_id: str) -> None:
        await self._steps.outside("settle_bill", BUREAU, claim_id)

    async def inquire(self, claim_id: str) -> None:
        await self._steps.outside("inquire_settlement", BUREAU, claim_id)

    async def cancel(self, claim_id: str) -> None:
        await self._steps.outside("cancel_settlement", BUREAU, claim_id)
