"""Applies how a contradiction of a bank ended: one key finds it, another one confirms it.

A statement's entry decides: nothing is found as paid without its debit, nor as not paid while the
payer's account shows that the money left it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from activities.apply_payee import PUT_RIGHT
from activities.apply_payout_word import own_payout
from activities.case import Case, Outcome, refused
from activities.payout_ends import CANCELLED, enter_found
from activities.payout_rails import MOOT
from activities.proposal_waits import proposal_decided
from crossclaim.domain.bill_chain import DEAD
from crossclaim.domain.payout_finding import (
    CONTRADICTIONS,
    FOUND,
    Found,
    contradicted_payout,
    found,
)
from crossclaim.domain.payout_rows import FindingRow, net_debit
from crossclaim.domain.payout_word import PayoutFindingDecision, PayoutFindingSubmission
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.stay import REGION_ZONE
from crossclaim.domain.step_faults import step_fault


def apply_payout_finding(case: Case) -> Outcome:
    """Keeps the finding with its evidence; nothing is booked before another key has said so."""
    asked = PayoutFindingSubmission.model_validate(case.stored.content)
    reference, tx = asked.payout_reference, case.transaction
    payout = own_payout(case, reference)
    if payout is None or not contradicted_payout(case.rows, reference):
        return refused([step_fault("PAYOUT_NOT_CONTRADICTED", "/payout_reference")])
    if tx.finding(reference, asked.number) is not None:
        return refused([step_fault("PAYOUT_FINDING_DECIDED", "/number")])
    row = FindingRow(
        number=asked.number,
        outcome=asked.outcome,
        bank_entry=asked.bank_entry,
        evidence=asked.evidence,
        found_by=case.stored.key_id,
    )
    if code := _unproved(case, payout, row):
        return refused([step_fault(code, "/bank_entry")])
    if code := found(case.rows, payout, row.outcome, case.at).code:
        return refused([step_fault(code, "/payout_reference")])
    tx.add_finding(case.episode_id, reference, row, case.at)
    tx.open_exception(case.episode_id, FOUND, reference, {"number": asked.number}, case.at)
    body = {
        "episode_id": case.episode_id,
        "payout_reference": reference,
        "number": asked.number,
        "status": "proposed",
    }
    return Outcome(202, body)


def apply_payout_finding_decision(case: Case) -> Outcome:
    """Confirmed: the books follow the finding. What stood against it is looked at once more."""
    asked = PayoutFindingDecision.model_validate(case.stored.content)
    reference, tx = asked.payout_reference, case.transaction
    payout = own_payout(case, reference)
    row = tx.finding(reference, asked.number) if payout is not None else None
    if payout is None or row is None:
        return refused([step_fault("PAYOUT_FINDING_UNKNOWN", "/number")])
    if row.approved is not None:
        return refused([step_fault("PAYOUT_FINDING_DECIDED", "/number")])
    if not case.stored.key_id or row.found_by == case.stored.key_id:
        return refused([step_fault("PAYOUT_SECOND_KEY", "/number")])
    effect = found(case.rows, payout, row.outcome, case.at)
    if asked.approved and (code := _stale(case, payout, row) or effect.code):
        return refused([step_fault(code, "/payout_reference")])
    key = case.stored.key_id
    tx.decide_finding(reference, asked.number, key, asked.approved, asked.reason, case.at)
    body: dict[str, object] = {"episode_id": case.episode_id, "number": asked.number}
    if not asked.approved:
        proposal_decided(tx, case.episode_id, FOUND, "payout_finding", reference, case.at)
        return Outcome(200, {**body, "status": "refused"})
    tx.resolve_exceptions(case.episode_id, [FOUND], case.at, reference)
    _settle(case, payout, row, effect)
    return Outcome(200, {**body, "status": "confirmed", "outcome": row.outcome}, changed=False)


def _settle(case: Case, payout: PayoutRow, row: FindingRow, effect: Found) -> None:
    tx = case.transaction
    enter_found(tx, case.rows, payout, effect, _paid_at(case, payout, row), case.at)
    codes = [*CONTRADICTIONS, *MOOT]
    if row.outcome == "paid":
        codes += [*PUT_RIGHT, CANCELLED]
    tx.resolve_exceptions(case.episode_id, codes, case.at, payout.reference)
    if row.outcome == "paid":
        # What was to follow is over with it.
        for name in effect.cancel:
            tx.resolve_exceptions(case.episode_id, [CANCELLED], case.at, name)
    tx.change_episode(case.episode_id, closed_at=None, status="open")


def _paid_at(case: Case, payout: PayoutRow, row: FindingRow) -> datetime:
    """The end of the day of its booking: it never makes a deadline look kept that was not."""
    entries = {entry.id: entry for entry in case.transaction.evidence(payout.reference)}
    booked = entries.get(row.bank_entry or 0)
    if booked is None:
        return case.at
    end = datetime.combine(booked.booked_on, time(23, 59, 59), tzinfo=REGION_ZONE)
    return max(min(end, case.at), payout.reserved_at)


def _stale(case: Case, payout: PayoutRow, row: FindingRow) -> str:
    if not contradicted_payout(case.rows, payout.reference):
        return "PAYOUT_NOT_CONTRADICTED"
    return _unproved(case, payout, row)


def _unproved(case: Case, payout: PayoutRow, row: FindingRow) -> str:
    """The code of what the statements say against the finding; empty: nothing."""
    entries = case.transaction.evidence(payout.reference)
    if row.outcome == "not_paid":
        return "PAYOUT_FOUND_ON_STATEMENT" if net_debit(entries) > 0 else ""
    named = next((e for e in entries if e.id == row.bank_entry), None)
    proves = (
        named is not None
        and named.direction == "debit"
        and (named.amount_minor, named.currency) == (payout.amount_minor, "CNY")
        and net_debit(entries) >= payout.amount_minor
    )
    if not proves:
        return "PAYOUT_ENTRY_PROVES_NOTHING"
    return "PAYOUT_FOUND_BEFORE" if _return_may_follow(case, payout, row) else ""


def _return_may_follow(case: Case, payout: PayoutRow, row: FindingRow) -> bool:
    """It was found by the same entry, then came back: before the bank has had its longest time to
    book the return, that entry alone does not say that the money left once more."""
    if payout.state not in DEAD or payout.closed_at is None or row.bank_entry is None:
        return False
    longest = timedelta(seconds=case.world.bank_habits[payout.bank].max_execution_s)
    early = case.at < payout.closed_at + longest
    return early and case.transaction.proved_before(payout.reference, row.bank_entry)
