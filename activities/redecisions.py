"""Applies a later decision on a claim that may be paid: the differences move, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from activities.apply_bill import bill_entry_key
from activities.claims_due import open_claims
from activities.claw_backs import order_claw_back
from activities.late_reimbursements import Afterwards, count_again, decided_afterwards
from activities.lowered_payouts import pay_less
from activities.records import EpisodeTransaction
from activities.redivided import Redivided, redivided_by
from activities.world import World
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.appeal import Cause, RevisionRow
from crossclaim.domain.bill_rows import DECISION
from crossclaim.domain.decided import as_split
from crossclaim.domain.examination import LineDecision
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.ledger import bill_entry, reimbursement_entry
from crossclaim.domain.ledger_appeals import lowered_entry
from crossclaim.domain.money import Money, fen
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import (
    answer_of,
    benefit_of,
    decided_by_rules,
    is_decided,
    promised,
    revisions,
    supplements,
)
from crossclaim.domain.submission import BankAccount, FunderKind
from crossclaim.domain.true_up import Movement, Party, true_up

UPSTREAM_CHANGED = "UPSTREAM_DECISION_CHANGED"
LATER_PART_CLAIMED = "LATER_PART_CLAIMED"
_PUT_RIGHT = ["CLAIM_DENIED", "DECISION_DIFFERS", "DECISION_CHANGED_LATER", UPSTREAM_CHANGED]
_FIRST_SUPPLEMENT = 1001
"""Above every place of an insurer in a bill."""


class NotRedecided(Exception):
    """The decision cannot be applied by itself; ``code`` says why. Nothing was written."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Decision:
    """What an insurer pays of a claim from now on, and by whose word."""

    benefit: Money
    lines: Sequence[LineDecision]
    cause: Cause
    reference: str
    """The appeal, or the number of the stated change."""
    reason: str
    by: str


@dataclass(frozen=True)
class _Step:
    """One transaction of one later decision."""

    tx: EpisodeTransaction
    rows: EpisodeRows
    at: datetime

    @property
    def episode_id(self) -> str:
        return self.rows.episode.id


def redecide(
    tx: EpisodeTransaction,
    world: World,
    rows: EpisodeRows,
    claim: ClaimRow,
    decision: Decision,
    at: datetime,
) -> int:
    """Fen that the payee gets more (below zero: gives back). Raises NotRedecided or NotDivided."""
    step = _Step(tx, rows, at)
    if claim.kind == "reimbursement":
        change = _afterwards(step, world, claim, decision)
    else:
        change = _directly(step, world, claim, decision)
    tx.resolve_exceptions(step.episode_id, _PUT_RIGHT, at, claim.reference)
    open_claims(tx, step.episode_id, at)
    tx.change_episode(step.episode_id, closed_at=None, status="open")
    return change


def let_stand(
    tx: EpisodeTransaction,
    rows: EpisodeRows,
    claim: ClaimRow,
    appeal: str,
    reason: str,
    by: str,
    at: datetime,
) -> None:
    """A reviewer's word that the decision stands is a decision too, which moves nothing."""
    split = rows.allocation(claim.bill_id)
    assert split is not None, "a decided claim has a split"
    word = RevisionRow(
        claim_id=claim.id,
        version=len(revisions(rows, claim.id)) + 2,
        cause=Cause.APPEAL,
        cause_reference=appeal,
        benefit_minor=benefit_of(rows, claim).amount_minor,
        pay_fen=promised(rows, claim),
        upheld=True,
        change_fen=0,
        decided_at=at,
    )
    tx.add_revision(rows.episode.id, word, split.version, [], reason, by)


def _directly(step: _Step, world: World, claim: ClaimRow, decision: Decision) -> int:
    tx, rows = step.tx, step.rows
    answer = answer_of(claim, decision.benefit, decision.lines)
    found = redivided_by(tx, world, rows, claim, answer)
    moves = true_up(found.old, found.result).movements
    if any(_asked_afterwards(rows, claim, move) for move in moves):
        raise NotRedecided(LATER_PART_CLAIMED)
    version = _new_split(step, claim, found.result, decision.cause)
    found.use(version, step.at)
    own = 0
    for part in insurers_parts(found.result):
        other = rows.direct_claim(claim.bill_id, part.organisation)
        if other is None:
            continue
        if other.id == claim.id:
            own = _direct_fen(found.result, claim) - promised(rows, claim)
            _move(step, world, claim, decision, decision.benefit, own, version)
        elif is_decided(other):
            _move_after(step, world, claim, other, found, version)
        elif other.state == "due" and part.in_funder_currency is not None:
            tx.change_claim(other.id, forecast_minor=part.in_funder_currency.amount_minor)
        else:
            _propose(step, other, found)
    return own


def _asked_afterwards(rows: EpisodeRows, claim: ClaimRow, move: Movement) -> bool:
    """What the patient gets afterwards would change, and he has been promised it already."""
    if move.payee is not Party.PATIENT or move.funder is not FunderKind.INSURER:
        return False
    asked = rows.claims_of(claim.bill_id, "reimbursement")
    return any(c.organisation_id == move.organisation and c.state != "voided" for c in asked)


def _move_after(
    step: _Step, world: World, first: ClaimRow, other: ClaimRow, found: Redivided, version: int
) -> None:
    """An insurer that pays after the one that changed: trued up by our rules, else proposed."""
    change = _direct_fen(found.result, other) - promised(step.rows, other)
    if change:
        word = Decision(
            benefit=as_split(found.result, other.organisation_id).direct_benefit,
            lines=[],
            cause=Cause.UPSTREAM,
            reference=first.bill_id,
            reason="",
            by="",
        )
        _move(step, world, other, word, word.benefit, change, version)
    if not decided_by_rules(step.rows, other):
        _propose(step, other, found)


