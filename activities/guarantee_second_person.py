"""A letter of guarantee above the plan's amount is promised by two persons of the insurer."""

from __future__ import annotations

from activities.case import Case, Outcome
from crossclaim.domain.allocation import Fault
from crossclaim.domain.guarantee_rows import GuaranteeRequestRow, GuaranteeRow
from crossclaim.domain.guarantee_rules import DESK_PLAN
from crossclaim.domain.guarantee_submission import GuaranteeDecisionSubmission
from crossclaim.domain.money import Money, counted
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault

TO_CONFIRM = "GUARANTEE_TO_CONFIRM"
WAITING = "waiting"


def second_needed(case: Case, limit: Money | None) -> bool:
    """Above the plan's amount, and always where it states none in the letter's currency; an
    installation whose plan says nothing of it asks for one key."""
    plan = case.world.plans.find(DESK_PLAN)
    rules = None if plan is None else plan.on(local_day(case.at))
    rule = None if rules is None else rules.find("second_person.above")
    if limit is None or rules is None or rule is None:
        return False
    if rule.unit.currency is not limit.currency:
        return True
    return rules.amount("second_person.above") < limit


def second_faults(
    case: Case, word: GuaranteeDecisionSubmission, letter: GuaranteeRow, asked: GuaranteeRequestRow
) -> list[Fault]:
    """Who has proposed does not confirm; the second person promises no more than the first, and
    refuses whatever he likes."""
    by = case.transaction.guarantee_proposed_by(asked.id)
    if not word.confirms:
        return [] if by is None else [step_fault("GUARANTEE_WAITS_FOR_SECOND", "/request")]
    if by is None or asked.proposed_minor is None:
        return [step_fault("GUARANTEE_NOTHING_TO_CONFIRM", "/confirms")]
    if by == case.stored.key_id:
        return [step_fault("GUARANTEE_SAME_PERSON", "/confirms")]
    most = counted(asked.proposed_minor, letter.currency)
    above = word.limit is not None and word.limit.currency is most.currency and most < word.limit
    if word.approved and above:
        return [step_fault("GUARANTEE_ABOVE_PROPOSAL", "/limit", most=most)]
    return []


def propose(case: Case, limit: Money, letter: GuaranteeRow, asked: GuaranteeRequestRow) -> Outcome:
    """Nothing is promised yet, and the clock goes on."""
    tx = case.transaction
    tx.change_guarantee_request(
        asked.id, proposed_minor=limit.amount_minor, proposed_by=case.stored.key_id
    )
    tx.open_exception(case.episode_id, TO_CONFIRM, asked.reference, {}, case.at)
    body = {"episode_id": case.episode_id, "request": asked.reference, "status": WAITING}
    return Outcome(202, {**body, "guarantee": letter.reference, "proposed": limit.model_dump()})
