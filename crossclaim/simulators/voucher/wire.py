"""The voucher system's HTTP calls, with the faults that the script orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import JSONResponse, Response

from crossclaim.simulators.doorway import cut_connection
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party
from crossclaim.simulators.voucher.accounts import Accounts
from crossclaim.simulators.voucher.answers import Answer
from crossclaim.simulators.voucher.reimbursements import Reimbursements
from crossclaim.simulators.voucher.requests import (
    Claim,
    Confirmation,
    NewAccount,
    PairingSearch,
    Search,
    Void,
)

STATEMENT_FAULTS = frozenset({"foreign_claim", "wrong_amount", "listed_twice", "wrong_total"})
CONTRADICTIONS = frozenset({"other_claim", "other_currency"})
FAULTS = (
    STATEMENT_FAULTS
    | CONTRADICTIONS
    | {
        "down",
        "slow",
        "accepted_answer_lost",
        "balance_changed",
        "pairing_ended",
        "error_500",
    }
)

Shape = TypeVar("Shape", bound=BaseModel)


def refuse(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status)


class Desk:
    """Answers one request: first the faults, then the work, in one transaction."""

    def __init__(self, party: Party, accounts: Accounts) -> None:
        self._party = party
        self._accounts = accounts
        self.reimbursements = Reimbursements(party, accounts)

    async def answer(self, request: Request, act: Callable[[], Answer], **about: str) -> Response:
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
        return await self._spoil(request, fault, act, about)

    async def _spoil(
        self, request: Request, fault: Fault, act: Callable[[], Answer], about: dict[str, str]
    ) -> Response:
        if fault.fault == "balance_changed":
            self._accounts.change_balance(about.get("account", ""), fault.detail("balance_hkd"))
        if fault.fault == "pairing_ended":
            self._accounts.pairings.end(about.get("account", ""))
        if fault.fault in STATEMENT_FAULTS:
            return self._render(self.reimbursements.spoil(self._do(act), fault))
        if fault.fault == "accepted_answer_lost":
            self._do(act)
            return await cut_connection(request)
        if fault.delay_s > 0:
            await asyncio.sleep(fault.delay_s)
        if fault.fault in CONTRADICTIONS:
            return self._render(contradicted(self._do(act), fault.fault))
        return self._render(self._do(act))

    def _do(self, act: Callable[[], Answer]) -> Answer:
        with self._party.state.transaction():
            return act()

    @staticmethod
    def _render(answer: Answer) -> Response:
        return JSONResponse(answer[1], answer[0])


def contradicted(answer: Answer, fault: str) -> Answer:
    """An answer about another claim than was asked for, or in money that no voucher is."""
    status, body = answer
    if fault == "other_claim" and "reference" in body:
        body = {**body, "reference": "CV-OF-SOMEBODY-ELSE", "transaction_number": "TX99999999"}
    for name in ("balance", "balance_after"):
        if fault == "other_currency" and name in body:
            body = {**body, name: {**body[name], "currency": "MOP"}}
    return status, body


async def read(request: Request, shape: type[Shape]) -> Shape | Response:
    """The body, or the refusal that names its first fault."""
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return refuse(422, "REQUEST_INVALID", f"{where or 'body'}: {first['type']}")


def voucher_router(party: Party, accounts: Accounts) -> APIRouter:
    router = APIRouter(prefix="/ehs/v1", default_response_class=JSONResponse)
    desk = Desk(party, accounts)

    @router.post("/accounts/search")
    async def search(request: Request) -> Response:
        asked = await read(request, Search)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda: accounts.search(asked),
            operation="search",
            institution=asked.institution,
            number=asked.document.number,
        )

    _scheme_routes(router, desk, accounts)

    @router.get("/rates/{currency}")
    async def rate(request: Request, currency: str) -> Response:
        if currency != "CNY":
            return refuse(404, "RATE_NOT_FOUND", "Only CNY has a rate.")
        return await desk.answer(request, accounts.rate, operation="rate")

    @router.post("/claims")
    async def claim(request: Request) -> Response:
        asked = await read(request, Claim)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda: accounts.claim(asked),
            operation="claim",
            reference=asked.reference,
            account=asked.account_id,
            amount=asked.voucher_amount.amount,
            institution=asked.institution,
            department=asked.department,
        )

    @router.get("/claims")
    async def find(request: Request, reference: str) -> Response:
        return await desk.answer(
            request,
            lambda: accounts.find(reference),
            operation="find",
            reference=reference,
            account=accounts.account_of_claim(reference),
        )

    @router.post("/claims/{transaction_number}/void")
    async def void(request: Request, transaction_number: str) -> Response:
        asked = await read(request, Void)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda: accounts.void(transaction_number, asked),
            operation="void",
            reference=asked.reference,
            transaction_number=transaction_number,
        )

    return router


def _scheme_routes(router: APIRouter, desk: Desk, accounts: Accounts) -> None:
    """Pairings, first use, confirmation and the months' statements."""

    @router.post("/pairings/search")
    async def pairing(request: Request) -> Response:
        asked = await read(request, PairingSearch)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda: accounts.pairings.search(asked),
            operation="pairing",
            account=asked.account_id,
        )

    @router.post("/accounts")
    async def open_account(request: Request) -> Response:
        asked = await read(request, NewAccount)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda: accounts.stages.open_account(asked),
            operation="open_account",
            reference=asked.reference,
        )

    @router.post("/claims/{transaction_number}/confirm")
    async def confirm(request: Request, transaction_number: str) -> Response:
        asked = await read(request, Confirmation)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda: accounts.stages.confirm(transaction_number, asked),
            operation="confirm",
            reference=asked.reference,
        )

    @router.get("/reimbursements")
    async def reimbursed(request: Request, institution: str, month: str) -> Response:
        return await desk.answer(
            request,
            lambda: desk.reimbursements.statement(institution, month),
            operation="reimbursements",
            institution=institution,
            month=month,
        )
