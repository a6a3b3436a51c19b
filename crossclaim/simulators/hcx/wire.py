"""What the other side sends: taken once, acknowledged, answered on its callback."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from crossclaim.simulators.doorway import cut_connection
from crossclaim.simulators.faults import Fault
from crossclaim.simulators.hcx import callbacks
from crossclaim.simulators.hcx.callbacks import HcxCallbacks, Say
from crossclaim.simulators.hcx.envelope import Message, Refused, read
from crossclaim.simulators.hcx.keys import Keys
from crossclaim.simulators.insurer import wire as insurer_wire
from crossclaim.simulators.insurer.answers import Answers
from crossclaim.simulators.insurer.outcome import FhirFault
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
from crossclaim.simulators.insurer.stops import STOPS, Stops
from crossclaim.simulators.party import Party

FAULTS = insurer_wire.FAULTS | callbacks.FAULTS
_SUBMITS = ("preauth/submit", "claim/submit")


class HcxDesk:
    """The insurer's desk behind the exchange; each message is one transaction."""

    def __init__(self, party: Party, answers: Answers, pen: Pen, calls: HcxCallbacks) -> None:
        self._party = party
        self._state = party.state
        self._answers = answers
        self._stops = Stops(party, answers)
        self._pen = pen
        self._calls = calls

    def take(self, action: str, message: Message) -> list[Fault]:
        """The faults that struck. Raises ``Refused`` and ``FhirFault``."""
        known = self._state.one(
            "SELECT digest FROM call WHERE api_call_id = ?", message.said("api_call_id")
        )
        digest = hashlib.sha256(message.content).hexdigest()
        if known is not None:
            if known["digest"] != digest:
                raise Refused("ERR_INVALID_API_CALL_ID")
            self._party.journal.write("came_again", action=action)
            return []
        reference, about = self._about(action, message)
        faults = self._party.faults.take_all(operation=action, reference=reference, **about)
        for fault in faults:
            self._party.journal.write(
                "fault", fault=fault.fault, operation=action, reference=reference
            )
        if any(fault.fault == "error_500" for fault in faults):
            return faults
        call = self._kept(action, message, reference, digest)
        self._act(call, message, faults)
        return faults

    def _about(self, action: str, message: Message) -> tuple[str, dict[str, str]]:
        if action in _SUBMITS:
            claim = read_claim(parse(message.content, "Bundle"))
            return claim.reference, {"policy_number": claim.policy_number}
        if action == "coverageeligibility/check":
            bundle = parse(message.content, "Bundle")
            asked = first_of(bundle, "CoverageEligibilityRequest")
            return own_reference(asked), {"policy_number": policy_number(bundle)}
        if action == "communication/request":
            return own_reference(parse(message.content, "Task")), {}
        if action == "hcx/status":
            found = self._asked_about(message)
            return (found["reference"] if found else ""), {}
        raise Refused("ERR_API_VERSION_NOT_SUPPORTED", 404)

    def _asked_about(self, message: Message) -> Any:
        about = json.loads(message.content or b"{}")
        return self._state.one(
            "SELECT * FROM call WHERE correlation_id = ?", str(about.get("correlation_id"))
        )

    def _kept(self, action: str, message: Message, reference: str, digest: str) -> Any:
        correlation = message.said("correlation_id")
        if self._state.one("SELECT 1 FROM call WHERE correlation_id = ?", correlation) is not None:
            raise Refused("ERR_INVALID_CORRELATION_ID")
        values = (
            message.said("api_call_id"),
            digest,
            action,
            correlation,
            message.said("workflow_id"),
            reference,
            message.said("sender_code"),
        )
        self._state.execute("INSERT INTO call VALUES (?, ?, ?, ?, ?, ?, ?)", *values)
        self._party.journal.write(
            "came",
            action=action,
            reference=reference,
            correlation_id=correlation,
            workflow_id=message.said("workflow_id"),
        )
        return self._state.one("SELECT * FROM call WHERE correlation_id = ?", correlation)

    def _act(self, call: Any, message: Message, faults: list[Fault]) -> None:
        action = call["action"]
        if action in _SUBMITS:
            answer = self._answers.submit(read_claim(parse(message.content, "Bundle")), faults)
            if answer["outcome"] != "queued":
                self._calls.enqueue(call["reference"], json.dumps(answer, default=float), 1)
        elif action == "coverageeligibility/check":
            self._eligibility(call, parse(message.content, "Bundle"))
        elif action == "communication/request":
            self._task(call, parse(message.content, "Task"), faults)
        else:
            self._status(call, self._asked_about(message))

    def _eligibility(self, call: Any, bundle: Resource) -> None:
        row = self._answers.row(policy_number(bundle)) or {}
        in_force, direct = bool(row.get("in_force")), bool(row.get("direct_billing"))
        asked = first_of(bundle, "CoverageEligibilityRequest")
        told = self._pen.eligibility(asked, in_force, direct, self._party.clock.now())
        self._calls.say(Say(call, "response.complete", json.dumps(told, default=float)))

    def _task(self, call: Any, task: Resource, faults: list[Fault]) -> None:
        codes = [coding.get("code") for coding in task.get("code", {}).get("coding", [])]
        code = next((code for code in codes if code in ("release", *STOPS)), "")
        reference, digest = own_reference(task), body_hash(task)
        about = str(task.get("focus", {}).get("identifier", {}).get("value", ""))
        try:
            if code == "release":
                _, done = self._answers.release(reference, about, task, digest)
            else:
                _, done = self._stops.stop(code, reference, about, task, digest, faults)
        except FhirFault as fault:
            error = f"ERR_{fault.code.upper().replace('-', '_')}"
            self._calls.say(Say(call, "response.error", "{}", error))
            return
        self._calls.say(Say(call, "response.complete", json.dumps(done, default=float)))

    def _status(self, call: Any, about: Any) -> None:
        if about is None:
            self._calls.say(Say(call, "response.error", "{}", "ERR_INVALID_CORRELATION_ID"))
            return
        use = "preauthorization" if about["action"] == "preauth/submit" else "claim"
        told = self._answers.inquire(about["reference"], use)
        if told["outcome"] == "queued":
            self._calls.say(Say(call, "request.dispatched", "{}"))
        else:
            self._calls.say(Say(call, "response.complete", json.dumps(told, default=float)))


