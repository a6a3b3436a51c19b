"""The voucher system's calls beyond one own account: pairing, first use, confirmation, months."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import quote

from crossclaim.domain.errors import Retryable
from crossclaim.domain.party import (
    NewVoucherAccount,
    ReimbursedClaim,
    ReimbursementStatement,
    SpouseAccount,
    VoucherAccount,
    VoucherClaimReceipt,
)
from crossclaim.domain.voucher_submission import SpouseSubmission
from crossclaim.gateways.http import PartyHttp, none_if_absent
from crossclaim.gateways.voucher_answers import (
    AccountAnswer,
    PairingAnswer,
    RateAnswer,
    ReimbursementAnswer,
    account_of,
    changed,
    document_body,
    rfc3339,
)


class SchemeCalls:
    """Part of ``VoucherGateway``."""

    _http: PartyHttp

    def find_pairing(
        self, account_id: str, spouse: SpouseSubmission, institution: str
    ) -> SpouseAccount | None:
        """The spouse's account when the two are paired; only the system's own 404 says no."""
        correlation_id = uuid.uuid4().hex
        body = {
            "account_id": account_id,
            "spouse": {
                "document": document_body(spouse.document),
                "birth_date": spouse.birth_date.isoformat(),
            },
            "institution": institution,
        }
        found = none_if_absent(
            "PAIRING_NOT_FOUND",
            lambda: self._http.post(
                "/ehs/v1/pairings/search",
                body,
                idempotency_key=correlation_id,
                correlation_id=correlation_id,
                safe=True,
            ).read_as(PairingAnswer.model_validate),
        )
        if found is None:
            return None
        if found.account_id == account_id:
            raise Retryable("the pairing names the own account", code="ANSWER_FOREIGN")
        return SpouseAccount(
            account_id=found.account_id,
            balance=found.balance,
            paired_on=found.paired_on,
            ended_on=found.ended_on,
            deceased_on=found.deceased_on,
        )

    def open_account(self, order: NewVoucherAccount, at: datetime) -> VoucherAccount:
        """A temporary account; the same order again is answered as before and opens none."""
        body: dict[str, Any] = {
            "reference": order.reference,
            "document": document_body(order.document),
            "name": order.name.model_dump(exclude_none=True),
            "birth_date": order.birth_date.isoformat(),
            "institution": order.institution,
            "consent_signed_at": rfc3339(order.consent_signed_at),
            "ehealth_consent_signed_at": rfc3339(order.ehealth_consent_signed_at),
            "identity_checked_by": order.checked_by,
            "identity_checked_at": rfc3339(order.checked_at),
        }
        opened = self._http.post(
            "/ehs/v1/accounts",
            body,
            idempotency_key=order.reference,
            correlation_id=order.reference,
        ).read_as(AccountAnswer.model_validate)
        return account_of(opened.usable(), self.rate(order.reference), at)

    def rate(self, correlation_id: str) -> RateAnswer:
        """The rate of this moment."""
        return self._http.get("/ehs/v1/rates/CNY", correlation_id=correlation_id).read_as(
            RateAnswer.model_validate
        )

    def confirm(
        self, transaction_number: str, reference: str, confirmed_by: str, confirmed_at: datetime
    ) -> VoucherClaimReceipt:
        """The provider's confirmation of an entered claim; again answers the same."""
        return self._http.post(
            f"/ehs/v1/claims/{quote(transaction_number, safe='')}/confirm",
            {
                "reference": reference,
                "confirmed_by": confirmed_by,
                "confirmed_at": rfc3339(confirmed_at),
            },
            idempotency_key=reference,
            correlation_id=reference,
        ).read_as(lambda told: changed(transaction_number, reference, told, "confirmed"))

    def reimbursements(self, institution: str, month: str) -> ReimbursementStatement | None:
        """What the Department reimburses for a month; None while it has no statement of it."""
        correlation_id = uuid.uuid4().hex
        answer = none_if_absent(
            "STATEMENT_NOT_READY",
            lambda: self._http.get(
                "/ehs/v1/reimbursements",
                params={"institution": institution, "month": month},
                correlation_id=correlation_id,
            ).read_as(ReimbursementAnswer.model_validate),
        )
        if answer is None:
            return None
        if (answer.institution, answer.month) != (institution, month):
            raise Retryable("the statement is another institution's", code="ANSWER_FOREIGN")
        return ReimbursementStatement(
            number=answer.statement_number,
            institution=answer.institution,
            month=answer.month,
            paid_on=answer.paid_on,
            total=answer.total,
            claims=[
                ReimbursedClaim(
                    reference=line.reference,
                    transaction_number=line.transaction_number,
                    amount=line.amount,
                    state=line.state,
                )
                for line in answer.items
            ],
        )
