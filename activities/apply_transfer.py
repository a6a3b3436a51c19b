"""Applies what is said about a transfer by ambulance: a hand-over, and what has to come before."""

from __future__ import annotations

from activities.case import Case, Outcome, refused
from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.plan import RuleMissing
from crossclaim.domain.records import ConsentRow, EpisodeRows
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import BillSubmission, ConsentGiven, EncounterClass
from crossclaim.domain.transfer import (
    TRANSFER_PLAN,
    doubts,
    emergency_rule,
    needs_on,
    other_side,
    release_of,
)
from crossclaim.domain.transfer_submission import HandOverSubmission


def is_transfer(rows: EpisodeRows) -> bool:
    return rows.episode.encounter_class is EncounterClass.AMBULANCE_TRANSFER


def consents_to(rows: EpisodeRows, recipient: str, known: Reference) -> list[ConsentRow]:
    """What the patient has signed for the institution across the border: a text for Hong Kong lets
    nothing go to Macao, nor the other way round."""
    return [
        consent
        for consent in rows.consents_in_force()
        if consent.given_by == "patient"
        and consent.recipient in ("", recipient)
        and known.may_go(consent.type, consent.text_version, recipient)
    ]


def apply_hand_over(case: Case) -> Outcome:
    """The record is due at once; what can be known to be missing is said at the desk."""
    record = HandOverSubmission.model_validate(case.stored.content)
    if not is_transfer(case.rows):
        return refused([fault("TRANSFER_NOT_THE_VISIT", "")])
    recipient = other_side(record, case.rows.episode.hospital_id)
    try:
        faults = _release_faults(case, record, recipient)
    except RuleMissing as missing:
        words = {"rule": missing.rule, "on": missing.on}
        faults = [fault("TRANSFER_RULE_MISSING", "", **words)]
    if faults:
        return refused(faults)
    hand_over_id = case.derived_id("ho")
    case.transaction.add_hand_over(hand_over_id, case.episode_id, record, recipient)
    _note_doubts(case, record, hand_over_id)
    case.transaction.change_episode(case.episode_id, closed_at=None, status="open")
    body = {"episode_id": case.episode_id, "hand_over": hand_over_id, "number": record.number}
    return Outcome(201, {**body, "status": "due"}, changed=False)


def _release_faults(case: Case, record: HandOverSubmission, recipient: str) -> list[Fault]:
    """The issuing judges again, under a lock."""
    plans, emergency = case.world.plans, record.emergency
    reason = emergency.reason if emergency else ""
    given = {c.type for c in consents_to(case.rows, recipient, case.world.reference)}
    release = release_of(needs_on(plans, case.at), given, reason, plans, case.at)
    if release.basis:
        return []
    if emergency is not None and emergency_rule(plans, case.at) is None:
        return [fault("TRANSFER_EMERGENCY_CLOSED", "/emergency", on=local_day(case.at))]
    words = {"recipient": recipient}
    code, pointer = "TRANSFER_CONSENT_MISSING", "/episode/consents"
    return [fault(code, pointer, consent=need.value, **words) for need in release.missing]


def _note_doubts(case: Case, record: HandOverSubmission, hand_over_id: str) -> None:
    """The transfer has happened: a person looks, the record goes its way."""
    plan = case.world.plans.find(TRANSFER_PLAN)
    assert plan is not None, "without the plan the record was refused"
    on, hospital = local_day(record.departed_at), case.rows.episode.hospital_id
    for code in doubts(plan.on(on), hospital, record.vehicle.approvals):
        case.transaction.open_exception(case.episode_id, code, hand_over_id, {}, case.at)


def hand_over_first(case: Case, bill: BillSubmission) -> Outcome | None:
    """A transfer is billed for good once somebody has taken the patient over."""
    if bill.status != "final" or not is_transfer(case.rows) or case.rows.hand_overs:
        return None
    return refused([fault("TRANSFER_NOT_HANDED_OVER", "/status")])


def try_held_again(case: Case, given: ConsentGiven | None) -> None:
    """A consent that came later may be the one that a record waits for."""
    if given is None:
        return
    for known in case.rows.hand_overs:
        if known.state == "held":
            case.transaction.set_hand_over_state(known.id, "due")
