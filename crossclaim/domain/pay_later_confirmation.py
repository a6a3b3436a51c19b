"""The payer's confirmation of a charge after care, as the hospital passes it on."""

from __future__ import annotations

from pydantic import AwareDatetime

from crossclaim.domain.submission import Code, Wire


class PayLaterConfirmation(Wire):
    """``POST /v1/episodes/{id}/confirmations``: somebody chose to pay by 惠民支付 (有感支付).

    Business key: the bill's + ``confirmation``.
    """

    bill_number: Code
    bill_version: int
    confirmed_at: AwareDatetime
