"""eHealth's HTTP calls, with the faults that the script orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import JSONResponse, Response

from crossclaim.simulators.doorway import cut_connection
from crossclaim.simulators.ehealth.records import Answer, Records
from crossclaim.simulators.ehealth.requests import ConsentChange, Deposit, RecordRequest
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party

SPOILT = frozenset(
    {
        "other_patient",
        "mixed_patients",
        "not_fhir",
        "outside_window",
        "contradicts",
        "no_notice",
    }
)
"""Faults of the record inside an answer that is otherwise well formed."""
FAULTS = SPOILT | {
    "down",
    "slow",
    "error_500",
    "accepted_answer_lost",
    "other_reference",
    "receipt_differs",
}

Shape = TypeVar("Shape", bound=BaseModel)
Act = Callable[[str], Answer]
"""Does the work; the argument is how its record is to be spoilt, if at all."""


def refuse(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status)


class Desk:
    """Answers one request: first the faults, then the work, in one transaction."""

    def __init__(self, party: Party) -> None:
        self._party = party

    async def answer(self, request: Request, act: Act, **about: str) -> Response:
        fault = self._party.faults.take(**about)
        if fault is None:
            return self._render(self._do(act))
        self._party.journal.write("fault", fault=fault.fault, **about)
        if fault.fault == "error_500":
            return refuse(500, "INTERNAL", "An internal error.")
        if fault.fault == "down":
            answer = refuse(503, "UNAVAILABLE", "Out of service.")
            answer.headers["Retry-After"] = str(fault.detail("retry_after_s", 1))
            return answer
        return await self._spoil(request, fault, act)

    async def _spoil(self, request: Request, fault: Fault, act: Act) -> Response:
        if fault.fault in SPOILT:
            return self._render(self._do(act, fault.fault))
        if fault.fault == "accepted_answer_lost":
            self._do(act)
            return await cut_connection(request)
        if fault.delay_s > 0:
            await asyncio.sleep(fault.delay_s)
        status, body = self._do(act)
        if fault.fault == "other_reference":
            body = {**body, "reference": "RQ-OF-SOMEBODY-ELSE"}
        if fault.fault == "receipt_differs":
            body = {**body, "sha256": "0" * 64}
        return self._render((status, body))

    def _do(self, act: Act, spoil: str = "") -> Answer:
        with self._party.state.transaction():
            return act(spoil)

    @staticmethod
    def _render(answer: Answer) -> Response:
        return JSONResponse(answer[1], answer[0])


async def read(request: Request, shape: type[Shape]) -> Shape | Response:
    """The body, or the refusal that names its first fault."""
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return refuse(422, "REQUEST_INVALID", f"{where or 'body'}: {first['type']}")


def ehealth_router(party: Party, records: Records) -> APIRouter:
    router = APIRouter(prefix="/ehealth/v1", default_response_class=JSONResponse)
    desk = Desk(party)

    @router.post("/record-requests")
    async def request_records(request: Request) -> Response:
        asked = await read(request, RecordRequest)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda spoil: records.request(asked, spoil),
            operation="request",
            reference=asked.reference,
            institution=asked.institution,
            number=asked.person.document.number,
        )

    @router.post("/deposits")
    async def deposit(request: Request) -> Response:
        given = await read(request, Deposit)
        if isinstance(given, Response):
            return given
        return await desk.answer(
            request,
            lambda spoil: records.deposit(given),
            operation="deposit",
            reference=given.reference,
            institution=given.institution,
            number=given.person.document.number,
        )

    @router.post("/consents")
    async def consent(request: Request) -> Response:
        change = await read(request, ConsentChange)
        if isinstance(change, Response):
            return change
        return await desk.answer(
            request,
            lambda spoil: records.consent(change),
            operation="consent",
            reference=change.reference,
            number=change.person.document.number,
        )

    @router.get("/{things}/{reference}")
    async def find(request: Request, things: str, reference: str) -> Response:
        kinds = {"record-requests": "request", "deposits": "deposit", "consents": "consent"}
        if things not in kinds:
            return refuse(404, "NOT_FOUND", "There is no such thing.")
        return await desk.answer(
            request,
            lambda spoil: records.find(kinds[things], reference),
            operation=f"find-{kinds[things]}",
            reference=reference,
        )

    return router
