"""The payout: reserved in our rows, sent once, asked about while silent, believed when credited."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.policies import BANK_FILES
    from workflows.steps import Steps


class PayoutStory:
    """Reserve → send → (reports) → inquire while silent; the fence decides about sending again."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    async def reserve(self, claim_id: str) -> None:
        await self._steps.own("reserve_payout", claim_id)

    async def repeat(self, reference: str) -> None:
        await self._steps.own("repeat_payout", reference)

    async def tell_late(self, claim_id: str) -> None:
        await self._steps.own("note_late_payout", claim_id)

    async def send(self, reference: str) -> None:
        await self._steps.outside("send_payout", BANK_FILES, reference)

    async def inquire(self, reference: str) -> None:
        await self._steps.outside("inquire_payout", BANK_FILES, reference)

    async def recall(self, reference: str) -> None:
        await self._steps.outside("recall_payout", BANK_FILES, reference)

    async def apply(self, reference: str) -> None:
        await self._steps.own("apply_reports", reference)