def _propose(step: _Step, other: ClaimRow, found: Redivided) -> None:
    """A person of the other insurer decides; what our rules would pay is computed for him."""
    stands, ours = _direct_fen(found.result, other), _direct_fen(found.proposed, other)
    if stands == ours and is_decided(other):
        return
    details = {
        "stands_cny": fen(stands).decimal_text(),
        "proposed_cny": fen(ours).decimal_text(),
    }
    step.tx.open_exception(step.episode_id, UPSTREAM_CHANGED, other.reference, details, step.at)


def _afterwards(step: _Step, world: World, claim: ClaimRow, decision: Decision) -> int:
    found: Afterwards = decided_afterwards(
        step.tx, world, step.rows, claim, decision.benefit, decision.lines
    )
    version = _new_split(step, claim, found.result, decision.cause)
    count_again(step.tx, world, step.rows, claim, decision.benefit, version, step.at)
    _move(step, world, claim, decision, decision.benefit, found.change, version, found.room)
    return found.change


def _new_split(step: _Step, claim: ClaimRow, result: AllocationResult, cause: Cause) -> int:
    tx, old = step.tx, step.rows.allocation(claim.bill_id)
    assert old is not None, "a claim has a split"
    reason = f"DECIDED_AGAIN_{cause.value.upper()}"
    version = tx.add_allocation(step.episode_id, claim.bill_id, result, reason, step.at)
    tx.reverse(step.episode_id, bill_entry_key(claim.bill_id, old.version), step.at)
    key = bill_entry_key(claim.bill_id, version)
    entry = bill_entry(key, step.rows.episode.hospital_id, result)
    tx.post(step.episode_id, entry, step.at)
    return version


def _direct_fen(result: AllocationResult, claim: ClaimRow) -> int:
    part = result.insurer(claim.organisation_id)
    return 0 if part is None else part.amount.amount_minor


def _move(
    step: _Step,
    world: World,
    claim: ClaimRow,
    decision: Decision,
    benefit: Money,
    change: int,
    version: int,
    room: int = 0,
) -> None:
    """The revision, and its difference as a claim of its own or as what is owed back."""
    tx, before = step.tx, promised(step.rows, claim)
    number = len(revisions(step.rows, claim.id)) + 2
    tx.add_revision(
        step.episode_id,
        RevisionRow(
            claim_id=claim.id,
            version=number,
            cause=decision.cause,
            cause_reference=decision.reference,
            benefit_minor=benefit.amount_minor,
            pay_fen=before + change,
            change_fen=change,
            room_fen=room,
            decided_at=step.at,
        ),
        version,
        decision.lines,
        decision.reason,
        decision.by,
    )
    if before + change and claim.state == "denied":
        tx.change_claim(claim.id, state="partial")
    if change > 0:
        _supplement(step, claim, benefit, change)
    elif change < 0:
        _take_back(step, world, claim, -change, number)


def _supplement(step: _Step, claim: ClaimRow, benefit: Money, change: int) -> None:
    tx, rows = step.tx, step.tx.rows(step.episode_id)
    more = max(benefit.amount_minor - benefit_of(step.rows, claim).amount_minor, 0)
    name = f"-A{len(supplements(rows, claim.id)) + 1}"
    beside = [c for c in rows.claims_of(claim.bill_id, claim.kind) if c.supplements]
    tx.add_claim(
        f"{claim.id}{name}",
        step.episode_id,
        claim.bill_id,
        claim.kind,
        organisation_id=claim.organisation_id,
        sequence=_FIRST_SUPPLEMENT + len(beside),
        reference=f"{claim.reference}{name}",
        state="approved",
        decides=claim.decides,
        number=claim.number,
        forecast_minor=more,
        benefit_minor=more,
        benefit_currency=claim.benefit_currency.value,
        pay_fen=change,
        occurred_at=step.at,
        decided_at=step.at,
        supplements=claim.id,
    )
    if claim.kind != "reimbursement":
        return
    account = _account(tx, rows, claim)
    tx.set_claim_payee(f"{claim.id}{name}", step.episode_id, account)
    key = f"reimbursement:{claim.reference}{name}"
    entry = reimbursement_entry(key, claim.organisation_id or "", change)
    tx.post(step.episode_id, entry, step.at)


def _account(tx: EpisodeTransaction, rows: EpisodeRows, claim: ClaimRow) -> BankAccount:
    """Where the claim's newest payout went, else the account that the claim named."""
    own = {claim.id, *(c.id for c in supplements(rows, claim.id))}
    paid = [p for p in rows.payouts if p.claim_id in own]
    if paid:
        return tx.payee(paid[-1].reference)
    return tx.claim_payee(claim.id, rows.episode.id)


def _take_back(step: _Step, world: World, claim: ClaimRow, amount: int, number: int) -> None:
    """What is still to be paid is paid no more; of the rest the payee gives back."""
    tx, insurer = step.tx, claim.organisation_id or ""
    if claim.kind == "reimbursement":
        entry = lowered_entry(claim.reference, number, insurer, amount)
        tx.post(step.episode_id, entry, step.at)
    left = pay_less(tx, world, step.rows, claim, amount, step.at)
    if left:
        order_claw_back(tx, tx.rows(step.episode_id), claim, left, DECISION, step.at)
