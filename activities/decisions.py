"""What an insurer decided on a claim: stored once, binding, and then the next insurer's turn."""

from __future__ import annotations

from activities.apply_bill import bill_entry_key
from activities.came_back import less_again
from activities.claims_due import open_claims
from activities.claw_backs import CORRECTION, order_claw_back
from activities.coded import OTHER_CURRENCY, decision_in_codes
from activities.decided_bill import NotDivided, divided_by_decision
from activities.kept_decisions import kept_instead
from activities.lowered_payouts import end_unsent
from activities.orders import Subject
from activities.proposals import proposal
from activities.records import EpisodeTransaction
from activities.world import World
from crossclaim.domain.bill_chain import paid_before, replaced_claims
from crossclaim.domain.ledger import bill_entry, reimbursement_entry
from crossclaim.domain.money import Money, fen
from crossclaim.domain.party import (
    AnswerState,
    ClaimAnswer,
)
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import benefit_of, promised_by
from crossclaim.domain.tender_apart import paid_for_care

_PUT_RIGHT_BY_DECISION = ["ANSWER_NOT_USABLE", "DECISION_NOT_DIVIDED"]
DECIDED = ("approved", "partial", "denied", "voided", "failed", "replaced")


def record_decision(
    tx: EpisodeTransaction,
    world: World,
    order: Subject,
    rows: EpisodeRows,
    claim: ClaimRow,
    answer: ClaimAnswer,
) -> None:
    """Stores a decision once. It binds: a difference to our forecast re-allocates the bill, and
    then the next insurer's turn has come.

    A second decision with another benefit changes nothing by itself: a person must look.
    """
    if kept_instead(tx, order, rows, claim, answer):
        return
    if claim.state in DECIDED:
        _note_other_decision(tx, world, order, rows, claim, answer)
        return
    if answer.state is AnswerState.QUEUED:
        submitted = claim.submitted_at or order.at
        tx.change_claim(
            claim.id, state="queued", number=answer.claim_number, submitted_at=submitted
        )
        tx.change_episode(order.episode_id)
        return
    if not _counted_as(claim, answer):
        _other_currency(tx, order, claim)
        return
    tx.resolve_exceptions(order.episode_id, _PUT_RIGHT_BY_DECISION, order.at)
    answer = decision_in_codes(answer)
    denied, benefit = answer.state is AnswerState.DENIED, _benefit(claim, answer)
    try:
        pay = _payable(tx, world, order, rows, claim, answer, benefit)
    except NotDivided as error:
        # Once a person has put it right, the next inquiry hears the decision again.
        tx.change_claim(claim.id, state="queued", submitted_at=order.at)
        details = {"code": error.codes}
        tx.open_exception(
            order.episode_id, "DECISION_NOT_DIVIDED", claim.reference, details, order.at
        )
        tx.change_episode(order.episode_id)
        return
    nothing = pay.amount_minor == 0 and (claim.kind == "direct" or benefit.amount_minor == 0)
    state = "denied" if denied or nothing else answer.state.value
    tx.change_claim(
        claim.id,
        state=state,
        number=answer.claim_number,
        benefit_minor=benefit.amount_minor,
        pay_fen=pay.amount_minor,
        decided_at=order.at,
        decision=answer.model_dump(mode="json"),
    )
    _give_back_what_is_too_much(tx, order, rows, claim, pay)
    if denied and claim.forecast_minor:
        tx.open_exception(order.episode_id, "CLAIM_DENIED", claim.reference, {}, order.at)
    open_claims(tx, order.episode_id, order.at)
    tx.change_episode(order.episode_id)


def _give_back_what_is_too_much(
    tx: EpisodeTransaction, order: Subject, rows: EpisodeRows, claim: ClaimRow, pay: Money
) -> None:
    """The version before it was paid more than this decision says; what no bank has been told of is
    not paid, and this claim pays what is owed."""
    over = paid_before(rows, claim) - pay.amount_minor
    if over > 0:
        rows = end_unsent(tx, rows, replaced_claims(rows, claim), order.at)
        over = paid_before(rows, claim) - pay.amount_minor
        over = less_again(tx, rows, replaced_claims(rows, claim), over, order.at)
    if over > 0:
        order_claw_back(tx, rows, claim, over, CORRECTION, order.at)


def _counted_as(claim: ClaimRow, answer: ClaimAnswer) -> bool:
    """Every amount is in what the cover counts in."""
    lines = (line.benefit for line in answer.lines)
    stated = [*lines, *([] if answer.benefit is None else [answer.benefit])]
    return all(amount.currency is claim.benefit_currency for amount in stated)


