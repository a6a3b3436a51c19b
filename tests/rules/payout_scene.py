"""Reads cases of payouts: their route, what the bank says of them, and their clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from crossclaim.domain.eligibility import REGION_TIME
from crossclaim.domain.ledger import (
    Entry,
    credit_entry,
    payout_entry,
    reimbursement_entry,
    reimbursements,
    reversal,
)
from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.domain.payment import LedgerEffect, apply_report
from crossclaim.domain.payout_clock import Pause, PayoutClock, payout_clock
from crossclaim.domain.payout_rail import (
    Payee,
    Payer,
    RailChoice,
    RailFacts,
    RailUse,
    rail_for,
)
from crossclaim.domain.payout_rail import Rail as RailName
from crossclaim.domain.payout_route import (
    ROUTE_PLAN,
    AfterRefusal,
    PayoutFacts,
    PayoutRoute,
    after_refusal,
    payout_route,
)
from crossclaim.domain.plan import FxBasis, PlanAt
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.trial_balance import trial_balance
from crossclaim.plans.loader import load_plans
from tests.rules import facts as given
from tests.rules import insurer_facts

Case = dict[str, Any]
INSURER, BANK, AMOUNT = "harbour-life", "example-bank", 1311046
SHOWN = load_plans(demonstration=True)
"""With the plans that are examples."""
MOMENT = datetime(2026, 4, 14, 2, 0, tzinfo=UTC)


def rails(on: date, allowed: list[str] | None = None, order: list[str] | None = None) -> PlanAt:
    plan = given.PLANS.find(ROUTE_PLAN)
    assert plan is not None
    if allowed is not None:
        plan = given.with_value(plan, "rails.payment_connect.payers", tuple(allowed))
    if order is not None:
        plan = given.with_value(plan, "rails.order", tuple(order))
    return plan.on(on)


def route_facts(asked: Case, on: date) -> PayoutFacts:
    used = {
        name: None if asked.get(told) is None else hk_cents(asked[told])
        for name, told in (("used_on_day", "used_day_c"), ("used_in_year", "used_year_c"))
    }
    return PayoutFacts(
        net=hk_cents(asked["net_c"]),
        payer=Payer(asked["payer"]),
        on=on,
        basis=FxBasis(asked.get("basis", "approval")),
        rates=insurer_facts.rates(asked.get("rates", {"approval": "0.9155"}), on),
        **used,
    )


def routed(case: Case) -> PayoutRoute:
    asked, on = case["input"], case["period"]
    return payout_route(route_facts(asked, on), rails(on, asked.get("allowed"), asked.get("order")))


def railed(case: Case) -> RailChoice:
    """The rail of a payment, by the plan as the case changes it."""
    asked, on = case["input"], case["period"]
    plans = SHOWN if "plan" in asked else given.PLANS
    plan = plans.find(asked.get("plan", ROUTE_PLAN))
    assert plan is not None
    for rail, codes in asked.get("purposes", {}).items():
        like = plan.parameters[f"rails.{rail}.payers"]
        key = f"rails.{rail}.purposes"
        added = {key: like.model_copy(update={"key": key})}
        plan = plan.model_copy(update={"parameters": plan.parameters | added})
        plan = given.with_value(plan, key, tuple(codes))
    if "order" in asked:
        plan = given.with_value(plan, "rails.order", tuple(asked["order"]))
    use = {
        name: None if asked.get(told) is None else hk_cents(asked[told])
        for name, told in (("on_day", "used_day_c"), ("in_year", "used_year_c"))
    }
    net = asked.get("net_c")
    facts = RailFacts(
        amount=fen(asked["fen"]),
        net=None if net is None else hk_cents(net),
        payer=Payer(asked["payer"]),
        payee=Payee(asked["payee"]),
        purpose=asked.get("purpose", ""),
        on=on,
        at=at(asked["at"]),
        due_at=moment(asked.get("due")),
        use=dict.fromkeys(RailName, RailUse(**use)),
    )
    return rail_for(facts, plan.on(on))


def moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).replace(tzinfo=REGION_TIME)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=REGION_TIME)


def clocked(case: Case) -> PayoutClock:
    asked = case["input"]
    pauses = [
        Pause(cause=cause, since=at(since), until=moment(until))
        for cause, since, until in asked.get("pauses", [])
    ]
    plan = rails(case["period"])
    credited = moment(asked.get("credited"))
    return payout_clock(at(asked["approved"]), credited, pauses, plan, at(asked["now"]))


class Rail:
    """One debt of the insurer and every order about it, with the ledger that follows the bank."""

    def __init__(self) -> None:
        self.payouts: dict[str, PayoutRow] = {}
        self.entries: list[Entry] = [reimbursement_entry("owed", INSURER, AMOUNT)]
        self.after: AfterRefusal | None = None

    def send(self, reference: str) -> None:
        self.entries.append(payout_entry(f"payout:{reference}", INSURER, BANK, AMOUNT))
        self.payouts[reference] = PayoutRow(
            reference=reference,
            claim_id="C1",
            sequence=len(self.payouts) + 1,
            payee="patient",
            payee_account_sha256="",
            debtor_organisation_id=INSURER,
            bank=BANK,
            amount_minor=AMOUNT,
            state="sent",
            reserved_at=MOMENT,
            sent_at=MOMENT,
            orders=1,
        )

    def hears(self, reference: str, state: str, reason: str, plan: PlanAt) -> None:
        report = PaymentReport(
            reference=reference,
            state=PaymentState(state),
            reason=reason,
            happened_at=MOMENT,
            message_id="M",
            message_type="pain.002",
            entry=1,
        )
        payout = self.payouts[reference]
        change = apply_report(payout, report)
        self.post(reference, change.effect)
        updates: Case = {"state": change.state}
        if change.settled and payout.settled_at is None:
            updates["settled_at"] = MOMENT
        self.payouts[reference] = payout.model_copy(update=updates)
        refused = report.state in (
            PaymentState.REJECTED,
            PaymentState.RETURNED,
            PaymentState.DUPLICATE,
        )
        self.after = after_refusal(reason, plan) if refused else None

    def post(self, reference: str, effect: LedgerEffect) -> None:
        by_key = {entry.key: entry for entry in self.entries}
        reserved = by_key[f"payout:{reference}"]
        match effect:
            case LedgerEffect.CREDIT:
                key = f"credit:{reference}"
                entry = credit_entry(key, reimbursements(), INSURER, BANK, AMOUNT)
                self.entries.append(entry)
            case LedgerEffect.RELEASE:
                self.entries.append(reversal(reserved))
            case LedgerEffect.TAKE_BACK:
                credited = by_key[f"credit:{reference}"]
                self.entries += [reversal(credited), reversal(reserved)]
            case LedgerEffect.NONE:
                pass

    def credited(self) -> int:
        """Fen that the payee has."""
        return sum(
            posting.amount_minor
            for entry in self.entries
            for posting in entry.postings
            if posting.account == reimbursements() and "credit:" in entry.key
        )

    def figures(self) -> Case:
        return {
            "states": {name: payout.state for name, payout in self.payouts.items()},
            "next": None if self.after is None else self.after.next.value,
            "credited_fen": self.credited(),
            "balances": trial_balance(self.entries),
        }


def told_by_bank(case: Case) -> Rail:
    rail, plan = Rail(), rails(case["period"])
    for event in case["input"]["events"]:
        if "send" in event:
            rail.send(event["send"])
        else:
            rail.hears(*event["bank"], plan)
    return rail
