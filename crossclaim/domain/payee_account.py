"""Another account for a payout that came back: one person gives it, another one approves it."""

from __future__ import annotations

from pydantic import AwareDatetime

from crossclaim.domain.submission import BankAccount, Code, Text, Wire


class PayeeAccountSubmission(Wire):
    """``POST /v1/episodes/{id}/payee-accounts``. Business key: episode + payout + number."""

    number: Code
    """The sender's number of this proposal."""
    payout_reference: Code
    """The payout that was rejected or returned."""
    account: BankAccount
    signed_at: AwareDatetime
    """When the payee signed for the new account."""


class PayeeDecisionSubmission(Wire):
    """``POST /v1/episodes/{id}/payee-decisions``. Business key: the proposal's + ``decision``."""

    number: Code
    payout_reference: Code
    approved: bool
    decided_at: AwareDatetime
    reason: Text
