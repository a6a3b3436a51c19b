"""Applies an insurer's answer that came by callback: a guarantee, or a decision on a claim."""

from __future__ import annotations

from activities.apply_guarantee import withdraw
from activities.case import Case, Outcome, refused
from activities.coded import coded
from activities.decisions import record_decision
from activities.guarantee_changes import record_change_answer
from activities.guarantees import record_guarantee_answer
from activities.orders import Subject
from crossclaim.domain.errors import Final
from crossclaim.domain.guarantee_book import LIVE
from crossclaim.domain.party import AnswerState, ClaimAnswer, GuaranteeAnswer
from crossclaim.domain.records import GuaranteeRow
from crossclaim.domain.step_faults import step_fault


def apply_insurer_answer(case: Case) -> Outcome:
    """Twice, late or early: an answer that changes nothing any more is thanked for and kept.

    Nobody answers for another insurer, whatever reference his message names.
    """
    insurer = case.world.insurers[case.stored.organisation_id]
    try:
        answer = insurer.read_callback(str(case.stored.content["resource"]))
    except Final as error:
        details = {"code": error.code}
        case.transaction.open_exception(
            case.episode_id, "ANSWER_NOT_USABLE", case.stored.id, details, case.at
        )
        return Outcome(200, {"status": "set aside", "code": error.code})
    order, sender = Subject(episode_id=case.episode_id, at=case.at), case.stored.organisation_id
    accepted = Outcome(200, {"reference": answer.reference, "status": "received"}, changed=False)
    if isinstance(answer, GuaranteeAnswer):
        for request in case.rows.guarantee_requests:
            letter = case.rows.letter(request.guarantee_id)
            if (request.reference, letter.insurer_id) == (answer.reference, sender):
                record_change_answer(case.transaction, order, case.rows, request, answer)
                return accepted
        for guarantee in case.rows.guarantees:
            if (guarantee.reference, guarantee.insurer_id) == (answer.reference, sender):
                if answer.state is AnswerState.WITHDRAWN:
                    _taken_back(case, guarantee, answer)
                    return accepted
                record_guarantee_answer(case.transaction, order, guarantee, answer)
                return accepted
    if isinstance(answer, ClaimAnswer):
        for claim in case.rows.claims:
            if (claim.reference, claim.organisation_id) == (answer.reference, sender):
                record_decision(case.transaction, case.world, order, case.rows, claim, answer)
                return accepted
    return refused([step_fault("ANSWER_UNKNOWN", "/request/identifier/value")])


def _taken_back(case: Case, guarantee: GuaranteeRow, answer: GuaranteeAnswer) -> None:
    """The insurer withdraws its letter: once, and only while it stands."""
    if guarantee.state == LIVE:
        withdraw(case, guarantee, guarantee.insurer_id, coded(answer.disposition))
        case.transaction.change_episode(case.episode_id)
