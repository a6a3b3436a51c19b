"""Voucher systems that take what they are asked, as the port describes them, in memory."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.errors import Final
from crossclaim.domain.money import Money, hk_cents
from crossclaim.domain.party import (
    ReimbursedClaim,
    ReimbursementStatement,
    VoucherAccount,
    VoucherClaimOrder,
    VoucherClaimReceipt,
)
from crossclaim.domain.submission import IdentityDocument
from tests.steps.parties import OwnAccountsOnly


class TakingSystem(OwnAccountsOnly):
    """Takes every claim, entered or confirmed as told; ``states`` may be changed in between."""

    def __init__(self, *, confirmed: bool = True, validated: bool = True) -> None:
        self.taken: dict[str, VoucherClaimReceipt] = {}
        self.amounts: dict[str, Money] = {}
        self.confirmed, self.validated = confirmed, validated
        self.asked = 0
        self.statement: ReimbursementStatement | None = None

    def look_up(
        self, document: IdentityDocument, birth_date: date, institution: str, at: datetime
    ) -> VoucherAccount | None:
        return None

    def claim(self, order: VoucherClaimOrder) -> VoucherClaimReceipt:
        if order.reference not in self.taken:
            number = f"TX{len(self.taken) + 1:06d}-{order.reference[-12:]}"
            self.amounts[order.reference] = order.amount
            self.taken[order.reference] = VoucherClaimReceipt(
                reference=order.reference,
                transaction_number=number,
                balance_after=hk_cents(0),
                confirmed=self.confirmed,
                validated=self.validated,
            )
        return self.taken[order.reference]

    def find(self, reference: str) -> VoucherClaimReceipt | None:
        self.asked += 1
        return self.taken.get(reference)

    def void(self, transaction_number: str, reference: str, reason: str) -> VoucherClaimReceipt:
        for known in self.taken.values():
            if known.transaction_number == transaction_number:
                return known.model_copy(update={"voided": True, "balance_after": hk_cents(30_000)})
        raise Final("there is no such claim", code="CLAIM_NOT_FOUND")

    def confirm(
        self, transaction_number: str, reference: str, confirmed_by: str, confirmed_at: datetime
    ) -> VoucherClaimReceipt:
        return self.change(transaction_number, confirmed=True)

    def change(self, transaction_number: str, **fields: object) -> VoucherClaimReceipt:
        for name, known in self.taken.items():
            if known.transaction_number == transaction_number:
                self.taken[name] = known.model_copy(update=fields)
                return self.taken[name]
        raise Final("there is no such claim", code="CLAIM_NOT_FOUND")

    def reimbursements(self, institution: str, month: str) -> ReimbursementStatement | None:
        return self.statement

    def states(
        self, hospital: str, month: str, *changes: ReimbursedClaim, number: str = "RS-1"
    ) -> None:
        """A statement of every claim taken, with some lines put in place of them or added."""
        lines = {
            reference: ReimbursedClaim(
                reference=reference,
                transaction_number=known.transaction_number,
                amount=self.amounts[reference],
                state="paid" if known.complete else "unconfirmed",
            )
            for reference, known in self.taken.items()
        }
        replaced = {change.reference for change in changes}
        claims = [line for name, line in lines.items() if name not in replaced]
        claims += changes
        paid = sum(c.amount.amount_minor for c in claims if c.state == "paid")
        self.statement = ReimbursementStatement(
            number=number,
            institution=hospital,
            month=month,
            paid_on=date(2026, 5, 20),
            total=hk_cents(paid),
            claims=claims,
        )
