"""The insurer's FHIR calls, with the faults that the script orders."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from crossclaim.simulators.doorway import cut_connection
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.insurer.answers import Answers
from crossclaim.simulators.insurer.contradictions import CONTRADICTIONS, contradicted
from crossclaim.simulators.insurer.outcome import FhirFault, FhirResponse
from crossclaim.simulators.insurer.requests import (
    Resource,
    body_hash,
    first_of,
    own_reference,
    parse,
    policy_number,
    read_claim,
)
from crossclaim.simulators.insurer.responses import Pen
from crossclaim.simulators.party import Party

FAULTS = frozenset(
    {
        "slow",
        "error_500",
        "timeout_after_accept",
        "pend",
        "pend_silent",
        "deny_line",
        "wrong_total",
        "callback_twice",
        "refuse_guarantee",
        "decides_in_currency",
    }
    | CONTRADICTIONS
)

Endpoint = Callable[[Request], Awaitable[Response]]
Act = Callable[[list[Fault]], tuple[int, Resource]]


def fhir(endpoint: Endpoint) -> Endpoint:
    """Checks the FHIR version and renders every refusal as ``OperationOutcome``."""

    @wraps(endpoint)
    async def checked(request: Request) -> Response:
        kind, _, parameters = request.headers.get("content-type", "").partition(";")
        version = parameters.replace(" ", "").partition("fhirVersion=")[2].partition(";")[0]
        try:
            if kind.strip() != "application/fhir+json" or version not in ("", "4.0"):
                raise FhirFault(415, "not-supported", "application/fhir+json; fhirVersion=4.0")
            return await endpoint(request)
        except FhirFault as fault:
            return fault.response()

    return checked


class Desk:
    """Answers one request: the faults around it, and the work in one transaction."""

    def __init__(self, party: Party) -> None:
        self._party = party

    async def answer(self, request: Request, act: Act, **about: str) -> Response:
        faults = self._party.faults.take_all(**about)
        for fault in faults:
            self._party.journal.write("fault", fault=fault.fault, **about)
        by_name = {fault.fault: fault for fault in faults}
        if "error_500" in by_name:
            raise FhirFault(500, "exception", "an internal error")
        if "slow" in by_name:
            await asyncio.sleep(by_name["slow"].delay_s)
        refusal: FhirFault | None = None
        with self._party.state.transaction():
            try:
                status, resource = act(faults)
            except FhirFault as fault:
                # What the journal says of a refused request stays.
                refusal = fault
        if refusal is not None:
            raise refusal
        if "timeout_after_accept" in by_name:
            await asyncio.sleep(by_name["timeout_after_accept"].delay_s)
            return await cut_connection(request)
        for name in CONTRADICTIONS & by_name.keys():
            resource = contradicted(resource, name)
        return FhirResponse(resource, status)


def insurer_router(party: Party, answers: Answers, pen: Pen) -> APIRouter:
    router = APIRouter(prefix="/fhir")
    desk = Desk(party)

    @router.post("/CoverageEligibilityRequest/$submit")
    @fhir
    async def eligibility(request: Request) -> Response:
        bundle = parse(await request.body(), "Bundle")
        asked = first_of(bundle, "CoverageEligibilityRequest")
        if not asked.get("insurance"):
            raise FhirFault(422, "required", "insurance is needed", "insurance")
        policy = policy_number(bundle)

        def act(faults: list[Fault]) -> tuple[int, Resource]:
            row = answers.row(policy) or {"in_force": False, "direct_billing": False}
            party.journal.write("eligibility", policy_number=policy, in_force=bool(row["in_force"]))
            now = party.clock.now()
            in_force = bool(row["in_force"])
            return 200, pen.eligibility(asked, in_force, bool(row["direct_billing"]), now)

        return await desk.answer(request, act, operation="eligibility", policy_number=policy)

    @router.post("/Claim/$submit")
    @fhir
    async def submit(request: Request) -> Response:
        claim = read_claim(parse(await request.body(), "Bundle"))
        return await desk.answer(
            request,
            lambda faults: (200, answers.submit(claim, faults)),
            operation=claim.use,
            reference=claim.reference,
            policy_number=claim.policy_number,
            payee=claim.payee,
        )

    @router.post("/Claim/$inquire")
    @fhir
    async def inquire(request: Request) -> Response:
        parameters = parse(await request.body(), "Parameters")
        reference, use = _parameter(parameters, "identifier"), _parameter(parameters, "use")
        return await desk.answer(
            request,
            lambda faults: (200, answers.inquire(reference, use)),
            operation="inquire",
            reference=reference,
            policy_number=answers.policy_of(reference),
        )

    @router.post("/Task")
    @fhir
    async def release(request: Request) -> Response:
        task = parse(await request.body(), "Task")
        codes = [coding.get("code") for coding in task.get("code", {}).get("coding", [])]
        if "release" not in codes:
            raise FhirFault(422, "value", "only release is served", "Task.code")
        reference = own_reference(task)
        number = str(task.get("focus", {}).get("identifier", {}).get("value", ""))
        return await desk.answer(
            request,
            lambda faults: answers.release(reference, number, task, body_hash(task)),
            operation="release",
            reference=reference,
        )

    return router


def _parameter(parameters: Resource, name: str) -> str:
    for parameter in parameters.get("parameter", []):
        if parameter.get("name") == name:
            values: list[Any] = [v for k, v in parameter.items() if k.startswith("value")]
            value = values[0] if values else ""
            return str(value.get("value", "") if isinstance(value, dict) else value)
    raise FhirFault(422, "required", f"the parameter {name} is needed", "Parameters.parameter")
