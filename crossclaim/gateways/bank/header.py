"""The header that every bank message has, and the reports made under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crossclaim.domain.money import Money
from crossclaim.domain.party import PaymentReport, PaymentState, StatementPeriod
from crossclaim.gateways.bank.document import Document, unreadable
from crossclaim.gateways.bank.identifiers import Payment, account_hash


@dataclass(frozen=True, slots=True)
class Header:
    message_type: str
    message_id: str
    created_at: datetime

    @classmethod
    def of(cls, document: Document) -> Header:
        """Raises ``Final`` when the message has no id or no time of creation."""
        group = document.content.child("GrpHdr")
        if group is None:
            raise unreadable(f"{document.content.name} has no GrpHdr")
        created_at = group.moment("CreDtTm")
        if created_at is None:
            raise unreadable("GrpHdr has no CreDtTm")
        return cls(document.message_type, group.required("MsgId"), created_at)

    def report(
        self,
        payment: Payment,
        entry: int,
        state: PaymentState,
        *,
        reason: str,
        amount: Money | None,
        account: str,
        happened_at: datetime,
    ) -> PaymentReport:
        """A report about ``payment``; ``account`` is the credited number, if one is named."""
        return PaymentReport(
            reference=payment.reference,
            attempt=payment.attempt,
            state=state,
            reason=reason,
            amount=amount,
            creditor_account_hash=account_hash(account),
            happened_at=happened_at,
            message_id=self.message_id,
            message_type=self.message_type,
            entry=entry,
        )


class Understood(NamedTuple):
    """What a reader understood of one message."""

    header: Header
    reports: list[PaymentReport]
    statements: list[StatementPeriod]
