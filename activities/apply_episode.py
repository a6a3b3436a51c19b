"""Applies the submissions that say who and when: episode, admission, discharge, consent."""

from __future__ import annotations

from datetime import date, datetime

from activities.apply_records import note_ehealth_consents, signer_is_patient, tell_ehealth
from activities.apply_transfer import try_held_again
from activities.case import Case, Outcome, refused
from activities.claims_due import open_due_claims
from activities.quotes import counts_in, quoted_rate
from activities.withdrawals import resumed, still_ended, stopped
from crossclaim.domain.allocation import Fault
from crossclaim.domain.calendar import public_holidays
from crossclaim.domain.combination_sentences import CombinationReason
from crossclaim.domain.eligibility import guarantee_asked_in_time, working_days_between
from crossclaim.domain.filed_prices import PILOT_PLAN, designation_faults
from crossclaim.domain.ledger import guarantee_entry
from crossclaim.domain.reference import PolicyKnown
from crossclaim.domain.services import SERVICES_PLAN, channel_faults
from crossclaim.domain.stay import local_day
from crossclaim.domain.step_faults import step_fault
from crossclaim.domain.submission import (
    AdmissionSubmission,
    ConsentGiven,
    ConsentSubmission,
    ConsentType,
    CoverageClaimed,
    DischargeSubmission,
    EpisodeSubmission,
    FunderKind,
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
    for number, coverage in enumerate(submission.coverages):
        if coverage.funder is FunderKind.INSURER and submission.estimate is not None:
            open_guarantee(case, submission, number, coverage, decides)
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


def open_guarantee(
    case: Case,
    submission: EpisodeSubmission,
    ordinal: int,
    coverage: CoverageClaimed,
    decides: dict[str, str],
) -> None:
    visit, insurer = submission.visit, coverage.organisation or ""
    asked_at = visit.guarantee_requested_at or case.at
    ahead = _working_days_ahead(case, asked_at, visit.planned_admission)
    guarantee_id = f"{case.derived_id('gu')}-{ordinal}"
    currency = counts_in(case.world.plans, coverage.plan)
    rate = quoted_rate(case.world.reference, asked_at, insurer, currency)
    case.transaction.add_guarantee(
        guarantee_id,
        case.episode_id,
        insurer,
        reference=guarantee_id.replace("_", "").upper(),
        state="due",
        currency=currency.value,
        rate=None if rate is None else rate.model_dump(mode="json"),
        estimate_minor=submission.estimate.amount_minor if submission.estimate else None,
        working_days_ahead=ahead,
    )
    if visit.planned_admission is not None and _asked_late(
        case, coverage, asked_at, visit.planned_admission
    ):
        details = {"working_days_ahead": str(ahead)}
        case.transaction.open_exception(
            case.episode_id, "GUARANTEE_ASKED_LATE", guarantee_id, details, case.at
        )
    if decides.get(insurer) == "here":
        _decide_guarantee_here(case, guarantee_id, ordinal, coverage, asked_at)


def _working_days_ahead(case: Case, asked_at: datetime, admission: datetime | None) -> int | None:
    if admission is None:
        return None
    asked_on, admitted_on = local_day(asked_at), local_day(admission)
    return working_days_between(asked_on, admitted_on, _closed(case, asked_on, admitted_on))


def _closed(case: Case, start: date, end: date) -> frozenset[date]:
    """Public holidays where the hospital of the episode stands."""
    sent = EpisodeSubmission.model_validate(case.stored.content)
    hospital = case.world.reference.hospital(sent.hospital)
    return public_holidays("CN" if hospital is None else hospital.region, start, end)


def _asked_late(
    case: Case, coverage: CoverageClaimed, asked_at: datetime, admission: datetime
) -> bool:
    """By the plan's own lead for planned care; a plan that states none is never late."""
    plan = case.world.plans.find(coverage.plan or "")
    dated = plan.on(local_day(asked_at)) if plan is not None else None
    if dated is None or dated.find("guarantee.request_lead_planned") is None:
        return False
    closed = _closed(case, local_day(asked_at), local_day(admission))
    return not guarantee_asked_in_time(asked_at, admission, dated, closed)


def _decide_guarantee_here(
    case: Case, guarantee_id: str, ordinal: int, coverage: CoverageClaimed, asked_at: datetime
) -> None:
    """An insurer that decides here: its book of policies is ours, so the answer is at once."""
    insurer = coverage.organisation or ""
    policy = case.world.reference.policy(insurer, coverage.policy_number or "")
    tx = case.transaction
    if policy is None or not _grants(case, policy, coverage, asked_at):
        tx.change_coverage(
            case.episode_id, ordinal, eligible=False, disposition="POLICY_NOT_IN_FORCE"
        )
        tx.change_guarantee(
            guarantee_id, state="refused", answered_at=case.at, disposition="POLICY_NOT_IN_FORCE"
        )
        tx.open_exception(case.episode_id, "GUARANTEE_REFUSED", guarantee_id, {}, case.at)
        return
    limit = policy.guarantee_limit
    tx.change_coverage(case.episode_id, ordinal, eligible=True)
    tx.change_guarantee(
        guarantee_id,
        state="granted",
        number=guarantee_id.replace("_", "").upper(),
        limit_minor=limit.amount_minor,
        requested_at=case.at,
        answered_at=case.at,
        valid_until=policy.in_force_until,
    )
    tx.post(case.episode_id, guarantee_entry(f"guarantee:{guarantee_id}", insurer, limit), case.at)


def _grants(case: Case, policy: PolicyKnown, coverage: CoverageClaimed, asked_at: datetime) -> bool:
    """In force under this plan, with a limit in what the plan counts in."""
    held = policy.in_force(local_day(asked_at)) and policy.plan == coverage.plan
    currency = counts_in(case.world.plans, coverage.plan)
    return held and policy.guarantee_limit.currency is currency


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
