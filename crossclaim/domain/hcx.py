"""The words of an HCX-style exchange: protected headers, actions and states."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.hcx_errors import HcxCode, HcxError

VERSION = "v0.8"
SENDER = "x-hcx-sender_code"
RECIPIENT = "x-hcx-recipient_code"
API_CALL_ID = "x-hcx-api_call_id"
CORRELATION_ID = "x-hcx-correlation_id"
WORKFLOW_ID = "x-hcx-workflow_id"
TIMESTAMP = "x-hcx-timestamp"
STATUS = "x-hcx-status"
REDIRECT_TO = "x-hcx-redirect_to"
ERROR_DETAILS = "x-hcx-error_details"
MANDATORY = (SENDER, RECIPIENT, API_CALL_ID, CORRELATION_ID, TIMESTAMP)

ELIGIBILITY = "coverageeligibility/check"
PREDETERMINATION = "predetermination/submit"
PREAUTH = "preauth/submit"
CLAIM = "claim/submit"
PAYMENT_NOTICE = "paymentnotice/request"
COMMUNICATION = "communication/request"
STATUS_CHECK = "hcx/status"
SUBSCRIBE = "notification/subscribe"
UNSUBSCRIBE = "notification/unsubscribe"
NOTIFY = "notification/notify"
"""Acknowledged and no more: it has no callback."""
REQUESTS = (
    ELIGIBILITY,
    PREDETERMINATION,
    PREAUTH,
    CLAIM,
    PAYMENT_NOTICE,
    COMMUNICATION,
    STATUS_CHECK,
    SUBSCRIBE,
    UNSUBSCRIBE,
)

QUEUED = "request.queued"
DISPATCHED = "request.dispatched"
COMPLETE = "response.complete"
PARTIAL = "response.partial"
ERROR = "response.error"
REDIRECT = "response.redirect"
REQUEST_STATES = frozenset({QUEUED, DISPATCHED})
RESPONSE_STATES = frozenset({COMPLETE, PARTIAL, ERROR, REDIRECT})

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@\-]{0,127}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:\-]{0,63}")
_ERROR_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")


def callback_of(action: str) -> str:
    """``claim/submit`` is answered on ``claim/on_submit``."""
    room, _, verb = action.rpartition("/")
    return f"{room}/on_{verb}"


CALLBACKS = {callback_of(action): action for action in REQUESTS}
"""Callback → the action that it answers."""


class ErrorDetails(Frozen):
    """What a participant says of its own error; codes alone are kept of it."""

    code: str
    message: str = ""
    trace: str = ""


class Headers(Frozen):
    """The protected headers of one message."""

    sender: str
    recipient: str
    api_call_id: str
    correlation_id: str
    workflow_id: str = ""
    timestamp: datetime
    status: str = ""
    redirect_to: str = ""
    error: ErrorDetails | None = None

    def wire(self) -> dict[str, Any]:
        """As they stand in the JWE; what is not said is left out."""
        said: dict[str, Any] = {
            SENDER: self.sender,
            RECIPIENT: self.recipient,
            API_CALL_ID: self.api_call_id,
            CORRELATION_ID: self.correlation_id,
            WORKFLOW_ID: self.workflow_id,
            TIMESTAMP: self.timestamp.isoformat(timespec="seconds"),
            STATUS: self.status,
            REDIRECT_TO: self.redirect_to,
            ERROR_DETAILS: self.error.model_dump() if self.error else None,
        }
        return {name: value for name, value in said.items() if value}

    @classmethod
    def read(cls, said: dict[str, Any], *, answers: bool) -> Self:
        """Of a message that came; ``answers``: it came on a callback. Raises ``HcxError``."""
        missing = [name for name in MANDATORY if not said.get(name)]
        if missing:
            raise HcxError(HcxCode.HEADER_MISSING, ", ".join(missing))
        headers = cls(
            sender=_matched(said, SENDER, _CODE, HcxCode.SENDER),
            recipient=_matched(said, RECIPIENT, _CODE, HcxCode.RECIPIENT),
            api_call_id=_uuid(said[API_CALL_ID], HcxCode.API_CALL_ID),
            correlation_id=_uuid(said[CORRELATION_ID], HcxCode.CORRELATION_ID),
            workflow_id=_matched(said, WORKFLOW_ID, _ID, HcxCode.WORKFLOW_ID, ""),
            timestamp=_moment(said[TIMESTAMP]),
            status=_status(said.get(STATUS, ""), answers=answers),
            redirect_to=_matched(said, REDIRECT_TO, _CODE, HcxCode.REDIRECT_TO, ""),
            error=_details(said.get(ERROR_DETAILS)),
        )
        if headers.sender == headers.recipient:
            raise HcxError(HcxCode.SENDER, "the sender is the recipient")
        if (headers.status == REDIRECT) != bool(headers.redirect_to):
            raise HcxError(HcxCode.REDIRECT_TO)
        if (headers.status == ERROR) != (headers.error is not None):
            raise HcxError(HcxCode.ERROR_DETAILS)
        return headers


def _matched(
    said: dict[str, Any],
    name: str,
    form: re.Pattern[str],
    code: HcxCode,
    default: str | None = None,
) -> str:
    value = said.get(name, default)
    if value == default and default is not None:
        return default
    if not isinstance(value, str) or not form.fullmatch(value):
        raise HcxError(code, f"{name} is malformed")
    return value


def _uuid(value: Any, code: HcxCode) -> str:
    try:
        return str(UUID(value)) if isinstance(value, str) and len(value) == 36 else _no(code)
    except ValueError:
        return _no(code)


def _no(code: HcxCode) -> str:
    raise HcxError(code, "not a UUID")


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise HcxError(HcxCode.TIMESTAMP, "not a moment of ISO 8601") from None
    if moment.tzinfo is None:
        raise HcxError(HcxCode.TIMESTAMP, "without its offset")
    return moment


def _status(value: Any, *, answers: bool) -> str:
    if value == "" and not answers:
        return QUEUED
    allowed = RESPONSE_STATES | REQUEST_STATES if answers else REQUEST_STATES
    if not isinstance(value, str) or value not in allowed:
        raise HcxError(HcxCode.STATUS, f"one of {', '.join(sorted(allowed))}")
    return value


def _details(value: Any) -> ErrorDetails | None:
    if value is None:
        return None
    members = value if isinstance(value, dict) else {}
    texts = {name: members.get(name, "") for name in ("code", "message", "trace")}
    known = set(members) <= set(texts) and all(isinstance(t, str) for t in texts.values())
    if not known or not _ERROR_CODE.fullmatch(texts["code"]):
        raise HcxError(HcxCode.ERROR_DETAILS)
    return ErrorDetails.model_validate(texts)


def opens_cycle(action: str) -> bool:
    """Neither an answer nor an inquiry."""
    return action in REQUESTS and action != STATUS_CHECK
