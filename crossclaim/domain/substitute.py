"""Who signs the eHealth consents of a person who cannot: by age and capacity, from the plan."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.identity import document_defect, normalised
from crossclaim.domain.plan import Plan, PlanAt, RuleMissing
from crossclaim.domain.record_faults import record_fault
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType, DocumentType

RECORDS_PLAN = "health-records"
OF_PERSONS = frozenset({ConsentType.EHEALTH_JOIN, ConsentType.EHEALTH_SHARE})
"""Consents towards eHealth itself: a person's, whatever episode they were signed in."""


def age_on(born: date, day: date) -> int:
    """Whole years; a birthday of 29 February is kept on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def signer_faults(
    consent: Piece, plan: Plan | None, born: date | None, patient_numbers: frozenset[str]
) -> Iterator[Fault]:
    """Faults of who signed one consent; ``patient_numbers`` are the patient's own, normalised."""
    signed_at, kind = consent.moment("signed_at"), consent.choice("type", ConsentType)
    if signed_at is None or kind is None:
        return
    signer, day = consent.member("signed_by"), local_day(signed_at)
    if isinstance(signer.value, dict):
        yield from _person_faults(signer, patient_numbers, day)
        seen_at = signer.moment("paper_seen_at")
        if seen_at is not None and seen_at > signed_at:
            yield record_fault("SIGNER_PAPER_LATE", signer.at("paper_seen_at"))
    dated = plan.on(day) if plan is not None else None
    if dated is None or born is None or kind not in OF_PERSONS:
        return
    if dated.find("substitute.below") is None:
        return
    try:
        yield from _capacity_faults(consent, kind, dated, age_on(born, day))
    except RuleMissing as missing:
        pointer = consent.at("signed_by")
        yield record_fault("RECORD_RULE_MISSING", pointer, rule=missing.rule, on=day)


def _person_faults(signer: Piece, patient_numbers: frozenset[str], day: date) -> Iterator[Fault]:
    name, document = signer.member("name"), signer.member("document")
    if isinstance(name.value, dict) and not (name.has("zh") or name.has("en")):
        yield record_fault("SIGNER_NAME_MISSING", name.pointer)
    kind, number = document.choice("type", DocumentType), document.text("number")
    if kind is None or number is None:
        return
    defect = document_defect(kind, number, day)
    if defect is not None:
        yield fault(f"{kind.name}_{defect.value}", document.at("number"))
    elif normalised(number) in patient_numbers:
        yield record_fault("SIGNER_IS_PATIENT", document.at("number"))


def _capacity_faults(consent: Piece, kind: ConsentType, plan: PlanAt, age: int) -> Iterator[Fault]:
    years, signer = plan.count("substitute.below"), consent.member("signed_by")
    minor = age < years
    if not isinstance(signer.value, dict):
        if minor:
            pointer = consent.at("signed_by")
            yield record_fault("SIGNER_SUBSTITUTE_NEEDED", pointer, years=years, consent=kind.value)
        return
    incapable = signer.value.get("patient_incapable") is True
    if not minor and not incapable:
        yield record_fault("SIGNER_NOT_NEEDED", signer.pointer, years=years)
        return
    allowed = plan.codes("substitute.minor" if minor else "substitute.incapable")
    capacity = signer.code("capacity")
    if capacity is not None and capacity not in allowed:
        yield record_fault("SIGNER_CAPACITY", signer.at("capacity"), allowed=", ".join(allowed))
