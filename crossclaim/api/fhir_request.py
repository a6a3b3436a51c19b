"""Reads a FHIR message into the submissions that it says, whatever it is for.

A message with the patient in it is about an episode of its own; one that refers to a Patient whom
this server serves is about that episode.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from crossclaim.api.fhir_bundle import FhirBundle
from crossclaim.api.fhir_claim import (
    bill_tree,
    built,
    check,
    claim_with_all,
    document_tree,
    focus_of,
    stay_of,
)
from crossclaim.api.fhir_element import Element
from crossclaim.api.fhir_episode import Tree, check_purpose, eligibility_tree, episode_tree
from crossclaim.domain.allocation import Fault
from crossclaim.domain.guarantee_submission import GuaranteeRequestSubmission
from crossclaim.domain.stay import Stay
from crossclaim.domain.submission import (
    AdmissionSubmission,
    BillSubmission,
    EpisodeSubmission,
    SubmissionKind,
    Wire,
)
from crossclaim.fhir.datatypes import our_id
from crossclaim.gateways import fhir_terms as terms

ELIGIBILITY = "CoverageEligibilityRequest"
USES = ("claim", "predetermination", "preauthorization")
_SERVED_PATIENT = re.compile(r"(?:.*/)?Patient/(ep-[A-Za-z0-9]{1,61})")
_PERIOD = {"/admitted_at": "Encounter.period.start", "/discharged_at": "Encounter.period.end"}


class Piece(NamedTuple):
    """One submission, and the FHIRPath of each of its members."""

    kind: SubmissionKind
    content: Wire
    origins: dict[str, str]


class FhirRequest(NamedTuple):
    """``use``: of a claim, or ``eligibility``; without an ``episode_id`` the message opens one."""

    use: str
    bundle: FhirBundle
    focus: Element
    pieces: list[Piece]
    episode_id: str | None = None

    @property
    def bill(self) -> BillSubmission | None:
        return next((p.content for p in self.pieces if isinstance(p.content, BillSubmission)), None)

    @property
    def episode(self) -> EpisodeSubmission | None:
        first = self.pieces[0].content if self.pieces else None
        return first if isinstance(first, EpisodeSubmission) else None


def read_claim(resource: Any) -> FhirRequest:
    """Raises ``Refused`` with every fault that FHIR itself has with the message."""
    bundle = FhirBundle(resource)
    claim = focus_of(bundle, "Claim")
    use = claim.maybe("use").value
    known = known_episode(bundle, claim)
    if not isinstance(use, str) or use not in USES:
        use = "claim"  # which notes what is wrong with it
    if use == "preauthorization":
        read = _guarantee if known else _episode
        return FhirRequest(use, bundle, claim, read(bundle, claim), known)
    if known:
        return FhirRequest(use, bundle, claim, [_bill(bundle, claim, use)], known)
    return FhirRequest(use, bundle, claim, _whole(bundle, claim, use))


def read_eligibility(resource: Any) -> FhirRequest:
    """The same for a CoverageEligibilityRequest."""
    bundle = FhirBundle(resource, ELIGIBILITY)
    request = focus_of(bundle, ELIGIBILITY)
    known = known_episode(bundle, request)
    if known:
        check(bundle, [])
        return FhirRequest("eligibility", bundle, request, [], known)
    encounter, found = bundle.only("Encounter"), list[Fault]()
    tree = eligibility_tree(bundle, request, encounter)
    return FhirRequest("eligibility", bundle, request, [_opening(bundle, request, tree, found)])


def known_episode(bundle: FhirBundle, focus: Element) -> str | None:
    """Our id of the episode whose Patient is referred to, if that is not in the message."""
    url = focus.maybe("patient").maybe("reference").value
    if not isinstance(url, str) or bundle.pointed_at(url) is not None:
        return None
    match = _SERVED_PATIENT.fullmatch(url)
    return our_id(match[1]) if match else None


def _whole(bundle: FhirBundle, claim: Element, use: str) -> list[Piece]:
    read = claim_with_all(bundle, claim, use)
    pieces = [Piece(SubmissionKind.EPISODE, read.episode, read.episode_origins)]
    if read.admission:
        pieces.append(Piece(SubmissionKind.ADMISSION, read.admission, _PERIOD))
    if read.discharge:
        pieces.append(Piece(SubmissionKind.DISCHARGE, read.discharge, _PERIOD))
    return [*pieces, Piece(SubmissionKind.BILL, read.bill, read.bill_origins)]


def _bill(bundle: FhirBundle, claim: Element, use: str) -> Piece:
    """Of an episode that is there: who and where are known, and what is charged is new."""
    check_purpose(claim, use)
    found: list[Fault] = []
    bill, origins = built(BillSubmission, bill_tree(claim, use), claim, found)
    check(bundle, found)
    assert bill is not None, "what has no fault was built"
    return Piece(SubmissionKind.BILL, bill, origins)


def _episode(bundle: FhirBundle, claim: Element) -> list[Piece]:
    """A first request for a letter opens the episode, whose estimate is what is asked for."""
    encounter, found = bundle.only("Encounter"), list[Fault]()
    tree = episode_tree(bundle, claim, encounter, "preauthorization")
    tree["estimate"] = claim.need("total").money()
    pieces = [_opening(bundle, claim, tree, found)]
    admission, _ = stay_of(encounter)
    if admission is not None:
        told = AdmissionSubmission(admitted_at=admission.value)
        pieces.append(Piece(SubmissionKind.ADMISSION, told, _PERIOD))
    return pieces


def _opening(bundle: FhirBundle, focus: Element, tree: Tree, found: list[Fault]) -> Piece:
    episode, origins = built(EpisodeSubmission, tree, focus, found)
    check(bundle, found)
    assert episode is not None, "what has no fault was built"
    return Piece(SubmissionKind.EPISODE, episode, origins)


def _guarantee(bundle: FhirBundle, claim: Element) -> list[Piece]:
    """More money or time under a letter, or a letter of another insurer."""
    check_purpose(claim, "preauthorization")
    papers = [i for i in claim.each("supportingInfo") if i.maybe("valueAttachment")]
    tree = {
        "number": claim.identifier_in(terms.REQUEST_NUMBER).text(),
        "insurer": bundle.organisation(claim.need("insurer")),
        "planned_amount": claim.maybe("total").money(),
        "valid_until": claim.maybe("billablePeriod").maybe("end").day(),
        "documents": [document_tree(info) for info in papers],
        "requested_at": claim.need("created").instant(),
    }
    found: list[Fault] = []
    asked, origins = built(GuaranteeRequestSubmission, tree, claim, found)
    check(bundle, found)
    assert asked is not None, "what has no fault was built"
    return [Piece(SubmissionKind.GUARANTEE_REQUEST, asked, origins)]


def stay_told(request: FhirRequest) -> Stay:
    """What the message itself says of the stay that its charges are judged by."""
    episode = request.episode
    assert episode is not None, "an episode that is known has a stay of its own"
    told = {p.kind: p.content.model_dump() for p in request.pieces}
    return Stay(
        hospital=episode.hospital,
        encounter_class=episode.visit.encounter_class,
        birth_date=episode.patient.birth_date,
        admitted_at=told.get(SubmissionKind.ADMISSION, {}).get("admitted_at"),
        discharged_at=told.get(SubmissionKind.DISCHARGE, {}).get("discharged_at"),
    )
