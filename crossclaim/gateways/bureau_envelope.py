"""The envelope of the national interface: message ids, signatures, what an answer is worth."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from pydantic import SecretStr

from crossclaim.domain.bureau import AnswerContradicts, Institution
from crossclaim.domain.errors import Final
from crossclaim.gateways.bureau_shapes import Envelope, moment
from crossclaim.gateways.http import PartyHttp

PATH = "/fsi/api/rsfComIfsService/callService"
SIGNTYPE = "HMAC-SHA256"
_CODE = re.compile(r"([A-Z][A-Z_]{2,40}):")

Read = TypeVar("Read")


def message_id(institution: Institution, reference: str) -> str:
    """30 signs as the interface wants them, the institution's code first; the same for ever."""
    rest = hashlib.sha256(reference.encode()).hexdigest().upper()
    return f"{institution.code}{rest}"[:30]


def signature(secret: SecretStr, head: str, content: Any) -> str:
    """HMAC-SHA256 over the head's lines and the content with its keys in order."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str
    )
    key = secret.get_secret_value().encode()
    return hmac.new(key, f"{head}\n{text}".encode(), hashlib.sha256).hexdigest()


class BureauCall:
    """One transaction: sends the envelope, believes only an answer that is ours and signed."""

    def __init__(self, http: PartyHttp, secret: SecretStr) -> None:
        self._http = http
        self._secret = secret

    def send(
        self,
        infno: str,
        institution: Institution,
        area_code: str,
        reference: str,
        content: dict[str, Any],
        at: datetime,
        read: Callable[[Any], Read],
        *,
        safe: bool,
    ) -> tuple[Read, Any]:
        """The output and the whole answer. ``safe``: repeating the call moves nothing.

        Raises ``Final`` for a refusal and ``AnswerContradicts`` for an answer that cannot be ours.
        """
        msgid = message_id(institution, reference)
        inf_time = moment(at)
        body = {
            "infno": infno,
            "msgid": msgid,
            "mdtrtarea_admvs": institution.area,
            "insuplc_admdvs": area_code,
            "fixmedins_code": institution.code,
            "inf_time": inf_time,
            "infver": "V1.0",
            "signtype": SIGNTYPE,
            "cainfo": signature(self._secret, f"{infno}\n{msgid}\n{inf_time}", content),
            "input": content,
        }
        answer = self._http.post(PATH, body, idempotency_key=msgid, correlation_id=msgid, safe=safe)
        told = answer.read_as(Envelope.model_validate)
        self._believe(told, infno, msgid, answer.body)
        if told.infcode != "0":
            found = _CODE.match(told.err_msg)
            code = found.group(1) if found else "BUREAU_REFUSED"
            raise Final(f"the bureau refused {infno}: {code}", code=code)
        try:
            return read(told.output), answer.body
        except ValueError:
            raise contradicts("BUREAU_ANSWER_UNREADABLE", infno, answer.body) from None

    def _believe(self, told: Envelope, infno: str, msgid: str, whole: Any) -> None:
        head = f"{told.infcode}\n{told.inf_refmsgid}\n{told.respond_time}"
        expected = signature(self._secret, head, told.output)
        if told.signtype != SIGNTYPE or not hmac.compare_digest(expected, told.cainfo):
            raise contradicts("BUREAU_SIGNATURE_WRONG", infno, whole)
        if told.inf_refmsgid != msgid:
            raise contradicts("BUREAU_OTHER_MESSAGE", infno, whole)


def contradicts(code: str, what: str, document: Any) -> AnswerContradicts:
    detail = f"the bureau's answer to {what} cannot be believed: {code}"
    return AnswerContradicts(detail, code=code, document=document)
