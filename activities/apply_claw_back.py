"""Applies how money that was to be given back ends: its owner has it, or two persons let it go."""

from __future__ import annotations

from activities.came_back import received_after_all
from activities.case import Case, Outcome, refused
from activities.claw_backs import CODE
from activities.proposal_waits import proposal_decided
from crossclaim.domain.bill_chain import PAID_TWICE
from crossclaim.domain.bill_orders import ClawBackReceived
from crossclaim.domain.bill_rows import TWICE, ClawBackRow
from crossclaim.domain.claw_back_write_off import (
    PROPOSED,
    ClawBackWriteOff,
    ClawBackWriteOffDecision,
    WriteOffRow,
)
from crossclaim.domain.ledger_claw_backs import claw_back_entry, write_off_entry
from crossclaim.domain.money import fen
from crossclaim.domain.step_faults import step_fault


def _own(case: Case, reference: str) -> ClawBackRow | None:
    own = [b for b in case.rows.claw_backs if b.organisation_id == case.stored.organisation_id]
    return next((b for b in own if b.reference == reference), None)


def _over(case: Case, back: ClawBackRow) -> None:
    codes = [CODE, PAID_TWICE, PROPOSED]
    for reference in (back.reference, back.payout_reference or ""):
        case.transaction.resolve_exceptions(case.episode_id, codes, case.at, reference)


def apply_claw_back_received(case: Case) -> Outcome:
    """Whose money it is says that it is back; nobody else can.

    What the bank brought back meanwhile, or two persons let go, was not to be given back any more.
    Whoever has got it all the same says so too: of two such words it never matters which one comes
    first, and what was let go is no loss then.
    """
    told = ClawBackReceived.model_validate(case.stored.content)
    found = _own(case, told.claw_back)
    if found is None or found.state not in ("due", "needless", "written_off"):
        return refused([step_fault("CLAW_BACK_UNKNOWN", "/claw_back")])
    tx, hospital = case.transaction, case.rows.episode.hospital_id
    if found.state == "written_off":
        tx.reverse(case.episode_id, f"write-off:{found.reference}", case.at)
    elif not found.open and not received_after_all(tx, case.rows, found, case.at):
        return refused([step_fault("CLAW_BACK_NEEDLESS", "/claw_back")])
    tx.claw_back_received(found.reference, told.receipt, told.received_at)
    key, twice = f"claw-back:{found.reference}", found.cause == TWICE
    who, payee, amount = found.organisation_id, found.payee, found.amount_minor
    tx.post(
        case.episode_id, claw_back_entry(key, who, hospital, payee, amount, twice=twice), case.at
    )
    _over(case, found)
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    body = {
        "episode_id": case.episode_id,
        "claw_back": found.reference,
        "amount": fen(amount).model_dump(),
        "status": "received",
    }
    return Outcome(200, body, changed=False)


def apply_write_off(case: Case) -> Outcome:
    """Keeps the proposal; what was paid twice is owed until another person has agreed."""
    asked = ClawBackWriteOff.model_validate(case.stored.content)
    back, tx = _own(case, asked.claw_back), case.transaction
    if back is None or not back.open:
        return refused([step_fault("CLAW_BACK_UNKNOWN", "/claw_back")])
    if back.cause != TWICE:
        return refused([step_fault("CLAW_BACK_NOT_TWICE", "/claw_back")])
    if tx.write_off(back.reference, asked.number) is not None:
        return refused([step_fault("WRITE_OFF_DECIDED", "/number")])
    row = WriteOffRow(
        number=asked.number, reason=asked.reason.value, proposed_by=case.stored.key_id
    )
    tx.add_write_off(case.episode_id, back.reference, row, case.at)
    details = {"number": asked.number}
    tx.open_exception(case.episode_id, PROPOSED, back.reference, details, case.at)
    body = {"episode_id": case.episode_id, "claw_back": back.reference, "number": asked.number}
    return Outcome(202, {**body, "status": "proposed"})


def apply_write_off_decision(case: Case) -> Outcome:
    """Agreed: nobody is asked any more, and the books show what the insurer has lost."""
    said = ClawBackWriteOffDecision.model_validate(case.stored.content)
    back, tx = _own(case, said.claw_back), case.transaction
    row = None if back is None else tx.write_off(back.reference, said.number)
    if back is None or row is None:
        return refused([step_fault("WRITE_OFF_UNKNOWN", "/number")])
    if row.approved is not None:
        return refused([step_fault("WRITE_OFF_DECIDED", "/number")])
    if not case.stored.key_id or row.proposed_by == case.stored.key_id:
        return refused([step_fault("PAYOUT_SECOND_KEY", "/number")])
    if said.approved and not back.open:
        return refused([step_fault("CLAW_BACK_UNKNOWN", "/claw_back")])
    tx.decide_write_off(back.reference, said.number, case.stored.key_id, said.approved, case.at)
    body = {"episode_id": case.episode_id, "claw_back": back.reference, "number": said.number}
    if not said.approved:
        proposal_decided(tx, case.episode_id, PROPOSED, "write_off", back.reference, case.at)
        return Outcome(200, {**body, "status": "refused"})
    tx.claw_back_written_off(back.reference, case.at)
    key = f"write-off:{back.reference}"
    tx.post(case.episode_id, write_off_entry(key, back.organisation_id, back.amount_minor), case.at)
    _over(case, back)
    return Outcome(200, {**body, "status": "written_off"})
