"""Reads cases of withdrawn consents and posts what a withdrawal does to the ledger."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.ledger import (
    Entry,
    bill_entry,
    credit_entry,
    guarantee_entry,
    hospital_bills,
    payout_entry,
    reversal,
)
from crossclaim.domain.money import Money, fen, hk_cents
from crossclaim.domain.submission import ConsentType, FunderKind
from crossclaim.domain.trial_balance import trial_balance
from crossclaim.domain.withdrawal import (
    WITHDRAWAL_PLAN,
    Branch,
    Cancelled,
    Send,
    Withdrawal,
    WithdrawalFacts,
    withdrawal,
)
from tests.rules import facts as given
from tests.rules import insurer_facts
from tests.rules.payout_scene import at, moment

Case = dict[str, Any]
BILL, FORECAST, INSURER, HOSPITAL = 327500, 228750, "harbour-life", "hku-szh"


def facts_of(case: Case) -> WithdrawalFacts:
    asked, day = case["input"], case["period"]
    forecast = asked.get("forecast_fen", FORECAST)
    approved = asked.get("approved_c")
    return WithdrawalFacts(
        withdrawn=frozenset(ConsentType(c) for c in asked.get("withdrawn", ["PI_CROSS_BORDER"])),
        withdrawn_at=at("2026-05-06 09:00:00"),
        now=at(asked["now"]),
        bill=fen(asked.get("bill_fen", BILL)),
        others=fen(asked.get("others_fen", 0)),
        forecast=None if forecast is None else fen(forecast),
        guarantee_issued=asked.get("guarantee", True),
        submitted_at=moment(asked.get("submitted")),
        decided_at=moment(asked.get("decided")),
        approved=None if approved is None else hk_cents(approved),
        rate=None if approved is None or "rate" in asked else insurer_facts.rate("0.9150", day),
        paid_at=moment(asked.get("paid")),
        sends=tuple(Send(reference=name, at=at(sent)) for name, sent in asked.get("sends", [])),
        inpatient=asked.get("inpatient", False),
        emergency=asked.get("emergency", False),
        emergency_reason=asked.get("emergency_reason", ""),
    )


def withdrawn(case: Case) -> Withdrawal:
    plan = given.PLANS.find(WITHDRAWAL_PLAN)
    assert plan is not None
    return withdrawal(facts_of(case), plan.on(case["period"]))


def split(facts: WithdrawalFacts, insurer: Money) -> AllocationResult:
    """The bill as the split lays it: others, insurer, patient."""
    patient = facts.bill - facts.others - insurer
    totals = [
        FunderTotal(funder=FunderKind.VOUCHER, amount=facts.others),
        FunderTotal(funder=FunderKind.INSURER, organisation=INSURER, amount=insurer),
        FunderTotal(funder=FunderKind.PATIENT, amount=patient),
    ]
    return AllocationResult(total=facts.bill, totals=totals)


def ledger(facts: WithdrawalFacts, found: Withdrawal) -> list[Entry]:
    """Guarantee and bill as they stood, what the withdrawal takes back, what is paid after all."""
    forecast = facts.forecast or fen(0)
    guarantee = guarantee_entry("guarantee", INSURER, hk_cents(300000))
    billed = bill_entry("bill:1", HOSPITAL, split(facts, forecast))
    entries = [*([guarantee] if facts.guarantee_issued else []), billed]
    if Cancelled.GUARANTEE in found.cancelled:
        entries.append(reversal(guarantee))
    if Cancelled.DIRECT_BILLING in found.cancelled or found.insurer + found.pending != forecast:
        anew = bill_entry("bill:2", HOSPITAL, split(facts, found.insurer + found.pending))
        entries += [reversal(billed), anew]
    if found.branch in (Branch.BEFORE_PAYOUT, Branch.AFTER_PAYOUT):
        paid = found.insurer.amount_minor
        payee = hospital_bills(HOSPITAL)
        entries.append(payout_entry("payout", INSURER, "example-bank", paid))
        entries.append(credit_entry("credit", payee, INSURER, "example-bank", paid))
    return entries


def figures(case: Case) -> Case:
    found = withdrawn(case)
    codes = [one.code for one in found.faults]
    if found.faults:
        return {"codes": codes}
    assert found.branch is not None and found.status is not None
    return {
        "codes": codes,
        "branch": found.branch.value,
        "status": found.status.value,
        "cancelled": [one.value for one in found.cancelled],
        "may_send": [one.value for one in found.may_send],
        "insurer_fen": found.insurer.amount_minor,
        "pending_fen": found.pending.amount_minor,
        "patient_fen": found.patient.amount_minor,
        "suspended_through": found.suspended_through,
        "retention_years": found.retention_years,
        "lawful": len(case["input"].get("sends", [])) - len(found.alerts),
        "alerts": [one.code for one in found.alerts],
        "balances": trial_balance(ledger(facts_of(case), found)),
    }
