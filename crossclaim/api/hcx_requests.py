"""Requests that come over the exchange, by the same parsing and submissions as the FHIR door."""

from __future__ import annotations

from typing import Any

from crossclaim.api.body import BodyRefused, parse_json
from crossclaim.api.fhir_answer import claim_response
from crossclaim.api.fhir_claim import read_claim_bundle
from crossclaim.api.fhir_intake import claim_submitted
from crossclaim.api.hcx_port import HcxExchange
from crossclaim.api.services import ApiServices
from crossclaim.domain.errors import Conflict, Refused
from crossclaim.domain.hcx import (
    CLAIM,
    COMPLETE,
    ERROR,
    PARTIAL,
    REQUESTS,
    STATUS_CHECK,
)
from crossclaim.domain.hcx_cycle import Arrived, Opened
from crossclaim.domain.hcx_errors import HcxCode, HcxError
from crossclaim.security.roles import Principal, Role

TRACE_FAULTS_MAX = 20
_OF_PROVIDERS = frozenset({*REQUESTS})
_OF_PAYORS = frozenset({STATUS_CHECK, "communication/request", "paymentnotice/request"})


async def take_request(services: ApiServices, door: HcxExchange, message: Opened) -> None:
    """Returns when it is kept and its answer is on the way. Raises ``HcxError``."""
    number = await door.known(message)
    if number is not None:
        await door.answer_again(number)
        return
    if message.action not in (_OF_PROVIDERS if message.role == "provider" else _OF_PAYORS):
        raise HcxError(HcxCode.SENDER_NOT_SUPPORTED)
    if message.action == STATUS_CHECK:
        await door.owe(message, await _status(door, message))
    elif message.action == CLAIM:
        if await door.request(message, message.headers.correlation_id) is not None:
            raise HcxError(HcxCode.CORRELATION_ID, "each cycle has its own")
        await door.owe(message, await _claim(services, message))
    else:
        raise HcxError(HcxCode.VERSION, "this action is not served yet")


async def _claim(services: ApiServices, message: Opened) -> Arrived:
    resource = _content(message)
    try:
        submission = read_claim_bundle(resource)
        payors = {cover.organisation for cover in submission.episode.coverages}
        served = {insurer.id for insurer in services.reference.insurers} & {message.served}
        if not served <= payors:
            raise HcxError(HcxCode.RECIPIENT, "the claim names another insurer")
        principal = Principal(
            organisation=message.organisation, role=Role.HOSPITAL_BILLING, key_id="hcx"
        )
        answer = await claim_submitted(services, principal, submission, None)
    except Refused as error:
        places = [f"{fault.code} {fault.pointer}" for fault in error.faults[:TRACE_FAULTS_MAX]]
        raise HcxError(HcxCode.DOMAIN, "; ".join(places)) from None
    except Conflict as error:
        raise HcxError(HcxCode.PROCESSING, "; ".join(error.differences)) from None
    told = bytes(claim_response(resource, answer, at=services.now()).body).decode()
    # Its decision is the insurer's and comes later.
    return message.arrived(answer.episode_id, status=PARTIAL, content=told)


def _content(message: Opened) -> dict[str, Any]:
    try:
        resource = parse_json(message.content.encode(), exact=True)
    except BodyRefused as error:
        raise HcxError(HcxCode.WRONG_DOMAIN, error.code) from None
    if resource.get("resourceType") not in ("Bundle", "Claim"):
        raise HcxError(HcxCode.WRONG_DOMAIN, "a Bundle around a Claim is expected")
    return resource


async def _status(door: HcxExchange, message: Opened) -> Arrived:
    """How the sender's cycle stands; one that we never had is an error of the answer."""
    asked = parse_json(message.content.encode()) if message.content else {}
    about = asked.get("correlation_id")
    found = await door.request(message, about) if isinstance(about, str) else None
    if found is None:
        answered = message.arrived(None, status=ERROR)
        return answered.model_copy(update={"code": HcxCode.CORRELATION_ID.value})
    status = found.status or COMPLETE
    return message.arrived(found.episode_id, status=status, content=found.content)
