"""Applies what is said about health records: a request, a deposit, a consent towards eHealth."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from activities.case import Case, Outcome, refused
from crossclaim.domain.allocation import Fault
from crossclaim.domain.health_record import RecordPerson, years_before
from crossclaim.domain.identity import normalised
from crossclaim.domain.plan import PlanAt, RuleMissing
from crossclaim.domain.record_faults import record_fault
from crossclaim.domain.record_submission import (
    EHEALTH,
    HOSPITAL_AUTHORITY,
    DepositKind,
    RecordDepositSubmission,
    RecordRequestSubmission,
    request_needs,
)
from crossclaim.domain.reference import RecordInstitution
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import (
    ConsentGiven,
    ConsentType,
    DocumentType,
    EpisodeSubmission,
    Patient,
)
from crossclaim.domain.substitute import OF_PERSONS, RECORDS_PLAN
from crossclaim.domain.withdrawal import WITHDRAWAL_PLAN

_KNOWN_THERE = (DocumentType.HKID, DocumentType.CERT_EXEMPTION)
_HOUR_S = 3600


def record_person(patient: Patient) -> RecordPerson | None:
    """The patient as the record systems of Hong Kong know him; None: by no paper of his."""
    document = next((d for d in patient.documents if d.type in _KNOWN_THERE), None)
    if document is None:
        return None
    return RecordPerson(document=document, birth_date=patient.birth_date)


def rules_on(case: Case, at: datetime) -> PlanAt | None:
    plan = case.world.plans.find(RECORDS_PLAN)
    return None if plan is None else plan.on(local_day(at))


def needs_of(rules: PlanAt, key: str) -> list[ConsentType]:
    return [ConsentType(code) for code in rules.codes(key)]


def _institution(case: Case, system: str) -> RecordInstitution | None:
    hospital = case.rows.episode.hospital_id
    return case.world.reference.record_institution(hospital, system, local_day(case.at))


def _door_faults(case: Case, system: str, content: EpisodeSubmission) -> list[Fault]:
    """Whether this hospital may speak with the system about this patient at all."""
    if system not in case.world.record_systems:
        return [record_fault("RECORD_SYSTEM_ABSENT", "/system", system=system)]
    found = []
    if _institution(case, system) is None:
        words = {"hospital": case.rows.episode.hospital_id, "on": local_day(case.at)}
        found.append(record_fault("RECORD_NOT_DESIGNATED", "/system", system=system, **words))
    if record_person(content.patient) is None:
        found.append(record_fault("RECORD_DOCUMENT_MISSING", "/episode/patient/documents"))
    return found


def _consent_faults(
    case: Case, content: EpisodeSubmission, needs: Iterable[ConsentType], system: str
) -> list[Fault]:
    """The sending checks again, under a lock; here the window hears at once what is missing."""
    in_force = {c.type for c in case.rows.consents_in_force() if c.recipient in ("", system)}
    person = record_person(content.patient)
    found = []
    for need in needs:
        ended = (
            need in OF_PERSONS
            and person is not None
            and not case.transaction.ehealth_allows(person.document, [need])
        )
        if need not in in_force or ended:
            found.append(
                record_fault("RECORD_CONSENT_MISSING", "/episode/consents", consent=need.value)
            )
    return found


def apply_record_request(case: Case) -> Outcome:
    """A request is due at once; whatever can be known to be missing is said at the window."""
    asked = RecordRequestSubmission.model_validate(case.stored.content)
    content = case.transaction.episode_content(case.episode_id)
    rules = rules_on(case, case.at)
    if rules is None:
        return refused([_rule_fault(case, RECORDS_PLAN)])
    try:
        needs = needs_of(rules, request_needs(asked.system))
        faults = _door_faults(case, asked.system, content)
        missing = _consent_faults(case, content, needs, asked.system)
        emergency = bool(missing) and _emergency(case, asked)
        faults += [] if emergency else missing
        faults += _code_faults(case, asked, rules)
        if faults:
            return refused(faults)
        return _open_request(case, asked, rules, emergency)
    except RuleMissing as missing:
        return refused([_rule_fault(case, missing.rule)])


def _emergency(case: Case, asked: RecordRequestSubmission) -> bool:
    """Life or health cannot wait for a consent, and a rule of the day lets data go out for them.

    What eHealth itself asks of the patient is not ours to leave out.
    """
    plan = case.world.plans.find(WITHDRAWAL_PLAN)
    if asked.emergency_reason is None or asked.system != HOSPITAL_AUTHORITY or plan is None:
        return False
    return plan.on(local_day(case.at)).rule("emergency.outbound").value is True


def _rule_fault(case: Case, rule: str) -> Fault:
    return record_fault("RECORD_RULE_MISSING", "", rule=rule, on=local_day(case.at))


def _code_faults(case: Case, asked: RecordRequestSubmission, rules: PlanAt) -> list[Fault]:
    if asked.system != EHEALTH or case.at <= _expires_at(asked, rules):
        return []
    words = {
        "shown_at": asked.requested_at.isoformat(),
        "minutes": rules.count("request.code_valid"),
    }
    return [record_fault("RECORD_CODES_OLD", "/requested_at", **words)]


def _expires_at(asked: RecordRequestSubmission, rules: PlanAt) -> datetime:
    return asked.requested_at + timedelta(minutes=rules.count("request.code_valid"))


def _open_request(
    case: Case, asked: RecordRequestSubmission, rules: PlanAt, emergency: bool
) -> Outcome:
    institution = _institution(case, asked.system)
    assert institution is not None, "an undesignated hospital was refused"
    request_id, today = case.derived_id("rq"), local_day(case.at)
    give_up_at = case.at + timedelta(hours=rules.count("request.answer_within"))
    codes = {
        name: code
        for name in ("application_code", "password_code")
        if (code := getattr(asked, name)) is not None
    }
    case.transaction.add_record_request(
        request_id,
        case.episode_id,
        codes,
        number=asked.number,
        system=asked.system,
        institution=institution.number,
        reference=request_id.replace("_", "").upper(),
        requested_at=asked.requested_at,
        requested_by=asked.requested_by,
        expires_at=_expires_at(asked, rules) if codes else give_up_at,
        give_up_at=give_up_at,
        window_from=years_before(today, rules.count("request.window")),
        window_until=today,
        sections=[section.value for section in asked.sections],
        emergency_reason=(asked.emergency_reason or "") if emergency else "",
    )
    _reopen(case)
    body = {"episode_id": case.episode_id, "request": request_id, "number": asked.number}
    basis = {"basis": "emergency"} if emergency else {}
    return Outcome(201, {**body, "status": "due", **basis}, changed=False)


def _reopen(case: Case) -> None:
    case.transaction.change_episode(case.episode_id, closed_at=None, status="open")


def apply_record_deposit(case: Case) -> Outcome:
    """Each document is one delivery of its own, due once the visit is over."""
    asked = RecordDepositSubmission.model_validate(case.stored.content)
    content = case.transaction.episode_content(case.episode_id)
    rules = rules_on(case, case.at)
    if rules is None:
        return refused([_rule_fault(case, RECORDS_PLAN)])
    try:
        faults = _door_faults(case, EHEALTH, content)
        faults += _consent_faults(case, content, needs_of(rules, "deposit.needs"), EHEALTH)
        faults += _item_faults(case, asked, rules)
        if faults:
            return refused(faults)
        return _open_deliveries(case, asked, rules)
    except RuleMissing as missing:
        return refused([_rule_fault(case, missing.rule)])


def _item_faults(case: Case, asked: RecordDepositSubmission, rules: PlanAt) -> list[Fault]:
    found = []
    for number, item in enumerate(asked.items):
        if case.transaction.document_key(case.episode_id, item.sha256) is None:
            found.append(record_fault("DEPOSIT_NOT_UPLOADED", f"/items/{number}/sha256"))
        images = rules.find("deposit.images")
        closed = images is None or images.value is not True
        if item.kind is DepositKind.RADIOLOGY_IMAGE and closed:
            pointer = f"/items/{number}/kind"
            found.append(record_fault("DEPOSIT_IMAGES_CLOSED", pointer, on=local_day(case.at)))
    return found


def _open_deliveries(case: Case, asked: RecordDepositSubmission, rules: PlanAt) -> Outcome:
    institution = _institution(case, EHEALTH)
    assert institution is not None, "an undesignated hospital was refused"
    for number, item in enumerate(asked.items):
        delivery_id = f"{case.derived_id('rd')}-{number}"
        case.transaction.add_record_delivery(
            delivery_id,
            case.episode_id,
            number=asked.number,
            kind=item.kind.value,
            institution=institution.number,
            reference=delivery_id.replace("_", "").upper(),
            sha256=item.sha256,
            made_on=item.made_on,
            asked_at=case.at,
            due_within_s=rules.count("deposit.due") * _HOUR_S,
        )
    _reopen(case)
    body = {"episode_id": case.episode_id, "number": asked.number, "items": len(asked.items)}
    return Outcome(201, {**body, "status": "due"}, changed=False)


def note_ehealth_consents(case: Case, patient: Patient, given: list[ConsentGiven]) -> None:
    """What was signed towards eHealth is the person's, whatever episode it was signed in."""
    person = record_person(patient)
    for consent in given:
        if person is not None and consent.type in OF_PERSONS:
            case.transaction.note_ehealth_consent(
                case.episode_id, person.document, consent.type, True, consent.signed_at
            )


