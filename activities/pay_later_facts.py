"""The link of pay-after-care in a bill's split, made of what the platform told of the payer."""

from __future__ import annotations

from datetime import date

from activities.case import Case
from crossclaim.domain.allocation import BillFacts
from crossclaim.domain.chain import Left, LegAnswer, Link, first_claimed
from crossclaim.domain.combination import first_day
from crossclaim.domain.credit_position import overdue
from crossclaim.domain.insured import InsuredStatus, Relation
from crossclaim.domain.mainland_links import pay_later_link
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later import Payer, PayLaterFacts, Tender
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.records import PayLaterRow
from crossclaim.domain.standing_pay_later import PAY_LATER_CLAIM
from crossclaim.domain.submission import FunderKind, PayLaterClaimed


def pay_later_links(case: Case, facts: BillFacts, bill_id: str = "") -> tuple[Link, ...]:
    """One link when the bill is laid on pay-after-care; it carries nothing where nobody pays.

    ``bill_id``: of a bill that is split anew; what was charged for it counts as not spent.
    """
    claimed = first_claimed(facts, FunderKind.PAY_LATER)
    payer = case.rows.pay_later
    if claimed is None or payer is None:
        return ()
    told = claimed[1].pay_later
    if payer.code or payer.account_id is None or told is None:
        return (Link(FunderKind.PAY_LATER, _nothing),)
    return (pay_later_link(_facts(case, facts, _as_before(case, payer, bill_id), told)),)


def _as_before(case: Case, payer: PayLaterRow, bill_id: str) -> PayLaterRow:
    """The payer as he was before the charge of this very bill."""
    for claim in case.rows.claims_of(bill_id, PAY_LATER_CLAIM) if bill_id else ():
        if claim.state != "approved":
            continue
        _, parts = case.transaction.pay_later_order(claim.id)
        account, credit = parts.get(Tender.ACCOUNT, fen(0)), parts.get(Tender.CREDIT, fen(0))
        back: dict[str, int] = {}
        if payer.balance_minor is not None:
            back["balance_minor"] = payer.balance_minor + account.amount_minor
        if payer.credit_minor is not None:
            back["credit_minor"] = payer.credit_minor + credit.amount_minor
        payer = payer.model_copy(update=back)
    return payer


def _nothing(facts: BillFacts, plans: PlanSet, left: Left) -> LegAnswer:
    return LegAnswer()


def _facts(
    case: Case, facts: BillFacts, payer: PayLaterRow, told: PayLaterClaimed
) -> PayLaterFacts:
    """A split is a forecast until somebody confirms, so confirmation bears on the charge only."""
    on = first_day(facts)
    stopped = _draws_stopped(case, payer, on)
    credit = None if payer.credit_minor is None or stopped else fen(payer.credit_minor)
    return PayLaterFacts(
        on=on,
        hospital=facts.episode.hospital,
        encounter_class=facts.episode.visit.encounter_class,
        payer=Payer(
            status=InsuredStatus(payer.insured_status),
            account=None if payer.balance_minor is None else fen(payer.balance_minor),
            credit_available=credit,
            bank_card=payer.bank_card,
        ),
        relation=None if told.relation is None else Relation(told.relation),
        agreement_signed=told.agreement_signed_at is not None,
    )


def _draws_stopped(case: Case, payer: PayLaterRow, on: date) -> bool:
    """Nothing is drawn while a part is overdue, where the plan says so."""
    assert payer.account_id is not None
    rows = case.transaction.credit_rows(payer.account_id)
    plan = case.world.plans.find(rows.account.plan)
    rule = None if plan is None else plan.on(on).find("overdue.stops_draws")
    return bool(rule is not None and rule.value and overdue(rows, on))
