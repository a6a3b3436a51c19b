"""Pay-after-care in Dongguan: the payer's account, credit and card pay what the patient owes.

The payer is the patient or a relative who need not be present. Means of payment follow in the
plan's order; credit that is too small for what is left pays nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum

from crossclaim.domain.allocation import Fault, Frozen, TraceStep
from crossclaim.domain.checks import faults_found
from crossclaim.domain.credit import due_date
from crossclaim.domain.family_account import pay_from, still_left
from crossclaim.domain.insured import InsuredStatus, Relation
from crossclaim.domain.money import Currency, Money, fen, total
from crossclaim.domain.plan import PlanAt
from crossclaim.domain.sentences_basic import BasicReason
from crossclaim.domain.submission import EncounterClass
from crossclaim.domain.trace import fault, traced


class Tender(StrEnum):
    """The means of payment, in the words of the plan's order."""

    ACCOUNT = "personal_account"
    CREDIT = "credit"
    BANK_CARD = "bank_card"
    CASH = "cash"


TENDERS = frozenset(tender.value for tender in Tender)


class Confirmation(StrEnum):
    """无感 settles after the prescription by itself; 有感 waits for somebody to confirm."""

    SEAMLESS = "SEAMLESS"
    CONFIRMED = "CONFIRMED"


class Payer(Frozen):
    """Who signed up. Amounts in CNY; None when the payer has no such means of payment."""

    status: InsuredStatus
    account: Money | None = None
    credit_available: Money | None = None
    bank_card: bool = False


class PayLaterFacts(Frozen):
    """``relation`` is what the patient is to the payer; None when they are the same person."""

    on: date
    hospital: str
    encounter_class: EncounterClass
    payer: Payer
    relation: Relation | None = None
    agreement_signed: bool = False
    """东莞惠民就医亲情付服务协议, for a relative."""
    confirmation: Confirmation = Confirmation.SEAMLESS
    confirmed: bool = False


class TenderPart(Frozen):
    """What one means of payment carries, by line (CNY)."""

    tender: Tender
    amount: Money
    shares: dict[int, Money]


class PayLaterLeg(Frozen):
    """Σ parts = what was left. With ``faults`` all of it is cash, which the window collects."""

    parts: list[TenderPart]
    account_after: Money | None
    credit_after: Money | None
    credit_due: date | None = None
    """End of the grace of what was drawn."""
    trace: list[TraceStep] = []
    faults: list[Fault] = []

    def of(self, tender: Tender) -> Money:
        return next((part.amount for part in self.parts if part.tender is tender), fen(0))


def pay_later_faults(facts: PayLaterFacts, plan: PlanAt) -> list[Fault]:
    """Every reason why pay-after-care may not settle this bill; empty when it may."""
    return faults_found(_CHECKS, facts, plan, "/pay_later")


def pay_later_leg(facts: PayLaterFacts, plan: PlanAt, left: Mapping[int, Money]) -> PayLaterLeg:
    """Lays what earlier funders left of each line on the payer's means of payment."""
    payer = facts.payer
    faults = pay_later_faults(facts, plan)
    rest, parts, steps = dict(left), [], list[TraceStep]()
    order = [Tender.CASH] if faults else [Tender(word) for word in plan.codes("tenders.order")]
    for tender in order:
        due = total(rest.values(), Currency.CNY)
        paying, refusal = _carries(tender, payer, due, plan)
        if refusal is not None:
            words = {"available": payer.credit_available, "amount": due}
            steps.append(traced(plan, ["credit.partial"], refusal, fen(0), words=words))
        if paying.amount_minor <= 0:
            continue
        amount, shares = pay_from(paying, rest)
        rest = still_left(rest, shares)
        parts.append(TenderPart(tender=tender, amount=amount, shares=shares))
        steps.append(_step(plan, payer, tender, amount))
    drawn = next((p.amount for p in parts if p.tender is Tender.CREDIT), fen(0))
    spent = next((p.amount for p in parts if p.tender is Tender.ACCOUNT), fen(0))
    due_on = due_date(facts.on, plan) if drawn.amount_minor else None
    if due_on is not None:
        steps.append(_due_step(plan, facts.on, due_on))
    return PayLaterLeg(
        parts=parts,
        account_after=None if payer.account is None else payer.account - spent,
        credit_after=None if payer.credit_available is None else payer.credit_available - drawn,
        credit_due=due_on,
        trace=steps,
        faults=faults,
    )


