"""The bureau's one HTTP call, by transaction number, with the faults that the script orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from crossclaim.simulators.bureau.envelope import Envelope, answered
from crossclaim.simulators.bureau.persons import Persons
from crossclaim.simulators.bureau.settlements import Settlements
from crossclaim.simulators.bureau.state import No, fen, yuan
from crossclaim.simulators.bureau.stays import Stays
from crossclaim.simulators.bureau.totals import Totals
from crossclaim.simulators.bureau.visits import Visits
from crossclaim.simulators.doorway import cut_connection
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.party import Party

PATH = "/fsi/api/rsfComIfsService/callService"
_SPOILT = frozenset(
    {"split_wrong", "other_person", "other_stay", "other_amount", "other_currency", "funds_wrong"}
)
FAULTS = _SPOILT | {
    "down",
    "slow",
    "error_500",
    "accepted_answer_lost",
    "balance_changed",
    "already_settled",
    "bad_signature",
    "other_msgid",
}

Row = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """Everything that the bureau does, by the number of its transaction."""

    persons: Persons
    visits: Visits
    stays: Stays
    settlements: Settlements
    totals: Totals

    def act(self, call: Envelope) -> Row:
        """Raises ``No`` when the bureau refuses."""
        place, data = call.fixmedins_code, call.input.get("data", {})
        acts: dict[str, Callable[[], Row]] = {
            "1101": lambda: self.persons.find(data),
            "2201": lambda: self.visits.register(data, place),
            "2202": lambda: self.visits.unregister(data, place),
            "2204": lambda: self.visits.upload(call.input, place),
            "2205": lambda: self.visits.withdraw(data, place),
            "2206": lambda: self.settlements.pre_settle(data, place),
            "2207": lambda: self.settlements.settle(data, place, call.msgid),
            "2208": lambda: self.settlements.cancel(data, place),
            "2401": lambda: self.stays.admit(data, place),
            "2402": lambda: self.stays.discharge(data, place),
            "2404": lambda: self.stays.forget(data, place),
            "2405": lambda: self.stays.reopen(data, place),
            "2301": lambda: self.stays.upload(call.input, place),
            "2302": lambda: self.stays.withdraw(data, place),
            "2303": lambda: self.settlements.pre_settle(data, place),
            "2304": lambda: self.settlements.settle(data, place, call.msgid),
            "2305": lambda: self.settlements.cancel(data, place),
            "2601": lambda: self.settlements.reverse(data),
            "3201": lambda: self.totals.compare(data, place),
            "3202": lambda: self.totals.differences(data, place),
        }
        if call.infno not in acts:
            raise No("INFNO_UNKNOWN", "There is no such transaction.")
        try:
            return acts[call.infno]()
        except (KeyError, ValueError, ArithmeticError):
            raise No("INPUT_INVALID", "A member of the input is missing or wrong.") from None


def refuse(status: int, code: str, message: str) -> Response:
    return JSONResponse({"code": code, "message": message}, status)


def bureau_router(party: Party, work: Work, secret: str) -> APIRouter:
    router = APIRouter(default_response_class=JSONResponse)

    @router.post(PATH)
    async def call_service(request: Request) -> Response:
        try:
            call = Envelope.model_validate_json(await request.body())
        except ValidationError:
            return refuse(400, "ENVELOPE_INVALID", "The envelope is not complete.")
        if not call.signed_with(secret):
            return _render(party, secret, call, {}, "SIGNATURE_WRONG: The signature does not fit.")
        if call.fixmedins_code not in party.tables["institutions"]:
            return _render(party, secret, call, {}, "INSTITUTION_UNKNOWN: No such institution.")
        data = call.input.get("data", {})
        about = {"infno": call.infno, "msgid": call.msgid, "person": str(data.get("psn_no", ""))}
        fault = party.faults.take(**about)
        if fault is None:
            return _answer(party, work, secret, call)
        party.journal.write("fault", fault=fault.fault, **about)
        return await _spoil(request, fault, party, work, secret, call)

    return router


def _answer(party: Party, work: Work, secret: str, call: Envelope, **spoil: Any) -> Response:
    output, message = _do(party, work, call)
    return _render(party, secret, call, output, message, **spoil)


def _do(party: Party, work: Work, call: Envelope) -> tuple[Row, str]:
    try:
        with party.state.transaction():
            return work.act(call), ""
    except No as no:
        party.journal.write("refused", infno=call.infno, code=no.code)
        return {}, str(no)


def _render(
    party: Party, secret: str, call: Envelope, output: Row, message: str, **spoil: Any
) -> Response:
    infcode = "-1" if message else "0"
    msgid = spoil.get("msgid", call.msgid)
    body = answered(secret, msgid, output, infcode, message, party.clock.now())
    return JSONResponse(body | spoil.get("members", {}))


async def _spoil(
    request: Request, fault: Fault, party: Party, work: Work, secret: str, call: Envelope
) -> Response:
    match fault.fault:
        case "error_500":
            return refuse(500, "INTERNAL", "An internal error.")
        case "down":
            answer = refuse(503, "UNAVAILABLE", "Out of service.")
            answer.headers["Retry-After"] = str(fault.detail("retry_after_s", 1))
            return answer
        case "accepted_answer_lost":
            _do(party, work, call)
            return await cut_connection(request)
        case "already_settled":
            _do(party, work, call)
            said = "ALREADY_SETTLED: The visit is settled already."
            return _render(party, secret, call, {}, said)
        case "bad_signature":
            return _answer(party, work, secret, call, members={"cainfo": "0" * 64})
        case "other_msgid":
            return _answer(party, work, secret, call, msgid=call.msgid[::-1])
        case "balance_changed":
            person = fault.detail("account", str(call.input["data"].get("psn_no", "")))
            work.persons.set_balance(person, fen(fault.detail("balance")))
    if fault.delay_s > 0:
        await asyncio.sleep(fault.delay_s)
    output, message = _do(party, work, call)
    if fault.fault == "other_stay" and "mdtrt_id" in output:
        output = {**output, "mdtrt_id": "M999999999999"}
    elif fault.fault in _SPOILT and "setlinfo" in output:
        output = {**output, "setlinfo": _spoilt(output["setlinfo"], fault.fault)}
    return _render(party, secret, call, output, message)


def _spoilt(said: Row, fault: str) -> Row:
    """An answer with a right signature and a content that cannot be true."""
    match fault:
        case "split_wrong":
            return {**said, "fund_pay_sumamt": yuan(fen(said["fund_pay_sumamt"]) + 1)}
        case "other_person":
            return {**said, "psn_no": "P9999999999999999"}
        case "other_stay":
            return {**said, "mdtrt_id": "M999999999999"}
        case "funds_wrong":
            return {**said, "hifes_pay": "0.01"}
        case "other_amount":
            fee, cash = fen(said["medfee_sumamt"]) + 100, fen(said["psn_cash_pay"]) + 100
            return {**said, "medfee_sumamt": yuan(fee), "psn_cash_pay": yuan(cash)}
        case _:
            return {**said, "currency": "HKD"}
