"""Requests that come over the exchange, by the same parsing and submissions as the FHIR door."""

from __future__ import annotations

import json
from typing import Any

from crossclaim.api.body import BodyRefused, parse_json
from crossclaim.api.fhir_intake import answered
from crossclaim.api.fhir_port import FhirQuery
from crossclaim.api.fhir_request import FhirRequest, read_claim, read_eligibility
from crossclaim.api.fhir_submitted import claim_response, eligibility_response
from crossclaim.api.hcx_port import HcxExchange
from crossclaim.api.hcx_told import sender_of, take_communication, take_payment_notice
from crossclaim.api.hcx_topics import take_notification, take_wish
from crossclaim.api.services import ApiServices
from crossclaim.domain.errors import Conflict, NotFound, Refused
from crossclaim.domain.hcx import (
    COMMUNICATION,
    COMPLETE,
    ELIGIBILITY,
    ERROR,
    NOTIFY,
    PARTIAL,
    PAYMENT_NOTICE,
    REQUESTS,
    STATUS_CHECK,
    SUBSCRIBE,
    UNSUBSCRIBE,
)
from crossclaim.domain.hcx_cycle import Arrived, Opened
from crossclaim.domain.hcx_errors import HcxCode, HcxError
from crossclaim.fhir.decided import DECISIONS_MAX, USES, decision_text

TRACE_FAULTS_MAX = 20
_OF_PROVIDERS = frozenset({*REQUESTS, NOTIFY})
_OF_PAYORS = _OF_PROVIDERS - {*USES, ELIGIBILITY}


async def take_request(services: ApiServices, door: HcxExchange, message: Opened) -> None:
    """Returns when it is kept and its answer is on the way. Raises ``HcxError``."""
    number = await door.known(message)
    if number is not None:
        if message.action != NOTIFY:
            await door.answer_again(number)
        return
    if message.action not in (_OF_PROVIDERS if message.role == "provider" else _OF_PAYORS):
        raise HcxError(HcxCode.SENDER_NOT_SUPPORTED)
    if message.action == STATUS_CHECK:
        await door.owe(message, await _status(services, door, message))
    elif message.action == NOTIFY:
        await take_notification(door, message)
    else:
        if await door.request(message, message.headers.correlation_id) is not None:
            raise HcxError(HcxCode.CORRELATION_ID, "each cycle has its own")
        await door.owe(message, await _answer(services, door, message))


async def _answer(services: ApiServices, door: HcxExchange, message: Opened) -> Arrived:
    """What a request that opens a cycle is answered now. Raises ``HcxError``."""
    if message.action in (SUBSCRIBE, UNSUBSCRIBE):
        return await take_wish(services, door, message)
    try:
        if message.action == COMMUNICATION:
            return await take_communication(services, message)
        if message.action == PAYMENT_NOTICE:
            return await take_payment_notice(services, message)
        return await _taken(services, message)
    except Refused as error:
        places = [f"{fault.code} {fault.pointer}" for fault in error.faults[:TRACE_FAULTS_MAX]]
        raise HcxError(HcxCode.DOMAIN, "; ".join(places)) from None
    except NotFound:
        raise HcxError(HcxCode.DOMAIN, "it is about nothing of yours") from None
    except Conflict as error:
        raise HcxError(HcxCode.PROCESSING, "; ".join(error.differences)) from None


async def _taken(services: ApiServices, message: Opened) -> Arrived:
    """As the FHIR door takes and answers it; its decision is the insurer's and comes later."""
    request = _read(message.action, _content(message))
    _check_recipient(services, message, request)
    told = await answered(services, sender_of(message), request, None)
    if not told.whole:
        # What is taken already is answered as before when it comes again, and the rest then.
        raise HcxError(HcxCode.UNAVAILABLE, "a part of it is still worked on")
    at = services.now()
    if message.action == ELIGIBILITY:
        response = eligibility_response(request, told, [], at)
    else:
        response = claim_response(request, told, at=at)
    content = bytes(response.body).decode()
    status = PARTIAL if json.loads(content)["outcome"] == "queued" else COMPLETE
    return message.arrived(told.answer.episode_id, status=status, content=content)


def _read(action: str, resource: dict[str, Any]) -> FhirRequest:
    """Raises ``HcxError`` for content of another action."""
    if action == ELIGIBILITY:
        return read_eligibility(resource)
    request = read_claim(resource)
    if request.use != USES[action]:
        raise HcxError(HcxCode.WRONG_DOMAIN, f"Claim.use is {USES[action]} here")
    return request


def _check_recipient(services: ApiServices, message: Opened, request: FhirRequest) -> None:
    """An insurer that we serve is sent claims on itself; other participants of ours pass on."""
    insurers = {insurer.id for insurer in services.reference.insurers}
    if message.served not in insurers or request.episode is None:
        return
    if message.served not in {cover.organisation for cover in request.episode.coverages}:
        raise HcxError(HcxCode.RECIPIENT, "the claim names another insurer")


def _content(message: Opened) -> dict[str, Any]:
    kind = "CoverageEligibilityRequest" if message.action == ELIGIBILITY else "Claim"
    try:
        resource = parse_json(message.content.encode(), exact=True)
    except BodyRefused as error:
        raise HcxError(HcxCode.WRONG_DOMAIN, error.code) from None
    if resource.get("resourceType") not in ("Bundle", kind):
        raise HcxError(HcxCode.WRONG_DOMAIN, f"a Bundle around a {kind} is expected")
    return resource


async def _status(services: ApiServices, door: HcxExchange, message: Opened) -> Arrived:
    """How the sender's cycle stands; one that we never had is an error of the answer."""
    try:
        asked = parse_json(message.content.encode()) if message.content else {}
    except BodyRefused as error:
        raise HcxError(HcxCode.WRONG_DOMAIN, error.code) from None
    about = asked.get("correlation_id")
    found = await door.request(message, about) if isinstance(about, str) else None
    if found is None:
        answered = message.arrived(None, status=ERROR)
        return answered.model_copy(update={"code": HcxCode.CORRELATION_ID.value})
    decided = await _decided(services, message, found)
    if decided is not None:
        return message.arrived(found.episode_id, status=COMPLETE, content=decided)
    status = found.status or COMPLETE
    return message.arrived(found.episode_id, status=status, content=found.content)


async def _decided(services: ApiServices, message: Opened, found: Arrived) -> str | None:
    """What every funder has decided since, as its sender may see it; None while one has not."""
    if services.fhir is None or found.episode_id is None or found.action not in USES:
        return None
    principal = sender_of(message)
    query = FhirQuery(patients=[found.episode_id], limit=DECISIONS_MAX)
    page = await services.fhir.search(principal, "ClaimResponse", query)
    return decision_text(page.found, found.action, insurer_of(services, message))


def insurer_of(services: ApiServices, message: Opened) -> str | None:
    """For whom the recipient stands, where that is an insurer that we serve."""
    insurers = {insurer.id for insurer in services.reference.insurers}
    return message.served if message.served in insurers else None
