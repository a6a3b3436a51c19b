"""The HTTP calls of 惠民就医, with the faults that the script orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from starlette.responses import JSONResponse, Response

from crossclaim.simulators.doorway import cut_connection
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.huimin.accounts import Accounts, Answer, cny
from crossclaim.simulators.huimin.charges import Charges
from crossclaim.simulators.huimin.repayments import Repayments
from crossclaim.simulators.huimin.requests import (
    Application,
    Card,
    CardConfirmation,
    Charge,
    Closing,
    Instalments,
    Refund,
    Repayment,
    SignUp,
)
from crossclaim.simulators.party import Party

FAULTS = frozenset(
    {
        "down",
        "slow",
        "error_500",
        "accepted_answer_lost",
        "card_declined",
        "credit_withdrawn",
        "charges_twice",
        "wrong_amount",
        "other_person",
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

    async def answer(
        self,
        request: Request,
        act: Callable[[], Answer],
        twice: Callable[[], Answer] | None = None,
        **about: str,
    ) -> Response:
        fault = self._party.faults.take(**about)
        if fault is None:
            return _rendered(self._do(act))
        self._party.journal.write("fault", fault=fault.fault, **about)
        if fault.fault == "error_500":
            return refuse(500, "INTERNAL", "An internal error.")
        if fault.fault == "down":
            answer = refuse(503, "UNAVAILABLE", "Out of service.")
            answer.headers["Retry-After"] = str(fault.detail("retry_after_s", 1))
            return answer
        if fault.fault == "card_declined":
            return _rendered(Charges.declined())
        if fault.fault == "credit_withdrawn":
            self._do(lambda: self._withdraw(about.get("account", "")))
        if fault.fault == "charges_twice":
            act = twice or act
        return await self._spoil(request, fault, act)

    async def _spoil(self, request: Request, fault: Fault, act: Callable[[], Answer]) -> Response:
        if fault.fault == "accepted_answer_lost":
            self._do(act)
            return await cut_connection(request)
        if fault.delay_s > 0:
            await asyncio.sleep(fault.delay_s)
        status, body = self._do(act)
        if fault.fault == "wrong_amount" and "amount" in body:
            body = {**body, "amount": cny(int(fault.detail("amount_fen", 1)))}
        if fault.fault == "other_person" and "account_number" in body:
            body = {**body, "account_number": "HM99999999"}
        return _rendered((status, body))

    def _withdraw(self, account: str) -> Answer:
        self._accounts.withdraw_credit(account)
        return 200, {}

    def _do(self, act: Callable[[], Answer]) -> Answer:
        with self._party.state.transaction():
            return act()


def _rendered(answer: Answer) -> Response:
    return JSONResponse(answer[1], answer[0])


async def read(request: Request, shape: type[Shape]) -> Shape | Response:
    """The body, or the refusal that names its first fault."""
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as wrong:
        first = wrong.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        return refuse(422, "REQUEST_INVALID", f"{where or 'body'}: {first['type']}")


def huimin_router(
    party: Party, accounts: Accounts, charges: Charges, repayments: Repayments
) -> APIRouter:
    router = APIRouter(prefix="/hmjy/v1", default_response_class=JSONResponse)
    desk = Desk(party, accounts)
    _account_routes(router, desk, accounts)
    _card_routes(router, desk, accounts)
    _credit_routes(router, desk, accounts, repayments)
    _charge_routes(router, desk, charges)
    _repayment_routes(router, desk, repayments)
    return router


async def _posted(
    desk: Desk,
    request: Request,
    shape: type[Shape],
    operation: str,
    act: Callable[[Shape], Answer],
    **about: str,
) -> Response:
    asked: Any = await read(request, shape)
    if isinstance(asked, Response):
        return asked
    told: dict[str, str] = {"account": getattr(asked, "account_number", ""), **about}
    return await desk.answer(
        request,
        lambda: act(asked),
        None,
        operation=operation,
        reference=asked.reference,
        **told,
    )


def _account_routes(router: APIRouter, desk: Desk, accounts: Accounts) -> None:
    @router.post("/accounts")
    async def sign_up(request: Request) -> Response:
        return await _posted(desk, request, SignUp, "sign-up", accounts.sign_up)

    @router.get("/accounts")
    async def find(request: Request, reference: str) -> Response:
        return await desk.answer(
            request, lambda: accounts.find(reference), operation="find", reference=reference
        )

    @router.get("/accounts/{number}")
    async def look_up(request: Request, number: str) -> Response:
        return await desk.answer(
            request, lambda: accounts.look_up(number), operation="look-up", account=number
        )

    @router.post("/accounts/{number}/closing")
    async def close(request: Request, number: str) -> Response:
        return await _posted(
            desk,
            request,
            Closing,
            "closing",
            lambda asked: accounts.close(number, asked),
            account=number,
        )


def _card_routes(router: APIRouter, desk: Desk, accounts: Accounts) -> None:
    @router.post("/accounts/{number}/cards")
    async def bind(request: Request, number: str) -> Response:
        return await _posted(
            desk, request, Card, "card", lambda asked: accounts.bind(number, asked), account=number
        )

    @router.post("/accounts/{number}/cards/confirmation")
    async def confirm(request: Request, number: str) -> Response:
        return await _posted(
            desk,
            request,
            CardConfirmation,
            "card-confirmation",
            lambda asked: accounts.confirm_card(number, asked),
            account=number,
        )

    @router.get("/accounts/{number}/cards")
    async def find_card(request: Request, number: str, reference: str) -> Response:
        return await desk.answer(
            request,
            lambda: accounts.find_card(number, reference),
            operation="find",
            reference=reference,
        )


def _credit_routes(
    router: APIRouter, desk: Desk, accounts: Accounts, repayments: Repayments
) -> None:
    @router.post("/accounts/{number}/credit-applications")
    async def apply(request: Request, number: str) -> Response:
        return await _posted(
            desk,
            request,
            Application,
            "application",
            lambda asked: accounts.apply(number, asked),
            account=number,
        )

    @router.get("/accounts/{number}/credit-applications")
    async def find_application(request: Request, number: str, reference: str) -> Response:
        return await desk.answer(
            request,
            lambda: accounts.find_application(number, reference),
            operation="find",
            reference=reference,
        )

    @router.get("/accounts/{number}/statement")
    async def statement(request: Request, number: str) -> Response:
        return await desk.answer(
            request, lambda: repayments.statement(number), operation="statement", account=number
        )


def _charge_routes(router: APIRouter, desk: Desk, charges: Charges) -> None:
    @router.post("/charges")
    async def charge(request: Request) -> Response:
        asked = await read(request, Charge)
        if isinstance(asked, Response):
            return asked
        return await desk.answer(
            request,
            lambda: charges.charge(asked),
            lambda: charges.charge(asked, times=2),
            operation="charge",
            reference=asked.reference,
            account=asked.account_number,
            amount=asked.amount.amount,
            hospital=asked.hospital,
        )

    @router.get("/charges")
    async def find(request: Request, reference: str) -> Response:
        return await desk.answer(
            request, lambda: charges.find(reference), operation="find", reference=reference
        )

    @router.post("/charges/{transaction_number}/refund")
    async def refund(request: Request, transaction_number: str) -> Response:
        return await _posted(
            desk,
            request,
            Refund,
            "refund",
            lambda asked: charges.refund(transaction_number, asked),
            transaction_number=transaction_number,
        )

    @router.post("/charges/{transaction_number}/instalments")
    async def instalments(request: Request, transaction_number: str) -> Response:
        return await _posted(
            desk,
            request,
            Instalments,
            "instalments",
            lambda asked: charges.instalments(transaction_number, asked),
            transaction_number=transaction_number,
        )


def _repayment_routes(router: APIRouter, desk: Desk, repayments: Repayments) -> None:
    @router.post("/repayments")
    async def repay(request: Request) -> Response:
        return await _posted(desk, request, Repayment, "repayment", repayments.repay)

    @router.get("/repayments")
    async def find(request: Request, reference: str) -> Response:
        return await desk.answer(
            request, lambda: repayments.find(reference), operation="find", reference=reference
        )