def _other_currency(tx: EpisodeTransaction, order: Subject, claim: ClaimRow) -> None:
    """A decision in another currency than the cover's is none: a person must look, and the next
    inquiry hears whether the insurer has put it right."""
    tx.change_claim(claim.id, state="queued", submitted_at=order.at)
    details = {"code": OTHER_CURRENCY}
    tx.open_exception(order.episode_id, "ANSWER_NOT_USABLE", claim.reference, details, order.at)
    tx.change_episode(order.episode_id)


def _benefit(claim: ClaimRow, answer: ClaimAnswer) -> Money:
    """In what the insurer counts in; nothing for a denial."""
    denied = answer.state is AnswerState.DENIED
    return claim.counted(0) if denied or answer.benefit is None else answer.benefit


def _note_other_decision(
    tx: EpisodeTransaction,
    world: World,
    order: Subject,
    rows: EpisodeRows,
    claim: ClaimRow,
    answer: ClaimAnswer,
) -> None:
    if answer.state in (AnswerState.QUEUED, AnswerState.NOT_FOUND):
        return
    benefit, decided = _benefit(claim, answer), benefit_of(rows, claim)
    if benefit == decided:
        return
    details = {
        "state": claim.state,
        _named("decided", decided): decided.decimal_text(),
        _named("later", benefit): benefit.decimal_text(),
        **proposal(tx, world, rows, claim, benefit),
    }
    tx.open_exception(
        order.episode_id, "DECISION_CHANGED_LATER", claim.reference, details, order.at
    )
    tx.change_episode(order.episode_id)


def _named(what: str, amount: Money) -> str:
    """Of an exception's detail: what, and in which currency."""
    return f"{what}_{amount.currency.value.lower()}"


def _payable(
    tx: EpisodeTransaction,
    world: World,
    order: Subject,
    rows: EpisodeRows,
    claim: ClaimRow,
    answer: ClaimAnswer,
    benefit: Money,
) -> Money:
    if claim.kind == "reimbursement":
        return _reimbursed(tx, order, rows, claim, benefit)
    allocation = rows.allocation(claim.bill_id)
    assert allocation is not None, "a claim has a split"
    part = allocation.result.insurer(claim.organisation_id)
    assert part is not None, "a claim's insurer has a part"
    if part.in_funder_currency == benefit:
        return part.amount
    split = divided_by_decision(tx, world, rows, claim, answer)
    version = tx.add_allocation(order.episode_id, claim.bill_id, split.result, "DECISION", order.at)
    split.use(version, order.at)
    old_key = bill_entry_key(claim.bill_id, allocation.version)
    tx.reverse(order.episode_id, old_key, order.at)
    key = bill_entry_key(claim.bill_id, version)
    entry = bill_entry(key, rows.episode.hospital_id, split.result)
    tx.post(order.episode_id, entry, order.at)
    details = {_named("difference", split.difference): split.difference.decimal_text()}
    tx.open_exception(order.episode_id, "DECISION_DIFFERS", claim.reference, details, order.at)
    paid = split.result.insurer(claim.organisation_id)
    return paid.amount if paid is not None else fen(0)


def _reimbursed(
    tx: EpisodeTransaction, order: Subject, rows: EpisodeRows, claim: ClaimRow, benefit: Money
) -> Money:
    """What the patient gets later: the forecast's fen when the benefit is as forecast."""
    allocation = rows.allocation(claim.bill_id)
    later = allocation.result.later_of(claim.organisation_id) if allocation else None
    rate = allocation.result.rate_of(claim.organisation_id) if allocation else None
    if later is None or rate is None:
        # The direct decision left nothing for later: what the patient gets is a person's question.
        details = {_named("decided", benefit): benefit.decimal_text()}
        tx.open_exception(
            order.episode_id, "REIMBURSEMENT_NOT_FORECAST", claim.reference, details, order.at
        )
        return fen(0)
    pay = later.amount if later.in_funder_currency == benefit else rate.to_fen(benefit)
    others = [c for c in rows.claims_of(claim.bill_id, "reimbursement") if c.id != claim.id]
    given = promised_by(rows, others)
    paid = paid_for_care(rows, rows.bill(claim.bill_id))
    pay = min(pay, fen(max(paid - given, 0)))
    if later.in_funder_currency != benefit:
        details = {_named("decided", benefit): benefit.decimal_text()}
        tx.open_exception(order.episode_id, "DECISION_DIFFERS", claim.reference, details, order.at)
    if pay.amount_minor and claim.organisation_id:
        key = f"reimbursement:{claim.reference}"
        tx.post(
            order.episode_id,
            reimbursement_entry(key, claim.organisation_id, pay.amount_minor),
            order.at,
        )
    return pay
