"""Reads who, where and why of a hospital's FHIR claim: the tree of an ``EpisodeSubmission``."""

from __future__ import annotations

from datetime import date
from typing import Any

from crossclaim.api.fhir_bundle import FhirBundle
from crossclaim.api.fhir_element import Element, Leaf
from crossclaim.api.fhir_fault import FhirFault, fault
from crossclaim.domain.identity import IDENTIFIER_SYSTEMS
from crossclaim.domain.submission import FunderKind
from crossclaim.gateways import fhir_terms as terms

Tree = dict[str, Any]

_CLASSES = {"IMP": "inpatient", "AMB": "outpatient", "EMER": "emergency", "SS": "day_procedure"}
_FACTS = ("estimate", "guarantee-requested", "planned-admission")
_VOID_ENCOUNTERS = ("cancelled", "entered-in-error")


def episode_tree(
    bundle: FhirBundle, claim: Element, encounter: Element, use: str = "claim"
) -> Tree:
    """``EpisodeSubmission`` as a tree of leaves; what is wrong is noted in the elements' faults."""
    check_purpose(claim, use)
    if encounter.need("status").value in _VOID_ENCOUNTERS:
        encounter.maybe("status").note(FhirFault.CODE_UNKNOWN)
    patient = bundle.resolve(claim.need("patient"), "Patient")
    _same_patient(bundle, encounter.need("subject"), patient)
    estimate = _fact(claim, "estimate")
    return {
        "hospital": bundle.organisation(claim.need("provider")),
        "visit": _visit(claim, encounter),
        "patient": _patient(patient),
        "diagnoses": [_diagnosis(d) for d in claim.each("diagnosis")],
        "coverages": _coverages(bundle, claim, patient),
        "consents": [_consent(bundle, c, patient) for c in bundle.of_type("Consent")],
        "estimate": estimate.maybe("valueQuantity").quantity_of_money(),
    }


def eligibility_tree(bundle: FhirBundle, request: Element, encounter: Element) -> Tree:
    """The same out of a CoverageEligibilityRequest, which says less."""
    request.need("status").expect("active")
    patient = bundle.resolve(request.need("patient"), "Patient")
    _same_patient(bundle, encounter.need("subject"), patient)
    return {
        "hospital": bundle.organisation(request.need("provider")),
        "visit": _visit(request, encounter),
        "patient": _patient(patient),
        "diagnoses": [_diagnosis(d) for i in request.each("item") for d in i.each("diagnosis")],
        "coverages": _coverages(bundle, request, patient),
        "consents": [_consent(bundle, c, patient) for c in bundle.of_type("Consent")],
    }


def check_purpose(claim: Element, use: str) -> None:
    """A live claim of a hospital for itself; anything else means something that we would not do."""
    claim.need("status").expect("active")
    claim.need("use").expect(use)
    claim.need("type").expect_code(terms.CLAIM_TYPE, "institutional")
    claim.maybe("payee").maybe("type").expect_code(terms.PAYEE_TYPE, "provider")
    for info in claim.each("supportingInfo"):
        code = info.maybe("category").maybe_code_in(terms.CLAIM_FACT)
        if code and code.value not in _FACTS:
            claim.faults.append(fault(FhirFault.CODE_UNKNOWN, code.path))


def _visit(claim: Element, encounter: Element) -> Tree:
    planned = _fact(claim, "planned-admission").maybe("timingPeriod")
    asked = _fact(claim, "guarantee-requested").maybe("timingPeriod")
    channel = next(
        (c for t in encounter.each("type") if (c := t.maybe_code_in(terms.VISIT_CHANNEL))), None
    )
    if encounter and channel is None:
        encounter.maybe("type").note(FhirFault.SYSTEM_UNKNOWN)
    start = planned.maybe("start").instant()
    return {
        "number": encounter.identifier_in(terms.VISIT_NUMBER).text(),
        "encounter_class": _encounter_class(encounter.need("class")),
        "department": encounter.need("serviceType").code_in(terms.DEPARTMENT),
        "channel": channel,
        "planned_admission": start,
        "planned_nights": _nights(start, planned.maybe("end").day()),
        "guarantee_requested_at": asked.maybe("start").instant(),
    }


def _encounter_class(coding: Element) -> Leaf | None:
    """HL7's class code, or our own word for what HL7 has no code for (``check_up``)."""
    code = coding.code_in(terms.ACT_CODE, terms.ENCOUNTER_CLASS)
    if code is None or coding.maybe("system").value == terms.ENCOUNTER_CLASS:
        return code
    if code.value not in _CLASSES:
        coding.note(FhirFault.CODE_UNKNOWN)
        return None
    return Leaf(_CLASSES[code.value], code.path)


def _nights(start: Leaf | None, end: Leaf | None) -> Leaf | None:
    if start is None or end is None:
        return None
    try:
        nights = date.fromisoformat(end.value) - date.fromisoformat(start.value[:10])
    except ValueError:
        return None
    return Leaf(nights.days, end.path)


