"""Applies what people say of claims: an examiner's decision, a second person's word on it, and a
reviewer's on a decision that was drawn."""

from __future__ import annotations

from dataclasses import replace

from activities.apply_information import end_without
from activities.case import Case, Outcome, refused
from activities.decisions import record_decision
from activities.examination_limits import decidable
from activities.orders import Subject
from activities.rules_decision import rules_answer
from crossclaim.domain.allocation import Fault
from crossclaim.domain.claim_review import second_person_needed
from crossclaim.domain.claim_taking import Taking, kept_back
from crossclaim.domain.examination import (
    ClaimConfirmationSubmission,
    ClaimDecisionSubmission,
    Decidable,
    ExaminerDecision,
    SampleReviewSubmission,
    answer_of,
    decision_faults,
)
from crossclaim.domain.information_rows import InformationRequestRow
from crossclaim.domain.information_standing import open_requests
from crossclaim.domain.insurer_turns import insurers_parts
from crossclaim.domain.money import Money
from crossclaim.domain.party import ClaimAnswer
from crossclaim.domain.records import ClaimRow
from crossclaim.domain.standing_examination import PENDED, TO_CONFIRM, TO_EXAMINE
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault


def apply_claim_decision(case: Case) -> Outcome:
    """An examiner decides a claim that waits for him; above an amount a second person must too."""
    asked = ClaimDecisionSubmission.model_validate(case.stored.content)
    claim = _own_claim(case, asked.claim)
    if claim is None:
        return refused([step_fault("CLAIM_UNKNOWN", "/claim")])
    tx = case.transaction
    if claim.state != PENDED:
        return refused([step_fault("CLAIM_NOT_EXAMINED", "/claim", state=claim.state)])
    taking = tx.taking(claim.id)
    if code := kept_back(taking, case.stored.key_id):
        return refused([step_fault(code, "/claim")])
    waiting = tx.examination(claim.id)
    if waiting is not None:
        return refused([step_fault("DECISION_WAITS", "/number", number=waiting.number)])
    if tx.examination(claim.id, asked.number) is not None:
        return refused([step_fault("DECISION_NUMBER_USED", "/number")])
    awaited = open_requests(case.rows, claim.id)
    decision = ExaminerDecision(
        by_rules=asked.by_rules,
        lines=asked.lines,
        note=asked.note,
        decided_without=asked.decided_without if awaited else None,
    )
    on = None if asked.by_rules else decidable(tx, case.world, case.rows, claim)
    faults = [*_faults(decision, on), *_awaited(awaited, decision, "/decided_without")]
    if faults:
        return refused(faults)
    benefit = claim.counted(claim.forecast_minor)
    if on is not None:
        benefit = decision.benefit(on.currency)
    forecast = claim.counted(claim.forecast_minor)
    second = second_person_needed(case.world.plans, benefit, forecast, local_day(case.at))
    tx.add_examination(
        claim.id,
        case.episode_id,
        asked.number,
        claim.organisation_id or "",
        decision,
        benefit_minor=benefit.amount_minor,
        currency=benefit.currency.value,
        second_needed=second,
        state="waiting" if second else "in_force",
        decided_by=case.stored.key_id,
        decided_at=case.at,
    )
    if second:
        tx.open_exception(case.episode_id, TO_CONFIRM, claim.reference, {}, case.at)
        waits = Outcome(202, _body(case, claim, asked.number, "waiting", benefit))
        return _told(waits, taking, case.stored.key_id)
    done = _in_force(case, claim, asked.number, decision, on)
    return _told(done, taking, case.stored.key_id)


def _told(outcome: Outcome, taking: Taking | None, actor: str) -> Outcome:
    """A system decides all the same, and hears who was at work."""
    if taking is None or not taking.held_from(actor):
        return outcome
    return replace(outcome, body={**outcome.body, "held_by": taking.person})


def _faults(decision: ExaminerDecision, on: Decidable | None) -> list[Fault]:
    if decision.by_rules:
        return [step_fault("DECISION_BOTH_WAYS", "/lines")] if decision.lines else []
    if on is None:
        return [step_fault("DECISION_BY_RULES_ONLY", "/lines")]
    return decision_faults(decision, on)


def _awaited(
    requests: list[InformationRequestRow], decision: ExaminerDecision, at: str
) -> list[Fault]:
    """Who asked for documents decides with them, or says why without."""
    if not requests or decision.decided_without:
        return []
    numbers = ", ".join(one.number for one in requests)
    return [step_fault("DECISION_AWAITS_INFORMATION", at, numbers=numbers)]


