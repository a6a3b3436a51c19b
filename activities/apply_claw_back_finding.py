"""Applies how it ended that an insurer had money back twice: one person finds it, another confirms.

Nothing is paid here: what the insurer sent to the payee it sent by itself, and the books follow.
"""

from __future__ import annotations

from activities.case import Case, Outcome, refused
from activities.proposal_waits import proposal_decided
from crossclaim.domain.bill_rows import TWICE, ClawBackRow
from crossclaim.domain.claw_back_excess import had_twice
from crossclaim.domain.claw_back_finding import (
    FOUND,
    GIVEN_BACK_TWICE,
    ClawBackFinding,
    ClawBackFindingDecision,
    ClawBackFindingRow,
)
from crossclaim.domain.ledger_claw_backs import undone_entry
from crossclaim.domain.money import Currency, Money, fen
from crossclaim.domain.step_faults import step_fault


def apply_claw_back_finding(case: Case) -> Outcome:
    """Keeps the finding with its proof; nothing is booked before another key has said so."""
    told, tx = ClawBackFinding.model_validate(case.stored.content), case.transaction
    back = _waits(case, told.claw_back)
    if back is None:
        return refused([step_fault("CLAW_BACK_NOT_HAD_TWICE", "/claw_back")])
    if tx.claw_back_finding(back.reference, told.number) is not None:
        return refused([step_fault("CLAW_BACK_FINDING_DECIDED", "/number")])
    if code := _amount_fault(case, back, told.amount):
        return refused([step_fault(code, "/amount")])
    row = ClawBackFindingRow(
        number=told.number,
        outcome=told.outcome.value,
        amount_minor=told.amount.amount_minor,
        proof=told.proof,
        found_by=case.stored.key_id,
    )
    tx.add_claw_back_finding(case.episode_id, back.reference, row, case.at)
    details = {"number": told.number}
    tx.open_exception(case.episode_id, FOUND, back.reference, details, case.at)
    return Outcome(202, {**_about(case, told), "status": "proposed"})


def apply_claw_back_finding_decision(case: Case) -> Outcome:
    """Confirmed: its owner has the money once, and nobody has to look at it any more."""
    said, tx = ClawBackFindingDecision.model_validate(case.stored.content), case.transaction
    back = _own(case, said.claw_back)
    row = None if back is None else tx.claw_back_finding(back.reference, said.number)
    if back is None or row is None:
        return refused([step_fault("CLAW_BACK_FINDING_UNKNOWN", "/number")])
    if row.approved is not None:
        return refused([step_fault("CLAW_BACK_FINDING_DECIDED", "/number")])
    if not case.stored.key_id or row.found_by == case.stored.key_id:
        return refused([step_fault("PAYOUT_SECOND_KEY", "/number")])
    if said.approved and _waits(case, said.claw_back) is None:
        return refused([step_fault("CLAW_BACK_NOT_HAD_TWICE", "/claw_back")])
    if said.approved and (code := _amount_fault(case, back, fen(row.amount_minor))):
        # Another finding was confirmed meanwhile, and less of it is left.
        return refused([step_fault(code, "/number")])
    key = case.stored.key_id
    tx.decide_claw_back_finding(back.reference, said.number, key, said.approved, case.at)
    if not said.approved:
        kind = "claw_back_finding"
        proposal_decided(tx, case.episode_id, FOUND, kind, back.reference, case.at)
        return Outcome(200, {**_about(case, said), "status": "refused"})
    left = _had_twice(case, back) - row.amount_minor
    amount = _undone(case, back, row)
    proposal_decided(tx, case.episode_id, FOUND, "claw_back_finding", back.reference, case.at)
    if not left:
        tx.resolve_exceptions(case.episode_id, [GIVEN_BACK_TWICE, FOUND], case.at, back.reference)
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    told = {"status": "confirmed", "outcome": row.outcome, "amount": fen(amount).model_dump()}
    return Outcome(200, {**_about(case, said), **told}, changed=False)


def _had_twice(case: Case, back: ClawBackRow) -> int:
    """Fen."""
    return sum(part for _, part in had_twice(case.rows, back))


def _amount_fault(case: Case, back: ClawBackRow, amount: Money) -> str:
    """The code of what is wrong with a finding's amount; empty: nothing."""
    if amount.currency is not Currency.CNY:
        return "CLAW_BACK_FINDING_CURRENCY"
    within = 0 < amount.amount_minor <= _had_twice(case, back)
    return "" if within else "CLAW_BACK_FINDING_AMOUNT"


def _undone(case: Case, back: ClawBackRow, row: ClawBackFindingRow) -> int:
    """Books that so much was not received after all, or was sent back; fen."""
    tx, left = case.transaction, row.amount_minor
    for one, part in had_twice(case.rows, back):
        if left:
            tx.claw_back_undone(one.reference, min(part, left))
            left -= min(part, left)
    amount = row.amount_minor
    entry = undone_entry(
        f"claw-back-undone:{back.reference}:{row.number}",
        back.organisation_id,
        case.rows.episode.hospital_id,
        back.payee,
        amount,
        twice=back.cause == TWICE,
    )
    tx.post(case.episode_id, entry, case.at)
    return amount


def _waits(case: Case, reference: str) -> ClawBackRow | None:
    """The claw-back, if its owner has money of it twice and somebody has to see to it."""
    back = _own(case, reference)
    if back is None or not had_twice(case.rows, back):
        return None
    open_ = case.transaction.open_exceptions_of(GIVEN_BACK_TWICE, [reference])
    return back if open_ else None


def _own(case: Case, reference: str) -> ClawBackRow | None:
    own = (b for b in case.rows.claw_backs if b.organisation_id == case.stored.organisation_id)
    return next((b for b in own if b.reference == reference), None)


def _about(case: Case, said: ClawBackFinding | ClawBackFindingDecision) -> dict[str, object]:
    return {"episode_id": case.episode_id, "claw_back": said.claw_back, "number": said.number}
