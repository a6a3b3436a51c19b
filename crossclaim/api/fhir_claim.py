"""Reads a hospital's FHIR R4 claim into the submissions that our own API takes.

``docs/wire/fhir-inbound.md`` is the table of elements. Every fault of a message is found at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from crossclaim.api.fhir_bundle import FhirBundle
from crossclaim.api.fhir_element import Element, Leaf, separate
from crossclaim.api.fhir_fault import FhirFault, fault
from crossclaim.domain.allocation import Fault
from crossclaim.domain.errors import Refused
from crossclaim.domain.identity import IDENTIFIER_SYSTEMS
from crossclaim.domain.submission import (
    AdmissionSubmission,
    BillSubmission,
    DischargeSubmission,
    EpisodeSubmission,
    FunderKind,
)
from crossclaim.gateways import fhir_terms as terms

FAULTS_MAX = 200
"""A message with more faults than this is told the first ones only."""

Submission = TypeVar("Submission", bound=BaseModel)
Tree = dict[str, Any]

_CLASSES = {"IMP": "inpatient", "AMB": "outpatient", "EMER": "emergency", "SS": "day_procedure"}
_FACTS = ("estimate", "guarantee-requested", "planned-admission")
_VOID_ENCOUNTERS = ("cancelled", "entered-in-error")
_DOCUMENT_URL = "urn:sha256:"
_CODE_ERRORS = ("enum", "literal_error")


class FhirSubmission(BaseModel):
    """What one message says, as separate submissions.

    ``episode_origins`` and ``bill_origins`` lead from JSON pointers into these submissions back to
    the FHIRPath of the message, for ``operation_outcome``.
    """

    model_config = ConfigDict(frozen=True)

    episode: EpisodeSubmission
    bill: BillSubmission
    admission: AdmissionSubmission | None = None
    discharge: DischargeSubmission | None = None
    episode_origins: dict[str, str] = {}
    bill_origins: dict[str, str] = {}


def read_claim_bundle(resource: Any) -> FhirSubmission:
    """Maps a collection Bundle around one Claim. Raises ``Refused`` with every fault."""
    bundle = FhirBundle(resource)
    claim = bundle.only("Claim") if not _hopeless(bundle) else None
    if claim is None or not claim:
        raise _refused(bundle.faults)
    encounter = bundle.only("Encounter")
    episode_tree = _episode(bundle, claim, encounter)
    bill_tree = _bill(claim)
    admission, discharge = _stay(encounter)
    found: list[Fault] = []
    episode, episode_origins = _built(EpisodeSubmission, episode_tree, claim, found)
    bill, bill_origins = _built(BillSubmission, bill_tree, claim, found)
    faults = bundle.faults + [f for f in found if not _known(f, bundle.faults)]
    if faults or episode is None or bill is None:
        raise _refused(faults)
    return FhirSubmission(
        episode=episode,
        bill=bill,
        admission=AdmissionSubmission(admitted_at=admission.value) if admission else None,
        discharge=DischargeSubmission(discharged_at=discharge.value) if discharge else None,
        episode_origins=episode_origins,
        bill_origins=bill_origins,
    )


def _hopeless(bundle: FhirBundle) -> bool:
    return bool(bundle.faults) and not bundle.of_type("Claim")


def _refused(faults: list[Fault]) -> Refused:
    unique = list({(f.code, f.pointer): f for f in faults}.values())
    return Refused("the FHIR claim cannot be taken", unique[:FAULTS_MAX])


def _known(one: Fault, earlier: list[Fault]) -> bool:
    """A member that is missing because its element already had a fault is no fault of its own."""
    if one.code == FhirFault.ELEMENT_MISSING:
        return bool(earlier)
    return any(one.pointer == other.pointer for other in earlier)


def _built(
    model: type[Submission], tree: Tree, claim: Element, found: list[Fault]
) -> tuple[Submission | None, dict[str, str]]:
    plain, origins = separate(tree)
    try:
        return model.model_validate(plain), origins
    except ValidationError as error:
        for finding in error.errors(include_url=False, include_context=False, include_input=False):
            path = _origin(finding["loc"], origins) or claim.path
            found.append(fault(_code_of(finding["type"]), path))
        return None, origins


def _code_of(kind: str) -> FhirFault:
    if kind == "missing":
        return FhirFault.ELEMENT_MISSING
    return FhirFault.CODE_UNKNOWN if kind in _CODE_ERRORS else FhirFault.ELEMENT_INVALID


def _origin(steps: tuple[int | str, ...], origins: Mapping[str, str]) -> str:
    for end in range(len(steps), 0, -1):
        pointer = "".join(f"/{step}" for step in steps[:end])
        if pointer in origins:
            return origins[pointer]
    return ""


def _episode(bundle: FhirBundle, claim: Element, encounter: Element) -> Tree:
    _check_purpose(claim, encounter)
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


def _check_purpose(claim: Element, encounter: Element) -> None:
    """A live claim of a hospital for itself; anything else means something that we would not do."""
    _expect(claim.need("status"), "active")
    _expect(claim.need("use"), "claim")
    _expect_code(claim.need("type"), terms.CLAIM_TYPE, "institutional")
    _expect_code(claim.maybe("payee").maybe("type"), terms.PAYEE_TYPE, "provider")
    if encounter.need("status").value in _VOID_ENCOUNTERS:
        encounter.maybe("status").note(FhirFault.CODE_UNKNOWN)
    for info in claim.each("supportingInfo"):
        code = _optional(info.maybe("category"), terms.CLAIM_FACT)
        if code and code.value not in _FACTS:
            claim.faults.append(fault(FhirFault.CODE_UNKNOWN, code.path))


def _visit(claim: Element, encounter: Element) -> Tree:
    planned = _fact(claim, "planned-admission").maybe("timingPeriod")
    asked = _fact(claim, "guarantee-requested").maybe("timingPeriod")
    channel = next(
        (c for t in encounter.each("type") if (c := _optional(t, terms.VISIT_CHANNEL))), None
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
    _expect(coverage.need("status"), "active")
    kind = coverage.maybe("type")
    funder = kind.code_in(terms.FUNDER) if kind else Leaf(FunderKind.INSURER.value, coverage.path)
    if funder is None or funder.value != FunderKind.INSURER.value:
        return {"funder": funder}
    plan = next(
        (
            c
            for c in coverage.each("class")
            if c.maybe("type").code_in(terms.COVERAGE_CLASS, required=False)
        ),
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
    }


def _consent(bundle: FhirBundle, consent: Element, patient: Element) -> Tree:
    _same_patient(bundle, consent.need("patient"), patient)
    _expect(consent.need("status"), "active")
    categories = consent.each("category")
    provision = consent.maybe("provision")
    _expect(provision.maybe("type"), "permit")
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
    code = next((c for category in categories if (c := _optional(category, system))), None)
    if code is None:
        consent.maybe("category").note(FhirFault.SYSTEM_UNKNOWN)
    return code


def _bill(claim: Element) -> Tree:
    attachments = [i for i in claim.each("supportingInfo") if i.maybe("valueAttachment")]
    return {
        "number": claim.identifier_in(terms.BILL_NUMBER).text(),
        "version": claim.identifier_in(terms.BILL_VERSION).whole(),
        "status": claim.need("subType").code_in(terms.BILL_STATUS),
        "issued_at": claim.need("created").instant(),
        "service_completed_at": claim.maybe("billablePeriod").maybe("end").instant(),
        "lines": [_line(item) for item in claim.each("item")],
        "total": claim.need("total").money(),
        "documents": [_document(info) for info in attachments],
    }


def _line(item: Element) -> Tree:
    product = item.need("productOrService")
    own = next(
        (
            c
            for c in product.each("coding")
            if str(c.maybe("system").value).startswith(terms.HOSPITAL_ITEM)
        ),
        None,
    )
    if product and own is None:
        product.note(FhirFault.SYSTEM_UNKNOWN)
    surgery = (_optional(m, terms.SURGERY_CLASS) for m in item.each("modifier"))
    return {
        "number": item.need("sequence").whole(),
        "category": product.code_in(terms.CHARGE_CATEGORY),
        "code": own.need("code").text() if own else None,
        "description": product.need("text").text(),
        "service_date": item.need("servicedDate").day(),
        "quantity": item.need("quantity").need("value").whole(),
        "unit_price": item.need("unitPrice").money(),
        "amount": item.need("net").money(),
        "surgery_class": next((s for s in surgery if s), None),
    }


def _document(info: Element) -> Tree:
    attachment = info.need("valueAttachment")
    if attachment.maybe("data"):
        attachment.maybe("data").note(FhirFault.DOCUMENT_INLINE)
    url = attachment.need("url").text()
    if url and not url.value.startswith(_DOCUMENT_URL):
        attachment.maybe("url").note(FhirFault.DOCUMENT_INLINE)
    return {
        "kind": info.need("code").code_in(terms.DOCUMENT_KIND),
        "name": attachment.need("title").text(),
        "sha256": Leaf(url.value.removeprefix(_DOCUMENT_URL), url.path) if url else None,
    }


def _stay(encounter: Element) -> tuple[Leaf | None, Leaf | None]:
    """Admission and discharge of an inpatient; other visits have neither."""
    if encounter.maybe("class").maybe("code").value != "IMP":
        return None, None
    period = encounter.maybe("period")
    return period.maybe("start").instant(), period.maybe("end").instant()


def _fact(claim: Element, code: str) -> Element:
    """The supporting information that says ``code`` in our system."""
    for info in claim.each("supportingInfo"):
        known = _optional(info.maybe("category"), terms.CLAIM_FACT)
        if known and known.value == code:
            return info
    return Element(None, claim.path, claim.faults)


def _optional(concept: Element, system: str) -> Leaf | None:
    return concept.code_in(system, required=False)


def _expect(element: Element, code: str) -> None:
    if element and element.value != code:
        element.note(FhirFault.CODE_UNKNOWN)


def _expect_code(concept: Element, system: str, code: str) -> None:
    found = concept.code_in(system)
    if found and found.value != code:
        concept.faults.append(fault(FhirFault.CODE_UNKNOWN, found.path))


def _same_patient(bundle: FhirBundle, reference: Element, patient: Element) -> None:
    """One message is about one person; anything else could mix two people's care."""
    target = bundle.resolve(reference, "Patient")
    if target and patient and target.path != patient.path:
        reference.note(FhirFault.PATIENT_DIFFERS)