def apply_claim_confirmation(case: Case) -> Outcome:
    """Confirmed, the decision holds; refused, the claim waits for the examiner again."""
    asked = ClaimConfirmationSubmission.model_validate(case.stored.content)
    claim = _own_claim(case, asked.claim)
    if claim is None:
        return refused([step_fault("CLAIM_UNKNOWN", "/claim")])
    tx = case.transaction
    stored = tx.examination(claim.id, asked.number)
    if stored is None or not stored.waits:
        return refused([step_fault("DECISION_UNKNOWN", "/number")])
    if stored.decided_by == case.stored.key_id:
        return refused([step_fault("SECOND_EXAMINER_NEEDED", "/number")])
    if claim.state != PENDED:
        return refused([step_fault("CLAIM_NOT_EXAMINED", "/claim", state=claim.state)])
    decision = stored.decision
    on = None if decision.by_rules else decidable(tx, case.world, case.rows, claim)
    # What was decided may have become too much meanwhile, when another insurer has paid.
    faults = _faults(decision, on) if asked.confirmed else []
    if asked.confirmed:
        # A document may have been asked for since.
        faults += _awaited(open_requests(case.rows, claim.id), decision, "/number")
    if faults:
        return refused(faults)
    state = "in_force" if asked.confirmed else "refused"
    tx.close_examination(
        claim.id,
        case.episode_id,
        asked.number,
        state,
        case.stored.key_id,
        asked.reason,
        case.at,
    )
    tx.resolve_exceptions(case.episode_id, [TO_CONFIRM], case.at, claim.reference)
    if not asked.confirmed:
        return Outcome(200, _body(case, claim, asked.number, "refused", None))
    return _in_force(case, claim, asked.number, decision, on)


def _in_force(
    case: Case, claim: ClaimRow, number: str, decision: ExaminerDecision, on: Decidable | None
) -> Outcome:
    """The decision goes the way of every decision: split, payout, clock, the next insurer."""
    tx = case.transaction
    tx.resolve_exceptions(case.episode_id, [TO_EXAMINE], case.at, claim.reference)
    answer = (
        rules_answer(case.rows, claim, case.at)
        if on is None
        else answer_of(decision, on, claim.reference, case.at)
    )
    for request in open_requests(case.rows, claim.id):
        end_without(tx, case.episode_id, request, case.at)
    tx.change_claim(claim.id, decided_by="examiner")
    order = Subject(episode_id=case.episode_id, subject=claim.id, at=case.at)
    record_decision(tx, case.world, order, case.rows, claim, answer)
    _counters_follow(case, claim, answer)
    benefit = answer.benefit or claim.counted(0)
    return Outcome(200, _body(case, claim, number, "in_force", benefit), changed=False)


def _counters_follow(case: Case, claim: ClaimRow, answer: ClaimAnswer) -> None:
    """What the member has left of his cover is counted by what was decided. A bill of several
    insurers is judged anew, and its counters with it."""
    allocation = case.rows.allocation(claim.bill_id)
    several = allocation is not None and len(insurers_parts(allocation.result)) > 1
    decided = answer.benefit or claim.counted(0)
    difference = decided.amount_minor - (claim.forecast_minor or 0)
    if difference and not several:
        case.transaction.counters_follow(claim.id, difference, case.at)


def apply_sample_review(case: Case) -> Outcome:
    """What a reviewer found of a decision that the rules made alone; it moves no money."""
    asked = SampleReviewSubmission.model_validate(case.stored.content)
    claim = _own_claim(case, asked.claim)
    tx = case.transaction
    drawn = None if claim is None else tx.sampled(claim.id, claim.organisation_id or "")
    if claim is None or drawn is None:
        return refused([step_fault("SAMPLE_UNKNOWN", "/claim")])
    decided, reviewed = drawn
    if reviewed:
        return refused([step_fault("SAMPLE_REVIEWED", "/claim")])
    if asked.benefit.currency is not claim.benefit_currency:
        currency = claim.benefit_currency.value
        return refused([step_fault("DECISION_CURRENCY", "/benefit", currency=currency)])
    if asked.benefit.amount_minor < 0:
        return refused([step_fault("DECISION_NEGATIVE", "/benefit")])
    right = asked.benefit.amount_minor
    tx.review_sample(
        claim.id, case.episode_id, right, case.stored.key_id, asked.note or "", case.at
    )
    body = {
        "episode_id": case.episode_id,
        "claim": claim.id,
        "decided": claim.counted(decided).model_dump(),
        "right": asked.benefit.model_dump(),
        "correct": right == decided,
    }
    return Outcome(200, body)


def _own_claim(case: Case, claim_id: str) -> ClaimRow | None:
    """A claim on the insurer that speaks; None for another's, as for none."""
    own = (c for c in case.rows.claims if c.organisation_id == case.stored.organisation_id)
    return next((c for c in own if c.id == claim_id), None)


def _body(
    case: Case, claim: ClaimRow, number: str, status: str, benefit: Money | None
) -> dict[str, object]:
    body: dict[str, object] = {
        "episode_id": case.episode_id,
        "claim": claim.id,
        "number": number,
        "status": status,
    }
    return body if benefit is None else {**body, "benefit": benefit.model_dump()}
