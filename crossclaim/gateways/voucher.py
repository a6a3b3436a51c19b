"""The voucher system (eHealth System, Subsidies) over ``docs/wire/voucher.md``."""

from __future__ import annotations

import re
import uuid
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from crossclaim.domain.party import VoucherAccount, VoucherClaimOrder, VoucherClaimReceipt
from crossclaim.domain.submission import IdentityDocument
from crossclaim.gateways.http import PartyHttp, Refusal, none_if_absent
from crossclaim.gateways.voucher_answers import (
    AccountAnswer,
    ClaimAnswer,
    account_of,
    changed,
    document_body,
    foreign,
    rfc3339,
)
from crossclaim.gateways.voucher_scheme import SchemeCalls

_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,2})?")


def read_refusal(body: Any) -> Refusal:
    """The code of a refusal, with the balance that a refusal for its sake names."""
    if not isinstance(body, dict) or not isinstance(body.get("code"), str):
        return Refusal("")
    balance = body.get("balance")
    amount = balance.get("amount") if isinstance(balance, dict) else None
    known = isinstance(amount, str) and _AMOUNT.fullmatch(amount)
    return Refusal(body["code"], {"balance": str(amount)} if known else {})


class VoucherGateway(SchemeCalls):
    """``activities.ports.VoucherSystem`` over HTTP. Build its ``http`` with ``read_refusal``."""

    def __init__(self, http: PartyHttp) -> None:
        self._http = http

    def look_up(
        self, document: IdentityDocument, birth_date: date, institution: str, at: datetime
    ) -> VoucherAccount | None:
        """The account with the rate of this moment; None when the person has none."""
        correlation_id = uuid.uuid4().hex
        body = {
            "document": document_body(document),
            "birth_date": birth_date.isoformat(),
            "institution": institution,
        }
        found = none_if_absent(
            "ACCOUNT_NOT_FOUND",
            lambda: self._http.post(
                "/ehs/v1/accounts/search",
                body,
                idempotency_key=correlation_id,
                correlation_id=correlation_id,
                safe=True,
            ).read_as(AccountAnswer.model_validate),
        )
        if found is None:
            return None
        return account_of(found.usable(), self.rate(correlation_id), at)

    def claim(self, order: VoucherClaimOrder) -> VoucherClaimReceipt:
        """Uses vouchers; the same order again is answered as before and uses none."""
        body: dict[str, Any] = {
            "reference": order.reference,
            "account_id": order.account_id,
            "institution": order.institution,
            "department": order.department,
            "service_completed_at": rfc3339(order.service_completed_at),
            "claimed_at": rfc3339(order.claimed_at),
            "voucher_amount": order.amount.model_dump(),
            "net_service_fee": order.net_fee.model_dump(),
            "rate_id": order.rate_id,
            "reason_for_visit": order.reason_for_visit,
            "consent_signed_at": rfc3339(order.consent_signed_at),
            **_further(order),
        }
        return self._http.post(
            "/ehs/v1/claims",
            body,
            idempotency_key=order.reference,
            correlation_id=order.reference,
        ).read_as(lambda told: _about(order.reference, told))

    def find(self, reference: str) -> VoucherClaimReceipt | None:
        """The claim under our reference; only the system's own CLAIM_NOT_FOUND proves absence."""
        return none_if_absent(
            "CLAIM_NOT_FOUND",
            lambda: self._http.get(
                "/ehs/v1/claims", params={"reference": reference}, correlation_id=reference
            ).read_as(lambda told: _about(reference, told)),
        )

    def void(self, transaction_number: str, reference: str, reason: str) -> VoucherClaimReceipt:
        """Takes a claim back; again answers the same. ``reference`` names this void, for ever."""
        return self._http.post(
            f"/ehs/v1/claims/{quote(transaction_number, safe='')}/void",
            {"reference": reference, "reason": reason},
            idempotency_key=reference,
            correlation_id=reference,
        ).read_as(lambda told: changed(transaction_number, reference, told, "voided"))


def _about(reference: str, told: Any) -> VoucherClaimReceipt:
    answer = ClaimAnswer.model_validate(told)
    if answer.reference != reference:
        raise foreign(reference)
    return answer.receipt()


def _further(order: VoucherClaimOrder) -> dict[str, str]:
    """Members that only some claims have."""
    found: dict[str, str] = {}
    if order.entered_by != "provider":
        found["entered_by"] = order.entered_by
    if order.ehealth_consent_signed_at is not None:
        found["ehealth_consent_signed_at"] = rfc3339(order.ehealth_consent_signed_at)
    if order.paired_with:
        found["paired_with"] = order.paired_with
    return found
