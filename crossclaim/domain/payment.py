"""What a bank's word does to a payout: the one table of its states (``design.md`` 4). Pure."""

from __future__ import annotations

from enum import StrEnum

from crossclaim.domain.account_check import AccountCheck, verdict_of
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bill_chain import DEAD
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.domain.records import PayoutRow


class LedgerEffect(StrEnum):
    NONE = "none"
    CREDIT = "credit"
    """The payee has the money: clearing → what was owed to him."""
    RELEASE = "release"
    """The order is dead: the reservation is reversed."""
    TAKE_BACK = "take_back"
    """Credited money came back: the credit and the reservation are reversed."""


class Transition(Frozen):
    state: str
    effect: LedgerEffect = LedgerEffect.NONE
    settled: bool = False
    credited: bool = False
    closed: bool = False
    exception: str = ""
    account_check: AccountCheck | None = None
    note: str = ""
    """Why nothing, or not the obvious, was done."""


def _other_amount(payout: PayoutRow, report: PaymentReport) -> bool:
    return report.amount is not None and report.amount.amount_minor != payout.amount_minor


def _credited(payout: PayoutRow, report: PaymentReport) -> Transition:
    if payout.state == "credited":
        return Transition(state="credited", note="ALREADY_CREDITED")
    if _other_amount(payout, report):
        return Transition(state=payout.state, exception="PAYOUT_AMOUNT_DIFFERS")
    named = report.creditor_account_hash
    if named and named != payout.payee_account_sha256:
        return Transition(state=payout.state, exception="PAYOUT_ACCOUNT_DIFFERS")
    if payout.state in DEAD:
        return Transition(state=payout.state, exception="PAYOUT_CREDITED_AFTER_CLOSE")
    return Transition(
        state="credited", effect=LedgerEffect.CREDIT, settled=True, credited=True, closed=True
    )


def _settled(payout: PayoutRow, report: PaymentReport, credit_advice: bool) -> Transition:
    if _other_amount(payout, report):
        return Transition(state=payout.state, exception="PAYOUT_AMOUNT_DIFFERS")
    if payout.state == "credited":
        return Transition(state="credited", settled=True, note="ALREADY_CREDITED")
    if payout.state in DEAD:
        return Transition(state=payout.state, exception="PAYOUT_SETTLED_AFTER_CLOSE")
    first = payout.settled_at is None
    effect = LedgerEffect.CREDIT if first and not credit_advice else LedgerEffect.NONE
    return Transition(state="accepted", settled=True, effect=effect)


def _rejected(payout: PayoutRow, report: PaymentReport, credit_advice: bool) -> Transition:
    if payout.state == "credited" or (payout.settled_at is not None and not credit_advice):
        return Transition(state=payout.state, exception="PAYOUT_REJECTED_AFTER_CREDIT")
    if payout.state in DEAD:
        return Transition(state=payout.state, note="ALREADY_CLOSED")
    if 0 < report.attempt < payout.orders:
        return Transition(state=payout.state, note="OLDER_ATTEMPT")
    return Transition(
        state="rejected", effect=LedgerEffect.RELEASE, closed=True, exception="PAYOUT_REJECTED"
    )


def _returned(payout: PayoutRow, report: PaymentReport, credit_advice: bool) -> Transition:
    if payout.state in DEAD:
        return Transition(state=payout.state, note="ALREADY_CLOSED")
    if _other_amount(payout, report):
        return Transition(state=payout.state, exception="PAYOUT_AMOUNT_DIFFERS")
    paid = payout.state == "credited" or (payout.settled_at is not None and not credit_advice)
    effect = LedgerEffect.TAKE_BACK if paid else LedgerEffect.RELEASE
    return Transition(state="returned", effect=effect, closed=True, exception="PAYOUT_RETURNED")


def _recalled(payout: PayoutRow) -> Transition:
    """The bank has cancelled it; one that it had paid before is a contradiction for a person."""
    paid = payout.state == "credited" or payout.settled_at is not None
    if paid:
        return Transition(state=payout.state, exception="PAYOUT_REJECTED_AFTER_CREDIT")
    if payout.state in DEAD:
        return Transition(state=payout.state, note="ALREADY_CLOSED")
    return Transition(
        state="cancelled", effect=LedgerEffect.RELEASE, closed=True, exception="PAYOUT_CANCELLED"
    )


def apply_report(
    payout: PayoutRow, report: PaymentReport, *, credit_advice: bool = True
) -> Transition:
    """The payout's next state. ``credit_advice`` False: settlement counts, since no ACCC comes.

    A duplicate or "no such payment" proves nothing about money: the payout stays or becomes
    unknown and is inquired about.
    """
    match report.state:
        case PaymentState.CREDITED:
            return _credited(payout, report)
        case PaymentState.SETTLED | PaymentState.BOOKED:
            return _settled(payout, report, credit_advice)
        case PaymentState.REJECTED:
            return _rejected(payout, report, credit_advice)
        case PaymentState.RETURNED:
            return _returned(payout, report, credit_advice)
        case PaymentState.ACCEPTED | PaymentState.PENDING:
            alive = payout.state in ("reserved", "sent", "unknown")
            return Transition(state="accepted" if alive else payout.state)
        case PaymentState.RECALLED:
            return _recalled(payout)
        case PaymentState.RECALL_REFUSED | PaymentState.RECALL_PENDING:
            return Transition(state=payout.state, note=report.state.value)
        case PaymentState.DUPLICATE | PaymentState.UNKNOWN_TO_BANK:
            return _denied(payout, report)
        case _:
            return _account_checked(payout, report)


def _account_checked(payout: PayoutRow, report: PaymentReport) -> Transition:
    """What does not match is never sent. Once an order may have been seen, the payment's own
    reports say what became of it."""
    verdict = verdict_of(payout, report)
    if verdict is None:
        return Transition(state=payout.state, note=report.state.value)
    if verdict is AccountCheck.NO_MATCH:
        return no_match(verdict)
    return Transition(state=payout.state, account_check=verdict, note=report.state.value)


def no_match(verdict: AccountCheck) -> Transition:
    """Nothing was sent and nothing is: another account is asked for."""
    return Transition(
        state="rejected",
        effect=LedgerEffect.RELEASE,
        closed=True,
        exception="PAYOUT_REJECTED",
        account_check=verdict,
    )


def _denied(payout: PayoutRow, report: PaymentReport) -> Transition:
    """The bank knows no such payment, or too many: no proof of anything about money.

    Said of a payment that it has accepted or settled before, it is a contradiction for a person.
    """
    note = report.state.value
    if payout.state == "accepted" or payout.settled_at is not None:
        absent = report.state is PaymentState.UNKNOWN_TO_BANK
        contradicted = "PAYOUT_CONTRADICTED" if absent and payout.state != "credited" else ""
        state = payout.state if payout.settled_at is not None else "unknown"
        return Transition(state=state, exception=contradicted, note=note)
    open_ = payout.state in ("sent", "unknown")
    return Transition(state="unknown" if open_ else payout.state, note=note)