def hcx_router(party: Party, desk: HcxDesk, keys: Keys, code: str) -> APIRouter:
    router = APIRouter(prefix="/hcx/v0.8")

    @router.post("/{flow}/{verb}")
    async def take(flow: str, verb: str, request: Request) -> Response:
        said: dict[str, str] = {}
        try:
            message = read(
                await request.body(), request.headers.get("authorization", ""), keys, code
            )
            said = {name: message.said(name) for name in ("api_call_id", "correlation_id")}
            with party.state.transaction():
                faults = {f.fault: f for f in desk.take(f"{flow}/{verb}", message)}
        except Refused as refused:
            party.journal.write("refused", action=f"{flow}/{verb}", code=refused.code)
            return _answer(refused.status, said, refused.code)
        except FhirFault as fault:
            party.journal.write("refused", action=f"{flow}/{verb}", code=fault.code)
            return _answer(422, said, "ERR_INVALID_DOMAIN_PAYLOAD")
        if "error_500" in faults:
            return _answer(500, said, "INTERNAL_SERVER_ERROR")
        if "slow" in faults:
            await asyncio.sleep(faults["slow"].delay_s)
        if "timeout_after_accept" in faults:
            return await cut_connection(request)
        return _answer(202, said)

    return router


def _answer(status: int, said: dict[str, str], code: str = "") -> JSONResponse:
    body: dict[str, Any] = {"timestamp": datetime.now(UTC).isoformat(timespec="seconds"), **said}
    if code:
        body["error"] = {"code": code, "message": "not taken", "trace": ""}
    return JSONResponse(body, status)


def refuse(status: int, code: str, message: str) -> Response:
    """For what the doorway itself keeps out."""
    return _answer(status, {}, f"ERR_{code}")
