"""What participants tell of a claim under way: documents asked for and had, and payments."""

from __future__ import annotations

import re
from typing import Any

from crossclaim.api.body import BodyRefused, parse_json
from crossclaim.api.entry import enter, known_stay
from crossclaim.api.fhir_element import Element
from crossclaim.api.fhir_fault import FhirFault
from crossclaim.api.fhir_port import FhirQuery, Resource
from crossclaim.api.fhir_r4 import r4_faults
from crossclaim.api.services import Answer, ApiServices
from crossclaim.domain.errors import Refused
from crossclaim.domain.hcx import COMPLETE, PARTIAL
from crossclaim.domain.hcx_cycle import Arrived, Opened
from crossclaim.domain.hcx_errors import HcxCode, HcxError
from crossclaim.domain.information_submission import NotHad, WantedKind
from crossclaim.domain.submission import SubmissionKind
from crossclaim.fhir.datatypes import PAYOUT, fhir_id, our_id
from crossclaim.gateways import strict_json
from crossclaim.gateways.hcx_insurer import resource_in
from crossclaim.security.roles import Principal, Role

DOCUMENT_URL = "urn:sha256:"
_WISH = re.compile(r"(?P<kind>[a-z_]+)(?: \((?P<about>[^)]*)\))?(?:: (?P<note>.+))?", re.DOTALL)
_ABOUT = {"line": re.compile(r"line (\d{1,6})"), "paper": re.compile(r"paper (\S+)")}


def sender_of(message: Opened) -> Principal:
    role = Role.HOSPITAL_BILLING if message.role == "provider" else Role.INSURER_SYSTEM
    return Principal(organisation=message.organisation, role=role, key_id="hcx")


async def take_communication(services: ApiServices, message: Opened) -> Arrived:
    """An insurer asks for documents of its claim; a hospital says which it has."""
    asks = message.role != "provider"
    kind = "CommunicationRequest" if asks else "Communication"
    resource = _resource(message, kind)
    if asks:
        episode, found = await _asked(services, message, resource)
        what = SubmissionKind.INFORMATION_REQUEST
    else:
        episode, found = await _had(services, message, resource)
        what = SubmissionKind.INFORMATION_ANSWER
    principal = sender_of(message)
    answer = await enter(
        services,
        principal,
        what,
        found,
        episode_id=episode,
        stay=await known_stay(services, principal, episode),
        idempotency_key=None,
    )
    told = await _written(services, principal, kind, answer, found)
    done = answer.status < 300 and answer.status != 202
    content = strict_json.dumps(told or resource).decode()
    return message.arrived(episode, status=COMPLETE if done else PARTIAL, content=content)


async def _written(
    services: ApiServices, principal: Principal, kind: str, answer: Answer, found: dict[str, Any]
) -> Resource | None:
    """As the FHIR server tells it now; None while it is not applied."""
    request = answer.body.get("request")
    if services.fhir is None or not isinstance(request, str) or answer.status == 202:
        return None
    key = request if kind == "CommunicationRequest" else f"{request}-{found['item']}"
    page = await services.fhir.search(principal, kind, FhirQuery(ids=[key], limit=1))
    return next(iter(page.found), None)


async def _asked(
    services: ApiServices, message: Opened, resource: Resource
) -> tuple[str, dict[str, Any]]:
    place = Element(resource, "CommunicationRequest", [])
    number = place.first("identifier").need("value").text()
    payloads = [one.need("contentString").text() for one in place.each("payload")]
    due = place.maybe("occurrencePeriod").maybe("end").instant()
    about = place.first("about")
    named = _named(about)
    if number is None and not place.first("identifier"):
        place.maybe("identifier").note(FhirFault.ELEMENT_MISSING)
    if not payloads:
        place.maybe("payload").note(FhirFault.ELEMENT_MISSING)
    if named is None:
        about.note(FhirFault.ELEMENT_MISSING)
    _check(place)
    assert named is not None and number is not None
    answer = await _one(services, message, "ClaimResponse", named)
    if answer is None:
        about.note(FhirFault.ELEMENT_INVALID)
        _check(place)
        raise AssertionError("a fault was noted")
    whom = place.first("recipient").maybe("reference").value
    patient = isinstance(whom, str) and whom.startswith("Patient/")
    found = {
        "number": number.value,
        "asked_of": "patient" if patient else "hospital",
        "documents": [_wanted(str(text.value)) for text in payloads if text is not None],
    }
    if due is not None:
        found["due_at"] = due.value
    if answer.get("use") == "preauthorization":
        found["guarantee"] = named[1]
    else:
        found["claim"] = our_id(answer["id"]) or ""
    return _episode(answer["patient"]), found


