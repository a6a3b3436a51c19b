"""What each answer of the platform changes in the account's rows, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from activities.credit_asking import PlatformAnswer
from activities.records import EpisodeTransaction
from crossclaim.domain.credit import due_date, repayment
from crossclaim.domain.credit_position import draws, laid, overdue
from crossclaim.domain.credit_rows import CreditInstalmentRow, CreditOrderRow, CreditRows
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later_party import (
    CardBinding,
    CreditDecision,
    InstalmentsAnswer,
    PlatformAccount,
    RepaymentReceipt,
)
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.stay import local_day


@dataclass(frozen=True)
class Answered:
    """``rows`` are those of the transaction that records the answer."""

    transaction: EpisodeTransaction
    rows: CreditRows
    order: CreditOrderRow
    plan: PlanAt
    at: datetime

    @property
    def account_id(self) -> str:
        return self.rows.account.id

    def taken(self, **fields: object) -> None:
        self.transaction.change_credit_order(self.order.reference, state="taken", **fields)

    def tell(
        self,
        code: str,
        amount_minor: int | None = None,
        details: dict[str, str] | None = None,
        reference: str = "",
    ) -> None:
        about = reference or self.order.reference
        self.transaction.add_credit_event(
            self.account_id, code, about, self.at, amount_minor, details
        )

    def change(self, **fields: object) -> None:
        self.transaction.change_credit_account(self.account_id, **fields)


def record(answered: Answered, answer: PlatformAnswer) -> None:
    """Writes what follows from an answer; the caller has checked that none came before."""
    _RECORD[answered.order.kind](answered, answer)


def _sign_up(told: Answered, answer: PlatformAnswer) -> None:
    assert isinstance(answer, PlatformAccount)
    told.taken(number=answer.number)
    told.change(state="open", number=answer.number, insured_status=answer.status.value)
    told.tell("SIGNED_UP")


def _card(told: Answered, answer: PlatformAnswer) -> None:
    assert isinstance(answer, CardBinding)
    told.taken()
    told.change()
    told.tell("CARD_CODE_SENT")


def _card_code(told: Answered, answer: PlatformAnswer) -> None:
    assert isinstance(answer, CardBinding)
    told.taken()
    told.change(card_tail=answer.tail)
    told.tell("CARD_BOUND")


def _application(told: Answered, answer: PlatformAnswer) -> None:
    assert isinstance(answer, CreditDecision)
    tx, reference = told.transaction, told.order.reference
    if answer.state == "in_review":
        tx.change_credit_order(
            reference,
            state="queued",
            asked_at=told.at,
            inquiries=told.order.inquiries + (told.order.state == "queued"),
        )
        told.change(credit_state="in_review")
        told.tell("CREDIT_ASKED", told.order.amount_minor)
        return
    if answer.state == "granted" and answer.limit is not None:
        told.taken()
        told.change(credit_state="granted", limit_minor=answer.limit.amount_minor, code="")
        told.tell("CREDIT_GRANTED", answer.limit.amount_minor)
        return
    tx.change_credit_order(reference, state="refused", code=answer.code)
    told.change(credit_state="refused", code=answer.code)
    told.tell("CREDIT_REFUSED", told.order.amount_minor, {"code": answer.code})


def _instalments(told: Answered, answer: PlatformAnswer) -> None:
    """Our parts count; where the bank's differ, nothing changes and a person looks."""
    assert isinstance(answer, InstalmentsAnswer)
    reference, tx = told.order.about, told.transaction
    charge = told.rows.charge(reference)
    draw = next(d for d in draws(told.rows) if d.charge_reference == reference)
    assert charge is not None, "instalments are of a draw that is ours"
    ours = repayment(fen(draw.left_minor), charge.charged_on, told.order.count, told.plan)
    same = [i.amount for i in ours.instalments] == answer.amounts
    if not same or [i.due for i in ours.instalments] != answer.due:
        tx.change_credit_order(told.order.reference, state="refused", code="ANSWER_DIFFERS")
        tx.open_credit_exception(
            told.account_id, "INSTALMENTS_DIFFER", told.order.reference, {}, told.at
        )
        told.change()
        return
    parts = [
        CreditInstalmentRow(
            charge_reference=reference,
            plan=draw.plan + 1,
            number=number,
            count=told.order.count,
            due_on=part.due,
            amount_minor=part.amount.amount_minor,
            repaid_before_minor=draw.repaid_minor,
        )
        for number, part in enumerate(ours.instalments, 1)
    ]
    told.taken()
    tx.add_credit_instalments(told.account_id, parts, told.at)
    details = {
        "count": str(told.order.count),
        "each": str(ours.instalments[0].amount),
        "last": str(ours.instalments[-1].amount),
        "first": ours.instalments[0].due.isoformat(),
    }
    told.tell("INSTALMENTS_CHOSEN", draw.left_minor, details, reference)
    told.change()