def _carries(
    tender: Tender, payer: Payer, due: Money, plan: PlanAt
) -> tuple[Money, BasicReason | None]:
    """What one means of payment can carry of what is due, and why credit carries nothing."""
    if tender is Tender.ACCOUNT:
        return (payer.account or fen(0)), None
    if tender is Tender.CREDIT:
        credit = payer.credit_available
        if credit is None or due.amount_minor == 0:
            return fen(0), None
        if due <= credit or plan.rule("credit.partial").value:
            return min(due, credit), None
        return fen(0), BasicReason.CREDIT_INSUFFICIENT
    if tender is Tender.BANK_CARD:
        return (due if payer.bank_card else fen(0)), None
    return due, None


def _step(plan: PlanAt, payer: Payer, tender: Tender, amount: Money) -> TraceStep:
    words: dict[str, object] = {"amount": amount}
    if tender is Tender.ACCOUNT:
        words["after"] = (payer.account or fen(0)) - amount
    elif tender is Tender.CREDIT:
        words["after"] = (payer.credit_available or fen(0)) - amount
    return traced(plan, ["tenders.order"], _PAID_BY[tender], amount, words=words)


def _due_step(plan: PlanAt, drawn_on: date, due_on: date) -> TraceStep:
    words = {"drawn": drawn_on, "due": due_on, "days": (due_on - drawn_on).days}
    keys = ["credit.grace_least", "credit.grace_most", "credit.due_rule", "credit.grace_interest"]
    return traced(plan, keys, BasicReason.CREDIT_DUE, due_on, words=words)


_PAID_BY = {
    Tender.ACCOUNT: BasicReason.ACCOUNT_LEG,
    Tender.CREDIT: BasicReason.CREDIT_LEG,
    Tender.BANK_CARD: BasicReason.BANK_CARD_LEG,
    Tender.CASH: BasicReason.CASH_LEG,
}


def _status(facts: PayLaterFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.payer.status is not InsuredStatus.ACTIVE:
        yield fault(BasicReason.INSURED_STATUS, "/pay_later/payer/status", on=facts.on)


def _scope(facts: PayLaterFacts, plan: PlanAt) -> Iterator[Fault]:
    encounter = facts.encounter_class.value
    inside = facts.hospital in plan.codes("scope.hospitals")
    if not inside or encounter not in plan.codes("scope.encounter_classes"):
        words = {"hospital": facts.hospital, "encounter": encounter, "on": facts.on}
        yield fault(BasicReason.HUIMIN_SCOPE, "/pay_later/hospital", **words)


def _relation(facts: PayLaterFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.relation is None:
        return
    allowed = plan.codes("family_pay.relatives")
    if facts.relation.value not in allowed:
        words = {"allowed": ", ".join(allowed), "relation": facts.relation.value}
        yield fault(BasicReason.FAMILY_PAY_RELATION, "/pay_later/relation", **words)
    if not facts.agreement_signed and plan.rule("family_pay.agreement_needed").value:
        yield fault(BasicReason.FAMILY_PAY_AGREEMENT_MISSING, "/pay_later/agreement_signed")


def _confirmation(facts: PayLaterFacts, plan: PlanAt) -> Iterator[Fault]:
    if facts.confirmation is Confirmation.CONFIRMED and not facts.confirmed:
        yield fault(BasicReason.FAMILY_PAY_NOT_CONFIRMED, "/pay_later/confirmed")


def _rules(facts: PayLaterFacts, plan: PlanAt) -> Iterator[Fault]:
    """Asks for nothing; a rule that the payment needs and the plan lacks raises."""
    plan.codes("tenders.order")
    plan.rule("credit.partial")
    plan.count("credit.grace_least")
    yield from ()


_CHECKS: tuple[Callable[[PayLaterFacts, PlanAt], Iterator[Fault]], ...] = (
    _status,
    _scope,
    _relation,
    _confirmation,
    _rules,
)
