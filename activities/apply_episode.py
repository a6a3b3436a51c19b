"""Applies the submissions that say who and when: episode, admission, discharge, consent."""

from __future__ import annotations

from activities.apply_records import note_ehealth_consents, signer_is_patient, tell_ehealth
from activities.apply_transfer import try_held_again
from activities.case import Case, Outcome, refused
from activities.claims_due import open_due_claims
from activities.guarantee_letters import open_letters
from activities.withdrawals import resumed, still_ended, stopped
from crossclaim.domain.allocation import Fault
from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.filed_prices import PILOT_PLAN, designation_faults
from crossclaim.domain.services import SERVICES_PLAN, channel_faults
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import (
    AdmissionSubmission,
    ConsentGiven,
    ConsentSubmission,
    ConsentType,
    DischargeSubmission,
    EpisodeSubmission,
)


def apply_episode(case: Case) -> Outcome:
    """Opens the episode: its parties, rights and consents, and the guarantee it will need."""
    submission = EpisodeSubmission.model_validate(case.stored.content)
    reference = case.world.reference
    wrong = [*_designation_faults(case, submission), *_service_faults(case, submission)]
    if wrong:
        return refused(wrong)
    decides: dict[str, str] = {i.id: i.decides for i in reference.insurers}
    case.transaction.open_episode(case.episode_id, submission, decides, case.at)
    note_ehealth_consents(case, submission.patient, submission.consents)
    open_letters(case, submission, decides)
    return Outcome(
        status=201,
        body={
            "episode_id": case.episode_id,
            "visit": submission.visit.number,
            "status": "open",
        },
        changed=False,
    )


def _designation_faults(case: Case, submission: EpisodeSubmission) -> list[Fault]:
    """A hospital outside the pilot of international services, or one that has left it, gets no new
    episode in that channel; where nobody knows, the bill says so to a person."""
    visit, pilot = submission.visit, case.world.plans.find(PILOT_PLAN)
    if visit.channel != "international" or pilot is None:
        return []
    on = pilot.on(local_day(visit.planned_admission or case.at))
    outside = CombinationReason.INTERNATIONAL_NOT_DESIGNATED.value
    found = designation_faults(submission.hospital, on)
    return [f.model_copy(update={"pointer": "/hospital"}) for f in found if f.code == outside]


def _service_faults(case: Case, submission: EpisodeSubmission) -> list[Fault]:
    """A service that this channel does not offer opens no episode."""
    visit, services = submission.visit, case.world.plans.find(SERVICES_PLAN)
    if services is None:
        return []
    on = services.on(local_day(visit.planned_admission or case.at))
    return list(channel_faults(visit, on))


def apply_admission(case: Case) -> Outcome:
    submission = AdmissionSubmission.model_validate(case.stored.content)
    case.transaction.change_episode(case.episode_id, admitted_at=submission.admitted_at)
    return Outcome(200, {"episode_id": case.episode_id, "status": "admitted"}, changed=False)


def apply_discharge(case: Case) -> Outcome:
    """The end of a stay: what is final may now be claimed."""
    submission = DischargeSubmission.model_validate(case.stored.content)
    if case.rows.episode.admitted_at is None:
        return refused([step_fault("ADMISSION_FIRST", "/discharged_at")])
    case.transaction.change_episode(case.episode_id, discharged_at=submission.discharged_at)
    open_due_claims(case)
    return Outcome(200, {"episode_id": case.episode_id, "status": "discharged"}, changed=False)


def apply_consent(case: Case) -> Outcome:
    """One more consent, or the withdrawal of one; its moment is this transaction's commit."""
    submission = ConsentSubmission.model_validate(case.stored.content)
    faults = signer_is_patient(case, submission.given)
    if faults:
        return refused(faults)
    body: dict[str, object] = {"episode_id": case.episode_id, "number": submission.number}
    if submission.given is not None:
        body |= _given(case, submission.given)
    if submission.withdrawn is not None:
        body |= _withdrawn(case, submission, submission.withdrawn)
    tell_ehealth(case, submission.given, submission.withdrawn)
    return Outcome(200, body)


def _given(case: Case, given: ConsentGiven) -> dict[str, object]:
    """A claim that a withdrawal suspended goes on; what one has ended stays ended."""
    tx = case.transaction
    tx.add_consents(case.episode_id, [given])
    after = tx.rows(case.episode_id)
    effects = {"resumed": resumed(case, after), "stays_ended": still_ended(after, case.rows)}
    open_due_claims(case)
    try_held_again(case, given)
    told = {name: insurers for name, insurers in effects.items() if insurers}
    return {"given": given.type.value, **told}


def _withdrawn(
    case: Case, submission: ConsentSubmission, withdrawn: ConsentType
) -> dict[str, object]:
    """How many consents ended, and what that did to each insurer's part."""
    tx = case.transaction
    ended = tx.withdraw_consents(
        case.episode_id,
        withdrawn,
        case.at,
        submission.stated_at,
        submission.withdrawn_by,
        submission.recipient,
    )
    effects = stopped(case, submission, tx.rows(case.episode_id))
    told = [effect.model_dump(mode="json") for effect in effects]
    return {"withdrawn": withdrawn.value, "ended": ended, "effects": told}
