"""Applies an appeal against a decision, the reviewer's word, and an insurer's changed mind."""

from __future__ import annotations

from datetime import datetime

from activities.case import Case, Outcome, refused
from activities.decided_bill import NotDivided
from activities.decision_limits import redecidable
from activities.redecisions import Decision, NotRedecided, let_stand, redecide
from crossclaim.domain.allocation import Fault
from crossclaim.domain.appeal import (
    APPEAL_PLAN,
    AppealDecisionSubmission,
    AppealRow,
    AppealSubmission,
    Cause,
    ChangedDecisionSubmission,
    decide_by,
    levels,
    lodge_by,
)
from crossclaim.domain.appeal_clock import BREACH
from crossclaim.domain.examination import ExaminerDecision, decision_faults
from crossclaim.domain.money import fen
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.patient_bearer import PATIENT_KEY
from crossclaim.domain.plan import PlanAt, RuleMissing
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.redecision import is_decided, original, revisions, summed
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault


def apply_appeal(case: Case) -> Outcome:
    """Takes it in with the keys that may not decide it; the reviewer's clock begins."""
    asked = AppealSubmission.model_validate(case.stored.content)
    claim = original(case.rows, asked.claim_id)
    if claim is None:
        return refused([step_fault("CLAIM_UNKNOWN", "/claim_id")])
    faults = _standing_faults(case, claim)
    if not faults:
        faults = [*_level_faults(case, claim, asked.level), *_named_faults(case, claim, asked)]
    if faults:
        return refused(faults)
    rules = _rules(case, case.at)
    assert rules is not None, "without rules it was refused"
    appeal = AppealRow(
        id=case.derived_id("ap"),
        claim_id=claim.id,
        level=asked.level,
        number=asked.number,
        organisation_id=case.stored.organisation_id,
        state="open",
        lodged_at=case.at,
        due_at=decide_by(rules, asked.level, case.at),
    )
    tx = case.transaction
    tx.add_appeal(case.episode_id, appeal, asked.reason, asked.lines, case.stored.key_id)
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    body = {
        "episode_id": case.episode_id,
        "claim_id": claim.id,
        "appeal_id": appeal.id,
        "level": appeal.level,
        "status": "open",
        "due_at": appeal.due_at.isoformat(),
    }
    return Outcome(202, body, changed=False)


def _standing_faults(case: Case, claim: ClaimRow) -> list[Fault]:
    """Whether there is a decision of ours that this sender may appeal."""
    papers = claim.kind == "reimbursement"
    hospital, sender = case.rows.episode.hospital_id, case.stored.organisation_id
    insurer = claim.organisation_id or ""
    by_patient = case.stored.key_id.startswith(PATIENT_KEY)
    if not by_patient and sender != (insurer if papers else hospital):
        # A patient's own claim is appealed through his insurer, a direct one by the hospital; from
        # his own pages he appeals either.
        who = insurer if papers else hospital
        return [step_fault("APPEAL_NOT_YOURS", "/claim_id", who=who)]
    if claim.decides != "here":
        return [step_fault("APPEAL_DECIDED_THERE", "/claim_id", insurer=insurer)]
    if not is_decided(claim) or insurer in case.rows.ended_covers():
        return [step_fault("CLAIM_UNDECIDED", "/claim_id", state=claim.state)]
    return []


def _level_faults(case: Case, claim: ClaimRow, level: int) -> list[Fault]:
    """One appeal a level, one level after the other, each in its time."""
    mine = {a.level: a for a in case.rows.appeals if a.claim_id == claim.id}
    decided_at = _appealed_at(case.rows, claim, mine.get(level - 1))
    rules = _rules(case, decided_at)
    if rules is None:
        return [step_fault("APPEAL_RULES_MISSING", "/level")]
    most = levels(rules)
    if level > most:
        return [step_fault("APPEAL_LEVEL_UNKNOWN", "/level", level=level, levels=most)]
    if level in mine:
        words = {"level": level, "number": mine[level].number}
        return [step_fault("APPEAL_LEVEL_TAKEN", "/level", **words)]
    before = mine.get(level - 1)
    if level > 1 and (before is None or before.decided_at is None):
        return [step_fault("APPEAL_LEVEL_EARLIER", "/level", level=level, before=level - 1)]
    until = lodge_by(rules, level, decided_at)
    if local_day(case.at) > until:
        return [step_fault("APPEAL_TOO_LATE", "/level", until=until)]
    return []


def _appealed_at(rows: EpisodeRows, claim: ClaimRow, before: AppealRow | None) -> datetime:
    """When the decision that is appealed was made: that on the level before, else the newest."""
    if before is not None and before.decided_at is not None:
        return before.decided_at
    known = revisions(rows, claim.id)
    decided_at = known[-1].decided_at if known else claim.decided_at
    assert decided_at is not None, "a decided claim has its time"
    return decided_at


def _rules(case: Case, at: datetime) -> PlanAt | None:
    plan = case.world.plans.find(APPEAL_PLAN)
    if plan is None:
        return None
    try:
        rules = plan.on(local_day(at))
        levels(rules)
    except RuleMissing:
        return None
    return rules


def _named_faults(case: Case, claim: ClaimRow, asked: AppealSubmission) -> list[Fault]:
    bill = medical_part(case.transaction.bill_content(claim.bill_id))
    charged = {line.number for line in bill.lines}
    return [
        step_fault("CHARGE_LINE_UNKNOWN", f"/lines/{at}", line=line)
        for at, line in enumerate(asked.lines)
        if line not in charged
    ]