def _patient(patient: Element) -> Tree:
    names: Tree = {}
    for name in patient.each("name"):
        text = _name_text(name)
        if text is not None:
            names.setdefault("zh" if _is_chinese(text.value) else "en", text)
    if patient and not names:
        patient.maybe("name").note(FhirFault.ELEMENT_MISSING)
    by_system = {system: document for document, system in IDENTIFIER_SYSTEMS.items()}
    documents = [
        {
            "type": Leaf(by_system[system].value, identifier.maybe("system").path),
            "number": identifier.need("value").text(),
            "valid_until": identifier.maybe("period").maybe("end").day(),
        }
        for identifier in patient.each("identifier")
        if isinstance(system := identifier.maybe("system").value, str) and system in by_system
    ]
    if patient and not documents:
        patient.maybe("identifier").note(FhirFault.SYSTEM_UNKNOWN)
    mobile = next((t for t in patient.each("telecom") if t.maybe("system").value == "phone"), None)
    return {
        "name": names,
        "birth_date": patient.need("birthDate").day(),
        "documents": documents,
        "mobile": mobile.need("value").text() if mobile else None,
    }


def _name_text(name: Element) -> Leaf | None:
    if name.maybe("text"):
        return name.maybe("text").text()
    family = name.maybe("family").value
    given = [g.value for g in name.each("given")]
    parts = [part for part in (family, *given) if isinstance(part, str)]
    return Leaf(" ".join(parts), name.path) if parts else None


def _is_chinese(text: str) -> bool:
    return any("\u3400" <= character <= "\u9fff" or character >= "\U00020000" for character in text)


def _diagnosis(diagnosis: Element) -> Tree:
    concept = diagnosis.need("diagnosisCodeableConcept")
    coding = next(
        (c for c in concept.each("coding") if c.maybe("system").value == terms.ICD_10), None
    )
    display = coding.maybe("display") if coding else concept.maybe("text")
    return {
        "system": "icd-10",
        "code": concept.code_in(terms.ICD_10),
        "text": concept.maybe("text").text() or display.text(),
    }


def _coverages(bundle: FhirBundle, claim: Element, patient: Element) -> list[Tree]:
    insurances = claim.each("insurance")
    if sum(i.maybe("focal").value is True for i in insurances) != 1:
        claim.maybe("insurance").note(FhirFault.FOCAL_INSURANCE)
    trees = []
    for insurance in insurances:
        coverage = bundle.resolve(insurance.need("coverage"), "Coverage")
        _same_patient(bundle, coverage.need("beneficiary"), patient)
        trees.append(_coverage(bundle, coverage))
    return trees


def _coverage(bundle: FhirBundle, coverage: Element) -> Tree:
    coverage.need("status").expect("active")
    kind = coverage.maybe("type")
    funder = kind.code_in(terms.FUNDER) if kind else Leaf(FunderKind.INSURER.value, coverage.path)
    if funder is None or funder.value != FunderKind.INSURER.value:
        return {"funder": funder}
    plan = next(
        (c for c in coverage.each("class") if c.maybe("type").maybe_code_in(terms.COVERAGE_CLASS)),
        None,
    )
    if not coverage.first("payor"):
        coverage.need("payor")
    policy = coverage.maybe("subscriberId") or coverage.identifier_in(terms.POLICY_NUMBER)
    return {
        "funder": funder,
        "organisation": bundle.organisation(coverage.first("payor")),
        "plan": plan.need("value").text() if plan else None,
        "policy_number": policy.text(),
        "order": coverage.maybe("order").whole(),
    }


def _consent(bundle: FhirBundle, consent: Element, patient: Element) -> Tree:
    _same_patient(bundle, consent.need("patient"), patient)
    consent.need("status").expect("active")
    categories = consent.each("category")
    provision = consent.maybe("provision")
    provision.maybe("type").expect("permit")
    if provision.maybe("provision"):
        # Exceptions inside a consent cannot be kept here, so such a consent is none for us.
        provision.maybe("provision").note(FhirFault.ELEMENT_INVALID)
    recipients = [
        actor
        for actor in provision.each("actor")
        if (role := actor.maybe("role").code_in(terms.PARTICIPATION)) and role.value == "IRCP"
    ]
    return {
        "type": _category(consent, categories, terms.CONSENT_TYPE),
        "text_version": consent.need("policyRule").code_in(terms.CONSENT_TEXT),
        "signed_at": consent.need("dateTime").instant(),
        "channel": _category(consent, categories, terms.CONSENT_CHANNEL),
        "recipient": bundle.organisation(recipients[0].need("reference")) if recipients else None,
    }


def _category(consent: Element, categories: list[Element], system: str) -> Leaf | None:
    code = next((c for category in categories if (c := category.maybe_code_in(system))), None)
    if code is None:
        consent.maybe("category").note(FhirFault.SYSTEM_UNKNOWN)
    return code


def _fact(claim: Element, code: str) -> Element:
    """The supporting information that says ``code`` in our system."""
    for info in claim.each("supportingInfo"):
        known = info.maybe("category").maybe_code_in(terms.CLAIM_FACT)
        if known and known.value == code:
            return info
    return Element(None, claim.path, claim.faults)


def _same_patient(bundle: FhirBundle, reference: Element, patient: Element) -> None:
    """One message is about one person; anything else could mix two people's care."""
    target = bundle.resolve(reference, "Patient")
    if target and patient and target.path != patient.path:
        reference.note(FhirFault.PATIENT_DIFFERS)
