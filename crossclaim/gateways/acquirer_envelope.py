"""The signed envelope of aggregate payment: flat JSON, HMAC-SHA256 over its members in order."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from crossclaim.domain.acquirer import AnswerNotBelieved
from crossclaim.gateways.http import PartyHttp

BASE = "/pay/gateway/v2"
SIGN_TYPE = "HMAC-SHA256"


def signature(secret: SecretStr, members: Mapping[str, Any]) -> str:
    """Members that are empty, and ``sign`` itself, are left out; the key ends the text."""
    named = sorted(
        (name, str(value))
        for name, value in members.items()
        if name != "sign" and value not in (None, "")
    )
    text = "&".join(f"{name}={value}" for name, value in named)
    key = secret.get_secret_value()
    signed = hmac.new(key.encode(), f"{text}&key={key}".encode(), hashlib.sha256)
    return signed.hexdigest().upper()


class AcquirerCall:
    """One call of one merchant: signs what is asked, believes only what is signed and ours."""

    def __init__(self, http: PartyHttp, secret: SecretStr) -> None:
        self._http = http
        self._secret = secret

    def send(
        self, operation: str, merchant: str, key: str, members: Mapping[str, Any], *, safe: bool
    ) -> dict[str, Any]:
        """The answer's members. ``key`` names the order or refund; ``safe``: asking moves nothing.

        Raises ``AnswerNotBelieved`` for an answer that cannot be ours.
        """
        body = {
            "mch_id": merchant,
            "nonce_str": secrets.token_hex(16),
            "sign_type": SIGN_TYPE,
            **members,
        }
        body["sign"] = signature(self._secret, body)
        answer = self._http.post(
            f"{BASE}/{operation}",
            body,
            idempotency_key=f"{operation}-{key}",
            correlation_id=key,
            safe=safe,
        )
        return answer.read_as(lambda told: self._believed(told, body, operation))

    def _believed(self, told: Any, body: Mapping[str, Any], operation: str) -> dict[str, Any]:
        if not isinstance(told, dict) or not isinstance(told.get("sign"), str):
            raise ValueError("this is no envelope")
        if not hmac.compare_digest(signature(self._secret, told), told["sign"]):
            raise not_believed("ACQUIRER_SIGNATURE_WRONG", operation, told)
        # The nonce comes back: an answer that was signed once is no answer to another question.
        if (told.get("mch_id"), told.get("nonce_str")) != (body["mch_id"], body["nonce_str"]):
            raise not_believed("ACQUIRER_OTHER_QUESTION", operation, told)
        return told


def not_believed(code: str, what: str, document: Any) -> AnswerNotBelieved:
    detail = f"the acquirer's answer to {what} cannot be believed: {code}"
    return AnswerNotBelieved(detail, code=code, document=document)