def _repayment(told: Answered, answer: PlatformAnswer) -> None:
    """Laid on what is due first. What no draw owes any more, a person looks at."""
    assert isinstance(answer, RepaymentReceipt)
    tx, amount = told.transaction, answer.amount.amount_minor
    told.taken(number=answer.number)
    rest = amount
    for charge, share in laid(told.rows, amount):
        tx.add_credit_repaid(told.account_id, told.order.reference, charge, share, told.at)
        rest -= share
    if rest:
        details = {"rest": str(fen(rest))}
        tx.open_credit_exception(
            told.account_id, "REPAID_TOO_MUCH", told.order.reference, details, told.at
        )
    told.tell("REPAID", amount, {"source": told.order.source})
    tx.resolve_credit_exceptions(told.account_id, ["REPAYMENT_REFUSED"], "", told.at)
    told.change()
    clear_overdue(tx, told.rows, told.at)


def clear_overdue(tx: EpisodeTransaction, before: CreditRows, at: datetime) -> None:
    """Ends the exception of each part that is overdue no more."""
    account_id, today = before.account.id, local_day(at)
    late = {part.name for part in overdue(tx.credit_rows(account_id), today)}
    for part in overdue(before, today):
        if part.name not in late:
            tx.resolve_credit_exceptions(account_id, ["REPAYMENT_OVERDUE"], part.name, at)
            tx.add_credit_event(account_id, "OVERDUE_CLEARED", part.name, at)


def _closing(told: Answered, answer: PlatformAnswer) -> None:
    assert isinstance(answer, PlatformAccount)
    told.taken()
    told.change(state="closed", ended_at=told.at)
    told.tell("CLOSED")


_RECORD: dict[str, Callable[[Answered, PlatformAnswer], None]] = {
    "sign_up": _sign_up,
    "card": _card,
    "card_code": _card_code,
    "application": _application,
    "instalments": _instalments,
    "repayment": _repayment,
    "closing": _closing,
}


def record_refusal(told: Answered, code: str) -> None:
    """The platform refuses an order for good; what depended on it ends with it."""
    kind, tx = told.order.kind, told.transaction
    tx.change_credit_order(told.order.reference, state="refused", code=code)
    fields: dict[str, object] = {}
    if kind == "sign_up":
        fields = {"state": "refused", "code": code, "ended_at": told.at}
        for other in told.rows.orders:
            if other.state == "due" and other.reference != told.order.reference:
                tx.change_credit_order(other.reference, state="refused", code="SIGN_UP_REFUSED")
    elif kind == "application":
        fields = {"credit_state": "refused", "code": code}
    elif kind == "repayment":
        tx.open_credit_exception(told.account_id, "REPAYMENT_REFUSED", "", {"code": code}, told.at)
    told.tell(_REFUSED[kind], told.order.amount_minor or None, {"code": code})
    told.change(**fields)


_REFUSED = {
    "sign_up": "SIGN_UP_REFUSED",
    "card": "CARD_REFUSED",
    "card_code": "CARD_CODE_REFUSED",
    "application": "CREDIT_REFUSED",
    "instalments": "INSTALMENTS_REFUSED",
    "repayment": "REPAYMENT_REFUSED",
    "closing": "CLOSING_REFUSED",
}


def first_plan(
    account_reference: str, drawn_minor: int, drawn_on_at: datetime, plan: PlanAt
) -> CreditInstalmentRow:
    """The one part of a new draw: all of it at the end of the grace."""
    drawn_on = local_day(drawn_on_at)
    return CreditInstalmentRow(
        charge_reference=account_reference,
        plan=1,
        number=1,
        count=1,
        due_on=due_date(drawn_on, plan),
        amount_minor=drawn_minor,
    )
