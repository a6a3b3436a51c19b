"""The office's HTTP calls, with the faults that the script orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import JSONResponse, Response

from crossclaim.simulators.doorway import cut_connection
from crossclaim.simulators.family_office.applications import Answer, Applications
from crossclaim.simulators.family_office.requests import Application, Decision, End
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party

FAULTS = frozenset(
    {
        "down",
        "slow",
        "error_500",
        "accepted_answer_lost",
        "silent",
        "no_callback",
        "decides_twice",
        "contradicts",
        "decides_after_end",
    }
)

Shape = TypeVar("Shape", bound=BaseModel)
Act = Callable[[list[Fault]], Answer]


def refuse(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status)


class Desk:
    """Answers one request: first the faults around it, then the work, in one transaction."""

    def __init__(self, party: Party) -> None:
        self._party = party

    async def answer(self, request: Request, act: Act, **about: str) -> Response:
        faults = self._party.faults.take_all(**about)
        for fault in faults:
            self._party.journal.write("fault", fault=fault.fault, **about)
        by_name = {fault.fault: fault for fault in faults}
        if "error_500" in by_name:
            return refuse(500, "INTERNAL", "An internal error.")
        if "down" in by_name:
            answer = refuse(503, "UNAVAILABLE", "Out of service.")
            answer.headers["Retry-After"] = str(by_name["down"].detail("retry_after_s", 1))
            return answer
        if "slow" in by_name:
            await asyncio.sleep(by_name["slow"].delay_s)
        with self._party.state.transaction():
            status, body = act(faults)
        if "accepted_answer_lost" in by_name:
            return await cut_connection(request)
        return JSONResponse(body, status)


async def read(request: Request, shape: type[Shape]) -> Shape | Response:
    """The body, or the refusal that names its first fault."""
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return refuse(422, "REQUEST_INVALID", f"{where or 'body'}: {first['type']}")


def office_router(party: Party, applications: Applications) -> APIRouter:
    router = APIRouter(default_response_class=JSONResponse)
    desk = Desk(party)

    @router.post("/family/v1/applications")
    async def apply(request: Request) -> Response:
        asked = await read(request, Application)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda faults: applications.apply(asked, faults),
            operation="apply",
            reference=asked.reference,
            user=asked.user.document.number,
        )

    @router.get("/family/v1/applications")
    async def find(request: Request, reference: str) -> Response:
        return await desk.answer(
            request,
            lambda faults: applications.find(reference),
            operation="find",
            reference=reference,
        )

    @router.post("/family/v1/applications/end")
    async def end(request: Request) -> Response:
        asked = await read(request, End)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda faults: applications.end(asked, faults),
            operation="end",
            reference=asked.reference,
        )

    @router.post("/_control/decide")
    async def decide(decision: Decision) -> Response:
        with party.state.transaction():
            status, body = applications.decide(decision)
        return JSONResponse(body, status)

    return router
