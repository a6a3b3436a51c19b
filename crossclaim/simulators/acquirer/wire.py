"""The acquirer's signed HTTP calls, with the faults that the script orders."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from crossclaim.simulators.acquirer.orders import No, Orders, Row
from crossclaim.simulators.acquirer.refunds import Refunds
from crossclaim.simulators.acquirer.statements import Statements
from crossclaim.simulators.doorway import cut_connection
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party

_SPOILT = frozenset({"wrong_amount", "other_order", "bad_signature", "other_nonce"})
FAULTS = _SPOILT | {
    "down",
    "slow",
    "error_500",
    "accepted_answer_lost",
    "lost_before",
    "refused",
    "paid_twice",
    "refund_pending",
    "partial_refund_refused",
}


def refuse(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status)


def signature(secret: str, members: Row) -> str:
    """Over every member that is not empty, in the order of their names, and the key."""
    named = sorted((n, str(v)) for n, v in members.items() if n != "sign" and v not in (None, ""))
    text = "&".join(f"{name}={value}" for name, value in named) + f"&key={secret}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest().upper()


@dataclass(frozen=True)
class Work:
    """Everything that the acquirer does, by the name of the call."""

    orders: Orders
    refunds: Refunds
    statements: Statements

    def act(self, operation: str, asked: Row, fault: Fault | None) -> Row:
        """Raises ``No`` when the acquirer refuses."""
        named = "" if fault is None else fault.fault
        pending = fault.delay_s if fault is not None and named == "refund_pending" else None
        acts: dict[str, Callable[[], Row]] = {
            "micropay": lambda: self.orders.pay(asked, twice=named == "paid_twice"),
            "orderquery": lambda: self.orders.query(asked),
            "closeorder": lambda: self.orders.close(asked),
            "refund": lambda: self.refunds.refund(
                asked, pending_s=pending, whole_only=named == "partial_refund_refused"
            ),
            "refundquery": lambda: self.refunds.query(asked),
            "downloadbill": lambda: self.statements.download(asked),
        }
        return acts[operation]()


def acquirer_router(party: Party, work: Work, secret: str) -> APIRouter:
    router = APIRouter(prefix="/pay/gateway/v2", default_response_class=JSONResponse)
    for operation in (
        "micropay",
        "orderquery",
        "closeorder",
        "refund",
        "refundquery",
        "downloadbill",
    ):
        _route(router, operation, Desk(party, work, secret))
    return router


def _route(router: APIRouter, operation: str, desk: Desk) -> None:
    @router.post(f"/{operation}")
    async def call(request: Request) -> Response:
        try:
            asked = json.loads(await request.body())
        except ValueError:
            return refuse(400, "REQUEST_INVALID", "This is no JSON.")
        if not isinstance(asked, dict) or not isinstance(asked.get("sign"), str):
            return refuse(400, "REQUEST_INVALID", "The envelope is not complete.")
        return await desk.answer(request, operation, asked)


class Desk:
    """Answers one request: first the faults, then the work, in one transaction."""

    def __init__(self, party: Party, work: Work, secret: str) -> None:
        self._party, self._work, self._secret = party, work, secret

    async def answer(self, request: Request, operation: str, asked: Row) -> Response:
        if not hmac.compare_digest(signature(self._secret, asked), asked["sign"]):
            return self._rendered(asked, {"err_code": "SIGNERROR"})
        if asked.get("mch_id") not in self._party.tables["merchants"]:
            return self._rendered(asked, {"err_code": "MCHID_NOT_EXIST"})
        reference = str(asked.get("out_refund_no") or asked.get("out_trade_no") or "")
        about = {
            "operation": operation,
            "reference": reference,
            "channel": str(asked.get("channel", "")),
            "amount": str(asked.get("refund_fee") or asked.get("total_fee") or ""),
        }
        fault = self._party.faults.take(**about)
        if fault is None:
            return self._rendered(asked, self._do(operation, asked, None))
        self._party.journal.write("fault", fault=fault.fault, **about)
        return await self._spoil(request, fault, operation, asked)

    async def _spoil(self, request: Request, fault: Fault, operation: str, asked: Row) -> Response:
        name = fault.fault
        if name == "error_500":
            return refuse(500, "INTERNAL", "An internal error.")
        if name == "down":
            answer = refuse(503, "UNAVAILABLE", "Out of service.")
            answer.headers["Retry-After"] = str(fault.detail("retry_after_s", 1))
            return answer
        if name == "lost_before":
            return await cut_connection(request)
        if name == "refused":
            refused = {"err_code": str(fault.detail("code", "NOTENOUGH"))}
            named = ("out_trade_no", "out_refund_no")
            return self._rendered(asked, refused | {n: asked[n] for n in named if n in asked})
        told = self._do(operation, asked, fault)
        if name == "accepted_answer_lost":
            return await cut_connection(request)
        if name == "slow":
            await asyncio.sleep(fault.delay_s)
        return self._rendered(asked, told, name)

    def _do(self, operation: str, asked: Row, fault: Fault | None) -> Row:
        try:
            with self._party.state.transaction():
                return self._work.act(operation, asked, fault)
        except No as no:
            self._party.journal.write("refused", operation=operation, code=no.code)
            return {"err_code": no.code, **no.members}
        except (KeyError, ValueError):
            return {"err_code": "PARAM_ERROR"}

    def _rendered(self, asked: Row, told: Row, spoilt: str = "") -> Response:
        body: dict[str, Any] = {
            "result_code": "FAIL" if told.get("err_code") else "SUCCESS",
            "mch_id": asked.get("mch_id", ""),
            "nonce_str": asked.get("nonce_str", ""),
            "sign_type": "HMAC-SHA256",
            **told,
        }
        if spoilt == "wrong_amount":
            body |= {name: 1 for name in ("total_fee", "refund_fee") if name in body}
        if spoilt == "other_order":
            body |= {n: "PYOTHER" for n in ("out_trade_no", "out_refund_no") if n in body}
        if spoilt == "other_nonce":
            body["nonce_str"] = "0" * 32
        body["sign"] = signature(self._secret, body)
        if spoilt == "bad_signature":
            body["sign"] = "0" * 64
        return JSONResponse(body)
