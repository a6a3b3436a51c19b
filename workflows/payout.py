"""The payout: reserved in our rows, sent once, asked about while silent, believed when credited."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from crossclaim.domain.standing_payout import PayoutStanding
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

    async def follow(self, due: PayoutStanding) -> None:
        """Sends what is to be sent; else asks about what was."""
        step = "send_payout" if due.send_due else "inquire_payout"
        await self._steps.outside(step, BANK_FILES, due.reference)

    async def apply(self, reference: str) -> None:
        await self._steps.own("apply_reports", reference)