def signer_is_patient(case: Case, given: ConsentGiven | None) -> list[Fault]:
    """A later consent is sent without the patient, so only here can the two be compared."""
    if given is None or given.signed_by is None:
        return []
    own = case.transaction.episode_content(case.episode_id).patient.documents
    if normalised(given.signed_by.document.number) not in {normalised(d.number) for d in own}:
        return []
    return [record_fault("SIGNER_IS_PATIENT", "/given/signed_by/document/number")]


def tell_ehealth(case: Case, given: ConsentGiven | None, withdrawn: ConsentType | None) -> None:
    """A joining or sharing consent that changed with us: the person's fact, and word to eHealth,
    which tells the patient.
    """
    patient = case.transaction.episode_content(case.episode_id).patient
    if given is not None and given.type in OF_PERSONS:
        note_ehealth_consents(case, patient, [given])
        signer = given.signed_by.capacity if given.signed_by else "patient"
        _report(case, given.type, "consent_given", given.signed_at, signer)
    if withdrawn is not None and withdrawn in OF_PERSONS:
        person = record_person(patient)
        if person is not None:
            case.transaction.note_ehealth_consent(
                case.episode_id, person.document, withdrawn, False, case.at
            )
        _report(case, withdrawn, "consent_withdrawn", case.at, "patient")


def _report(case: Case, type_: ConsentType, kind: str, at: datetime, signer: str) -> None:
    """Nothing where the hospital is no institution of eHealth: then only our own rows know."""
    institution, rules = _institution(case, EHEALTH), rules_on(case, case.at)
    due = rules.find("consent_report.due") if rules is not None else None
    patient = case.transaction.episode_content(case.episode_id).patient
    reachable = EHEALTH in case.world.record_systems and record_person(patient) is not None
    if institution is None or due is None or rules is None or not reachable:
        return
    delivery_id = case.derived_id("rc" if kind == "consent_given" else "rw")
    case.transaction.add_record_delivery(
        delivery_id,
        case.episode_id,
        number=case.stored.id,
        kind=kind,
        institution=institution.number,
        reference=delivery_id.replace("_", "").upper(),
        consent_type=type_.value,
        signer=signer,
        changed_at=at,
        asked_at=case.at,
        due_within_s=rules.count("consent_report.due") * _HOUR_S,
    )
    case.transaction.change_episode(case.episode_id, closed_at=None, status="open")