def apply_appeal_decision(case: Case) -> Outcome:
    """The decision stands, or the claim is decided again; the difference moves in this transaction.

    Never by the appellant's key or by one that decided before.
    """
    word = AppealDecisionSubmission.model_validate(case.stored.content)
    claim = original(case.rows, word.claim_id)
    if claim is None:
        return refused([step_fault("CLAIM_UNKNOWN", "/claim_id")])
    if case.stored.organisation_id != claim.organisation_id:
        return refused([step_fault("DECISION_NOT_YOURS", "/claim_id")])
    mine = (a for a in case.rows.appeals if a.claim_id == claim.id and a.level == word.level)
    appeal = next(mine, None)
    if appeal is None:
        return refused([step_fault("APPEAL_UNKNOWN", "/level", level=word.level)])
    held = case.transaction.appeal_case(appeal.id)
    if held.state != "open":
        return refused([step_fault("APPEAL_DECIDED", "/level", state=held.state)])
    if not case.stored.key_id or case.stored.key_id in held.not_by:
        return refused([step_fault("REVIEWER_DECIDED_BEFORE", "")])
    if not is_decided(claim):
        return refused([step_fault("CLAIM_UNDECIDED", "/claim_id", state=claim.state)])
    faults = _word_faults(case, claim, word)
    if faults:
        return refused(faults)
    return _reviewed(case, claim, appeal, word)


def _word_faults(case: Case, claim: ClaimRow, word: AppealDecisionSubmission) -> list[Fault]:
    if word.outcome == "upheld":
        return [step_fault("APPEAL_LINES_UNWANTED", "/lines")] if word.lines else []
    if not word.lines:
        return [step_fault("APPEAL_LINES_MISSING", "/lines")]
    on = redecidable(case.transaction, case.world, claim)
    if on is None:
        return [step_fault("DECISION_RATE_MISSING", "/lines")]
    return decision_faults(ExaminerDecision(lines=word.lines), on)


def _reviewed(
    case: Case, claim: ClaimRow, appeal: AppealRow, word: AppealDecisionSubmission
) -> Outcome:
    tx, change = case.transaction, 0
    if word.outcome == "changed":
        decision = Decision(
            benefit=summed(word.lines, claim.benefit_currency),
            lines=word.lines,
            cause=Cause.APPEAL,
            reference=appeal.id,
            reason=word.reason,
            by=case.stored.key_id,
        )
        moved = _moved(case, claim, decision)
        if isinstance(moved, Fault):
            return refused([moved])
        change = moved
    else:
        key = case.stored.key_id
        let_stand(tx, case.rows, claim, appeal.id, word.reason, key, case.at)
    tx.decide_appeal(appeal.id, word.outcome, case.stored.key_id, word.reason, case.at)
    tx.resolve_exceptions(case.episode_id, [BREACH], case.at, claim.reference)
    tx.change_episode(case.episode_id, closed_at=None, status="open")
    body = {
        "episode_id": case.episode_id,
        "claim_id": claim.id,
        "appeal_id": appeal.id,
        "level": appeal.level,
        "status": word.outcome,
        "change": fen(change).model_dump(),
    }
    return Outcome(200, body, changed=False)


def _moved(case: Case, claim: ClaimRow, decision: Decision) -> int | Fault:
    """Nothing has been written when it is refused."""
    try:
        return redecide(case.transaction, case.world, case.rows, claim, decision, case.at)
    except NotRedecided as error:
        return step_fault(error.code, "")
    except NotDivided as error:
        return step_fault("DECISION_NOT_DIVIDED", "", codes=error.codes)


def apply_changed_decision(case: Case) -> Outcome:
    """An insurer that decides in its own house says which of its answers holds."""
    word = ChangedDecisionSubmission.model_validate(case.stored.content)
    claim = original(case.rows, word.claim_id)
    if claim is None:
        return refused([step_fault("CLAIM_UNKNOWN", "/claim_id")])
    if case.stored.organisation_id != claim.organisation_id:
        return refused([step_fault("DECISION_NOT_YOURS", "/claim_id")])
    if claim.decides == "here":
        return refused([step_fault("DECISION_DECIDED_HERE", "/claim_id")])
    if not is_decided(claim) or claim.organisation_id in case.rows.ended_covers():
        return refused([step_fault("CLAIM_UNDECIDED", "/claim_id", state=claim.state)])
    on = redecidable(case.transaction, case.world, claim)
    if on is None:
        return refused([step_fault("DECISION_RATE_MISSING", "/benefit")])
    if word.benefit.currency is not on.currency:
        words = {"currency": on.currency.value}
        return refused([step_fault("DECISION_CURRENCY", "/benefit", **words)])
    if on.most < word.benefit:
        return refused([step_fault("DECISION_ABOVE_CLAIM", "/benefit", most=on.most)])
    decision = Decision(
        benefit=word.benefit,
        lines=[],
        cause=Cause.CHANGED_MIND,
        reference=word.number,
        reason=word.reason,
        by=case.stored.key_id,
    )
    moved = _moved(case, claim, decision)
    if isinstance(moved, Fault):
        return refused([moved])
    body = {
        "episode_id": case.episode_id,
        "claim_id": claim.id,
        "number": word.number,
        "status": "applied",
        "change": fen(moved).model_dump(),
    }
    return Outcome(200, body, changed=False)
