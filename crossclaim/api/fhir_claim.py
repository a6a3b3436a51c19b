"""Reads a hospital's FHIR R4 claim into the submissions that our own API takes.

``docs/wire/fhir-inbound.md`` is the table of elements. Every fault of a message is found at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from crossclaim.api.fhir_bundle import FhirBundle
from crossclaim.api.fhir_element import Element, Leaf, separate
from crossclaim.api.fhir_episode import Tree, episode_tree
from crossclaim.api.fhir_fault import FhirFault, fault
from crossclaim.domain.allocation import Fault
from crossclaim.domain.bill_rows import DRAFT
from crossclaim.domain.errors import Refused
from crossclaim.domain.submission import (
    AdmissionSubmission,
    BillSubmission,
    DischargeSubmission,
    EpisodeSubmission,
)
from crossclaim.gateways import fhir_terms as terms

FAULTS_MAX = 200
"""A message with more faults than this is told the first ones only."""

Submission = TypeVar("Submission", bound=BaseModel)
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
    return claim_with_all(bundle, focus_of(bundle, "Claim"))


def focus_of(bundle: FhirBundle, kind: str) -> Element:
    """What the message is about. Raises ``Refused`` where it is not there."""
    hopeless = bundle.faults and not bundle.of_type(kind)
    focus = None if hopeless else bundle.only(kind)
    if focus is None or not focus:
        if not bundle.faults:
            bundle.faults.append(fault(FhirFault.RESOURCE_MISSING, kind))
        raise refused(bundle.faults)
    return focus


def claim_with_all(bundle: FhirBundle, claim: Element, use: str = "claim") -> FhirSubmission:
    """A claim that comes with patient, visit, covers and consents."""
    encounter = bundle.only("Encounter")
    who = episode_tree(bundle, claim, encounter, use)
    charges = bill_tree(claim, use)
    admission, discharge = stay_of(encounter)
    found: list[Fault] = []
    episode, episode_origins = built(EpisodeSubmission, who, claim, found)
    bill, bill_origins = built(BillSubmission, charges, claim, found)
    check(bundle, found)
    assert episode is not None and bill is not None, "what has no fault was built"
    return FhirSubmission(
        episode=episode,
        bill=bill,
        admission=AdmissionSubmission(admitted_at=admission.value) if admission else None,
        discharge=DischargeSubmission(discharged_at=discharge.value) if discharge else None,
        episode_origins=episode_origins,
        bill_origins=bill_origins,
    )


def check(bundle: FhirBundle, found: list[Fault]) -> None:
    """Raises ``Refused`` with the faults of the message and those of what was built of it."""
    faults = bundle.faults + [f for f in found if not _known(f, bundle.faults)]
    if faults:
        raise refused(faults)


def refused(faults: list[Fault]) -> Refused:
    unique = list({(f.code, f.pointer): f for f in faults}.values())
    return Refused("the FHIR claim cannot be taken", unique[:FAULTS_MAX])


def _known(one: Fault, earlier: list[Fault]) -> bool:
    """A member that is missing because its element already had a fault is no fault of its own."""
    if one.code == FhirFault.ELEMENT_MISSING:
        return bool(earlier)
    return any(one.pointer == other.pointer for other in earlier)


def built(
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


def bill_tree(claim: Element, use: str = "claim") -> Tree:
    accident = claim.maybe("accident")
    attachments = [i for i in claim.each("supportingInfo") if i.maybe("valueAttachment")]
    return {
        "number": claim.identifier_in(terms.BILL_NUMBER).text(),
        "version": claim.identifier_in(terms.BILL_VERSION).whole(),
        "status": _status(claim, use),
        "correction": _correction(claim),
        "issued_at": claim.need("created").instant(),
        "service_completed_at": claim.maybe("billablePeriod").maybe("end").instant(),
        "lines": [_line(item) for item in claim.each("item")],
        "total": claim.need("total").money(),
        "documents": [document_tree(info) for info in attachments],
        "accident": Leaf(True, accident.path) if accident else None,
    }


def _status(claim: Element, use: str) -> Leaf | None:
    """Of a predetermination it is a draft: who would pay what, and nothing moves."""
    if use == "predetermination":
        claim.maybe("subType").expect_code(terms.BILL_STATUS, DRAFT)
        return Leaf(DRAFT, f"{claim.path}.use")
    return claim.need("subType").code_in(terms.BILL_STATUS)


def _correction(claim: Element) -> Tree | None:
    """The version that this one takes the place of; relations of other systems are kept alone."""
    for related in claim.each("related"):
        kind = related.maybe("relationship").maybe_code_in(terms.BILL_CORRECTION)
        if kind is not None:
            version = related.need("reference")
            if version and version.maybe("system").value != terms.BILL_VERSION:
                version.maybe("system").note(FhirFault.SYSTEM_UNKNOWN)
            return {
                "kind": kind,
                "of_version": version.need("value").whole(),
                "reason": related.need("relationship").need("text").text(),
            }
    return None


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
    surgery = (m.maybe_code_in(terms.SURGERY_CLASS) for m in item.each("modifier"))
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


def document_tree(info: Element) -> Tree:
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


def stay_of(encounter: Element) -> tuple[Leaf | None, Leaf | None]:
    """Admission and discharge of an inpatient; other visits have neither."""
    if encounter.maybe("class").maybe("code").value != "IMP":
        return None, None
    period = encounter.maybe("period")
    return period.maybe("start").instant(), period.maybe("end").instant()