async def _had(
    services: ApiServices, message: Opened, resource: Resource
) -> tuple[str, dict[str, Any]]:
    place = Element(resource, "Communication", [])
    based = place.first("basedOn")
    named, kind = _named(based), place.first("category").first("coding").maybe("code")
    attachment = place.first("payload").maybe("contentAttachment")
    url, status = attachment.maybe("url"), place.maybe("status").value
    digest = str(url.value or "").removeprefix(DOCUMENT_URL)
    reason = place.maybe("statusReason").first("coding").maybe("code")
    if named is None:
        based.note(FhirFault.ELEMENT_MISSING)
    if status == "not-done" and reason.value not in [one.value for one in NotHad]:
        reason.note(FhirFault.ELEMENT_INVALID)
    elif status != "not-done" and not str(url.value or "").startswith(DOCUMENT_URL):
        url.note(
            FhirFault.DOCUMENT_INLINE if attachment.maybe("data") else FhirFault.ELEMENT_MISSING
        )
    _check(place)
    assert named is not None
    request = await _one(services, message, "CommunicationRequest", named)
    item = _item(request, kind.value) if request is not None else 0
    if request is None or not item:
        (kind if request is not None else based).note(FhirFault.ELEMENT_INVALID)
        _check(place)
        raise AssertionError("a fault was noted")
    found: dict[str, Any] = {"request": our_id(request["id"]) or "", "item": item}
    found |= {"cannot_be_had": reason.value} if status == "not-done" else {"sha256": digest}
    return _episode(request["subject"]), found


async def take_payment_notice(services: ApiServices, message: Opened) -> Arrived:
    """Compared with the payout that it names, kept, and answered by what our books say of it.

    Money moves by a bank's word alone.
    """
    resource = _resource(message, "PaymentNotice")
    place = Element(resource, "PaymentNotice", [])
    place.need("identifier")
    for name in ("request", "response", "provider", "payment", "amount"):
        place.need(name)
    payment = place.maybe("payment").maybe("identifier").maybe("value").text()
    if payment is None and place.maybe("payment"):
        place.maybe("payment").maybe("identifier").note(FhirFault.ELEMENT_MISSING)
    amount = place.maybe("amount").money()
    _check(place)
    assert payment is not None and amount is not None
    known = await _one(services, message, "PaymentNotice", (PAYOUT, str(payment.value)))
    if known is None:
        place.maybe("payment").note(FhirFault.ELEMENT_INVALID)
        _check(place)
        raise AssertionError("a fault was noted")
    if place.maybe("amount").value != known["amount"]:
        ours = Element(known, "PaymentNotice", []).maybe("amount").money()
        if ours is None or ours.value != amount.value:
            raise HcxError(HcxCode.PROCESSING, "PaymentNotice.amount")
    episode = _episode_of_notice(known)
    principal = sender_of(message)
    if services.fhir_messages is not None:
        about = f"PaymentNotice/{fhir_id(str(payment.value))}"
        await services.fhir_messages.keep(principal, episode, {about: resource})
    content = strict_json.dumps(known).decode()
    return message.arrived(episode, status=COMPLETE, content=content)


def _resource(message: Opened, kind: str) -> Resource:
    try:
        content = parse_json(message.content.encode(), exact=True)
        resource = resource_in(content, kind)
    except BodyRefused as error:
        raise HcxError(HcxCode.WRONG_DOMAIN, error.code) from None
    except ValueError:
        raise HcxError(HcxCode.WRONG_DOMAIN, f"one {kind} is expected") from None
    faults = r4_faults(resource, kind, kind)
    if faults:
        raise Refused("", faults)
    return resource


def _named(place: Element) -> tuple[str | None, str] | None:
    """System and value of the identifier that a reference names."""
    identifier = place.maybe("identifier")
    value, system = identifier.maybe("value").value, identifier.maybe("system").value
    if not isinstance(value, str) or not value:
        return None
    return (system if isinstance(system, str) else None), value


def _check(place: Element) -> None:
    if place.faults:
        raise Refused("", list(place.faults))


async def _one(
    services: ApiServices, message: Opened, kind: str, named: tuple[str | None, str]
) -> Resource | None:
    """The only one that its sender may see under this identifier."""
    if services.fhir is None:
        return None
    query = FhirQuery(identifiers=[named], limit=2)
    page = await services.fhir.search(sender_of(message), kind, query)
    return page.found[0] if len(page.found) == 1 else None


def _episode(patient: Resource) -> str:
    return our_id(str(patient["reference"]).removeprefix("Patient/")) or ""


def _episode_of_notice(notice: Resource) -> str:
    """It stands in an extension of ours."""
    named = (one.get("valueIdentifier") for one in notice["extension"])
    return next(str(one["value"]) for one in named if one is not None)


def _wanted(text: str) -> dict[str, Any]:
    """As our own CommunicationRequests say it; other words are a note on another document."""
    known, kinds = _WISH.fullmatch(text), [one.value for one in WantedKind]
    if known is None or known["kind"] not in kinds:
        return {"type": WantedKind.OTHER.value, "note": text}
    found: dict[str, Any] = {"type": known["kind"]}
    about = known["about"] or ""
    if line := _ABOUT["line"].search(about):
        found["line"] = int(line[1])
    if paper := _ABOUT["paper"].search(about):
        found["paper"] = paper[1]
    return {**found, "note": known["note"]} if known["note"] else found


def _item(request: Resource, kind: Any) -> int:
    """The place of the document of this kind; 0 where it names none, or more than one."""
    wanted = [_WISH.fullmatch(str(one.get("contentString"))) for one in request["payload"]]
    places = [n for n, one in enumerate(wanted, 1) if one is not None and one["kind"] == kind]
    if kind is None and len(wanted) == 1:
        return 1
    return places[0] if len(places) == 1 else 0
