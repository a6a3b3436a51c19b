"""Sends what we answer on the exchange to whoever asked; ``activities.hcx_port.HcxAnswers``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol

from crossclaim.domain.errors import Final
from crossclaim.domain.hcx import ERROR, ErrorDetails, Headers, callback_of
from crossclaim.domain.hcx_cycle import DueAnswer
from crossclaim.domain.hcx_errors import HcxCode, sentence
from crossclaim.gateways.hcx_call import HcxCall

_NAMESPACE = uuid.UUID("6a2d3f0e-5f0b-5d39-9b5e-0f5c1d3c7a41")


class HcxRequests(Protocol):
    """The rows of requests that came."""

    def due_answer(self, message_id: int) -> DueAnswer: ...

    def note_answered(self, message_id: int) -> None: ...

    def note_refused(self, message_id: int, why: str) -> None: ...

    def owed(self, older_than_s: float, at_most: int) -> list[int]: ...


class HcxAnswerGateway:
    def __init__(self, calls: Mapping[str, HcxCall], requests: HcxRequests) -> None:
        self._calls = calls
        self._requests = requests

    def due(self, message: int) -> DueAnswer:
        return self._requests.due_answer(message)

    def note_answered(self, message: int) -> None:
        self._requests.note_answered(message)

    def note_refused(self, message: int, why: str) -> None:
        self._requests.note_refused(message, why)

    def owed(self, older_than_s: float, at_most: int) -> list[int]:
        return self._requests.owed(older_than_s, at_most)

    def send(self, answer: DueAnswer) -> None:
        """Its call id follows from the request, so that a repeated answer is the same message."""
        call = self._calls.get(answer.sender)
        if call is None:
            raise Final("the participant has left the registry", code="ERR_INVALID_RECIPIENT")
        action = callback_of(answer.action)
        headers = Headers(
            sender=answer.recipient,
            recipient=answer.sender,
            api_call_id=str(uuid.uuid5(_NAMESPACE, f"{answer.api_call_id}/{action}")),
            correlation_id=answer.correlation_id,
            workflow_id=answer.workflow_id,
            timestamp=datetime.now(UTC),
            status=answer.status,
            error=_error(answer),
        )
        call.send(action, headers, answer.content.encode() or b"{}")


def _error(answer: DueAnswer) -> ErrorDetails | None:
    if answer.status != ERROR:
        return None
    known = next((code for code in HcxCode if code.value == answer.code), None)
    message = sentence(known).en if known else ""
    return ErrorDetails(code=answer.code or HcxCode.PROCESSING.value, message=message)
