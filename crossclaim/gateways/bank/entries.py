"""Entries of camt.054 and camt.053: one report for each transaction that names a payment.

Debits are ``booked``. Credits that carry a return reason, a reversal mark or the bank's return
code, or that flow back to their own debtor, are ``returned``. Another credit of a camt.054 is a
credit advice and names the account that it credits; another credit of a statement is a stranger's
money. What is not booked yet is ``pending``, whatever its sign.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from crossclaim.domain.money import Money
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.gateways.bank.document import Node, unreadable, within
from crossclaim.gateways.bank.header import Header
from crossclaim.gateways.bank.identifiers import Payment, payment_named

_DEBIT = "DBIT"
_CREDIT = "CRDT"
_BOOKED = "BOOK"
_RETURN_CODE = "RRTN"
"""ISO bank transaction sub-family: reimbursement, return of a credit transfer."""

_REVERSED = "RVSL"
"""Reason of ours for an entry that is marked as a reversal and gives no reason."""


@dataclass(frozen=True)
class Transaction:
    """One transaction of an entry, or the whole entry where the bank gives no details."""

    position: int
    """Counts every transaction of the file from 1, ours or not."""
    account: str
    entry: Node
    details: Node | None
    alone: bool
    """No other transaction shares the entry, so that the entry's amount is its own."""
    batch_ids: tuple[str, ...]
    """The ids of our file that the entry as a whole names."""
    place: int = 1
    """Counts the transactions of its entry from 1."""

    @cached_property
    def payment(self) -> Payment | None:
        ids: list[str] = []
        end_to_end = ""
        if self.details is not None:
            end_to_end = self.details.text("Refs/EndToEndId")
            ids = [self.details.text(f"Refs/{n}") for n in ("InstrId", "PmtInfId", "MsgId")]
        return payment_named(end_to_end, *ids, *self.batch_ids)

    @property
    def anonymous(self) -> bool:
        """No end-to-end id at all: it may be anybody's."""
        named = self.details.text("Refs/EndToEndId") if self.details is not None else ""
        return named in ("", "NOTPROVIDED") and self.payment is None

    @cached_property
    def sign(self) -> str:
        own = self.details.text("CdtDbtInd") if self.details is not None else ""
        sign = own or self.entry.required("CdtDbtInd")
        if sign not in (_DEBIT, _CREDIT):
            raise unreadable("CdtDbtInd is neither CRDT nor DBIT")
        return sign

    @cached_property
    def amount(self) -> Money | None:
        """The transaction's own amount; the entry's only where it is the whole entry."""
        if self.details is None:
            return self.entry.money("Amt")
        own = self.details.money("Amt") or self.details.money("AmtDtls/TxAmt/Amt")
        return own or (self.entry.money("Amt") if self.alone else None)

    @cached_property
    def booked(self) -> bool:
        return self.entry.text("Sts/Cd", "Sts") == _BOOKED

    @property
    def reversal(self) -> bool:
        return self.entry.flag("RvslInd")

    @property
    def reason(self) -> str:
        """The bank's return reason; ours for a bare reversal; empty for an ordinary entry."""
        given = ""
        if self.details is not None:
            given = self.details.code("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")
        return given or (_REVERSED if self.reversal else "")

    @cached_property
    def comes_back(self) -> bool:
        """A credit by which an earlier debit of ours came back."""
        if self.sign != _CREDIT:
            return False
        code = "BkTxCd/Domn/Fmly/SubFmlyCd"
        coded = self.entry.text(code) == _RETURN_CODE
        if self.details is None:
            return coded or self.reversal
        coded = coded or self.details.text(code) == _RETURN_CODE
        own_debtor = (
            bool(self.account) and self.details.account("RltdPties/DbtrAcct") == self.account
        )
        return coded or self.reversal or own_debtor or self.details.child("RtrInf") is not None

    @property
    def takes_back(self) -> bool:
        """A debit by which the bank undoes a credit: it says nothing of a payment that was made."""
        return self.sign == _DEBIT and self.reversal

    @property
    def credited_account(self) -> str:
        named = self.details.account("RltdPties/CdtrAcct") if self.details is not None else ""
        return named or self.account

    def happened_at(self, known_by: datetime) -> datetime:
        """Booking time, else booking day, else value day, else when the message was written."""
        exact = self.entry.moment("BookgDt/DtTm")
        if exact is not None:
            return exact
        day = self.entry.day("BookgDt/Dt") or self.entry.day("ValDt/Dt")
        return within(day, known_by) if day else known_by


def transactions_of(account: str, entries: Iterator[Node], before: int) -> Iterator[Transaction]:
    """Every transaction of an account's entries; positions go on after ``before``."""
    position = before
    for entry in entries:
        details: list[Node | None] = [*entry.children("NtryDtls/TxDtls")]
        batches = list(entry.children("NtryDtls/Btch"))
        ids = tuple(batch.text(name) for batch in batches for name in ("PmtInfId", "MsgId"))
        for place, detail in enumerate(details or [None], start=1):
            position += 1
            yield Transaction(position, account, entry, detail, len(details) < 2, ids, place)


def report_of(header: Header, transaction: Transaction, *, advice: bool) -> PaymentReport | None:
    """What an entry says about a payment; None when it says nothing about one of ours.

    ``advice`` tells a credit advice (camt.054) from a line of a statement (camt.053).
    """
    payment = transaction.payment
    if payment is None:
        return None
    state = _state(transaction, advice=advice)
    if state is None:
        return None
    credit = state is PaymentState.CREDITED
    return header.report(
        payment,
        transaction.position,
        state,
        reason=transaction.reason,
        amount=transaction.amount,
        account=transaction.credited_account if credit else "",
        happened_at=transaction.happened_at(header.created_at),
    )


def _state(transaction: Transaction, *, advice: bool) -> PaymentState | None:
    if transaction.takes_back:
        return None
    if transaction.sign == _CREDIT and not transaction.comes_back and not advice:
        return None
    if not transaction.booked:
        return PaymentState.PENDING
    if transaction.sign == _DEBIT:
        return PaymentState.BOOKED
    return PaymentState.RETURNED if transaction.comes_back else PaymentState.CREDITED
