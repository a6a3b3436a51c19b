"""Faults of an episode: hospital and department, the patient and his papers, coverages."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_consent import given_faults, missing_faults
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_cover import cover_faults
from crossclaim.domain.fault_money import negative_faults, range_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.fault_shape import unknown_choice
from crossclaim.domain.identity import document_defect, normalised
from crossclaim.domain.reference import Hospital, InsurerKnown, Reference
from crossclaim.domain.service_type import ServiceType
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import DocumentType, EncounterClass, FunderKind
from crossclaim.domain.substitute import signer_faults


def episode_faults(episode: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from _hospital_faults(episode, reference, context)
    yield from patient_faults(episode.member("patient"), context)
    yield from _visit_faults(episode)
    yield from _coverage_faults(episode, reference)
    patient = episode.member("patient")
    numbers = {d.text("number") or "" for d in patient.items("documents")}
    own = frozenset(normalised(number) for number in numbers)
    for consent in episode.items("consents"):
        yield from given_faults(consent, reference)
        yield from signer_faults(consent, context.records_plan, patient.day("birth_date"), own)
    yield from missing_faults(episode)
    yield from negative_faults(episode, "estimate")


def _hospital_faults(episode: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    hospital_id = episode.code("hospital")
    if hospital_id is None:
        return
    if context.hospital is not None and hospital_id != context.hospital:
        yield fault("HOSPITAL_NOT_YOURS", episode.at("hospital"))
    hospital = reference.hospital(hospital_id)
    if hospital is None:
        yield fault("HOSPITAL_UNKNOWN", episode.at("hospital"), hospital=hospital_id)
        return
    yield from _place_faults(episode, hospital)
    visit = episode.member("visit")
    department = visit.code("department")
    if department is not None and not hospital.has_department(department):
        yield fault(
            "DEPARTMENT_UNKNOWN",
            visit.at("department"),
            hospital=hospital_id,
            department=department,
        )


def _place_faults(episode: Piece, hospital: Hospital) -> Iterator[Fault]:
    """Care in the mainland, charged in what the hospital charges in: a ledger in RMB holds it."""
    if hospital.region != "CN":
        words = {"hospital": hospital.id, "region": hospital.region}
        yield fault("HOSPITAL_OUTSIDE_MAINLAND", episode.at("hospital"), **words)
        return
    estimate = episode.money("estimate")
    if estimate is not None and estimate.currency not in hospital.currencies:
        yield fault(
            "CURRENCY_NOT_CHARGED",
            episode.member("estimate").at("currency"),
            currency=estimate.currency.value,
            allowed=", ".join(currency.value for currency in hospital.currencies),
        )


def patient_faults(patient: Piece, context: Context) -> Iterator[Fault]:
    born = patient.day("birth_date")
    if born is not None and born > context.today:
        yield fault("BIRTH_DATE_FUTURE", patient.at("birth_date"))
    name = patient.member("name")
    if isinstance(name.value, dict) and not (name.has("zh") or name.has("en")):
        yield fault("NAME_MISSING", name.pointer)
    if patient.is_empty_list("documents"):
        yield fault("IDENTITY_MISSING", patient.at("documents"))
    for document in patient.items("documents"):
        kind, number = document.choice("type", DocumentType), document.text("number")
        if kind is None or number is None:
            continue
        defect = document_defect(kind, number, context.today)
        if defect is not None:
            yield fault(f"{kind.name}_{defect.value}", document.at("number"))


def _visit_faults(episode: Piece) -> Iterator[Fault]:
    visit = episode.member("visit")
    yield from range_faults(visit, "planned_nights", 0, 3650)
    yield from _service_faults(episode, visit)
    born, planned = episode.member("patient").day("birth_date"), visit.moment("planned_admission")
    if born is not None and planned is not None and local_day(planned) < born:
        yield fault("ADMISSION_BEFORE_BIRTH", visit.at("planned_admission"))


def _service_faults(episode: Piece, visit: Piece) -> Iterator[Fault]:
    """A service is of one kind of visit; care of a chronic condition names the condition."""
    service = visit.choice("service", ServiceType)
    encounter = visit.choice("encounter_class", EncounterClass)
    if service is None:
        return
    check_up = service is ServiceType.CHECK_UP
    wanted = EncounterClass.CHECK_UP if check_up else EncounterClass.OUTPATIENT
    if encounter is not None and encounter is not wanted:
        words = {"service": service.value, "encounter": wanted.value}
        yield fault("SERVICE_OTHER_ENCOUNTER", visit.at("service"), **words)
    if service is ServiceType.CHRONIC_CARE and episode.is_empty_list("diagnoses"):
        yield fault("SERVICE_DIAGNOSIS_MISSING", episode.at("diagnoses"))


def _coverage_faults(episode: Piece, reference: Reference) -> Iterator[Fault]:
    seen: set[tuple[FunderKind, str | None, str | None]] = set()
    insured = False
    for coverage in episode.items("coverages"):
        funder = coverage.choice("funder", FunderKind)
        if funder is None:
            continue
        if funder not in reference.funders:
            pointer = coverage.at("funder")
            yield unknown_choice("FUNDER_UNKNOWN", pointer, list(reference.funders))
        right = (funder, coverage.code("organisation"), coverage.text("policy_number"))
        if right in seen:
            yield fault("COVERAGE_TWICE", coverage.pointer)
        seen.add(right)
        if funder is FunderKind.PAY_LATER and not coverage.has("pay_later"):
            yield fault("PAY_LATER_ACCOUNT_MISSING", coverage.at("pay_later"))
        if funder is FunderKind.INSURER:
            insured = True
            yield from insurer_faults(coverage, reference)
            yield from cover_faults(coverage)
    funders = {c.choice("funder", FunderKind) for c in episode.items("coverages")}
    if FunderKind.VOUCHER in funders and not insured and episode.is_empty_list("diagnoses"):
        yield fault("VISIT_REASON_MISSING", episode.at("diagnoses"))
    if insured and episode.is_empty_list("diagnoses"):
        yield fault("DIAGNOSIS_MISSING", episode.at("diagnoses"))


def insurer_faults(coverage: Piece, reference: Reference) -> Iterator[Fault]:
    for member, code in (
        ("organisation", "INSURER_MISSING"),
        ("plan", "PLAN_MISSING"),
        ("policy_number", "POLICY_MISSING"),
    ):
        if not coverage.has(member):
            yield fault(code, coverage.at(member))
    insurer_id = coverage.code("organisation")
    if insurer_id is None:
        return
    insurer = reference.insurer(insurer_id)
    if insurer is None:
        yield fault("INSURER_UNKNOWN", coverage.at("organisation"), insurer=insurer_id)
    else:
        yield from _plan_faults(coverage, insurer)


def _plan_faults(coverage: Piece, insurer: InsurerKnown) -> Iterator[Fault]:
    plan = coverage.code("plan")
    if plan is not None and plan not in insurer.plans:
        known = ", ".join(insurer.plans)
        pointer = coverage.at("plan")
        yield fault("PLAN_UNKNOWN", pointer, insurer=insurer.id, plan=plan, allowed=known)
