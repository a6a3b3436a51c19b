"""Claims: on vouchers, decided on the spot; on insurers, decided there or by our own rules."""

from __future__ import annotations

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.policies import CREDIT, INSURER, RECORDS, VOUCHER
    from workflows.steps import Steps


class ClaimStory:
    """Look-up → claim → void for vouchers; submit → decision for insurers."""

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    async def look_up_voucher(self) -> None:
        await self._steps.outside("look_up_voucher", VOUCHER)

    async def open_voucher_account(self) -> None:
        await self._steps.outside("open_voucher_account", VOUCHER)

    async def tell_late_appeal(self, appeal_id: str) -> None:
        await self._steps.own("note_late_appeal", appeal_id)

    async def look_up_spouse(self) -> None:
        await self._steps.outside("look_up_spouse", VOUCHER)

    async def confirm_voucher(self, claim_id: str) -> None:
        await self._steps.outside("confirm_voucher", VOUCHER, claim_id)

    async def chase_voucher(self, claim_id: str) -> None:
        await self._steps.outside("chase_voucher", VOUCHER, claim_id)

    async def print_use_record(self, claim_id: str) -> None:
        await self._steps.outside("print_use_record", RECORDS, claim_id)

    async def claim_voucher(self, claim_id: str) -> None:
        await self._steps.outside("claim_voucher", VOUCHER, claim_id)

    async def void_voucher(self, claim_id: str) -> None:
        await self._steps.outside("void_voucher", VOUCHER, claim_id)

    async def look_up_pay_later(self) -> None:
        await self._steps.outside("look_up_pay_later", CREDIT)

    async def charge_pay_later(self, claim_id: str) -> None:
        await self._steps.outside("charge_pay_later", CREDIT, claim_id)

    async def refund_pay_later(self, claim_id: str) -> None:
        await self._steps.outside("refund_pay_later", CREDIT, claim_id)

    async def submit(self, claim_id: str) -> None:
        await self._steps.outside("submit_claim", INSURER, claim_id)

    async def inquire(self, claim_id: str) -> None:
        await self._steps.outside("inquire_claim", INSURER, claim_id)

    async def decide(self, claim_id: str) -> None:
        await self._steps.own("decide_claim", claim_id)

    async def follow_information(self, request_id: str) -> None:
        await self._steps.own("follow_information_request", request_id)
