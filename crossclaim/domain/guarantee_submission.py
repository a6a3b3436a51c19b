"""What is sent to us about letters of guarantee: asked for, decided by a person, withdrawn."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, StringConstraints

from crossclaim.domain.money import Money
from crossclaim.domain.submission import ChargeCategory, Code, DocumentNamed, Wire

Condition = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9\-]{0,31}(:[A-Za-z0-9._\-]{1,31})?$")
]
"""A code, with a value after a colon: ``encounter-class:inpatient``, ``admitted-by:2026-04-10``;
any other is shown and left to people."""


class GuaranteeRequestSubmission(Wire):
    """``POST /v1/episodes/{id}/guarantee-requests``. Business key: episode + number.

    The first of an insurer asks for a letter; while one is granted, it asks for more money, more
    time or both.
    """

    number: Code
    """The hospital's number of this request."""
    insurer: Code
    planned_amount: Money | None = None
    """The whole of what is planned now, not only what is new."""
    valid_until: date | None = None
    """Last day that is wanted."""
    documents: list[DocumentNamed] = []
    requested_at: AwareDatetime


class GuaranteeDecisionSubmission(Wire):
    """``POST /v1/episodes/{id}/guarantee-decisions``. Business key: episode + request, and
    ``word`` of a second person's."""

    request: Code
    """Our reference of the request that waits for a person."""
    approved: bool
    limit: Money | None = None
    """The whole limit from now on, in what the cover counts in."""
    valid_until: date | None = None
    conditions: list[Condition] | None = None
    """Absent: those of before stay."""
    exclusions: list[ChargeCategory] | None = None
    reason: Code | None = None
    """Why it is refused, as ``REASON_CODE``."""
    confirms: bool = False
    """The second person's, on a limit above the plan's amount that another one has proposed: his
    decision holds, and promises no more than the first."""
    decided_at: AwareDatetime


class GuaranteeWithdrawalSubmission(Wire):
    """``POST /v1/episodes/{id}/guarantee-withdrawals``. Business key: episode + letter."""

    guarantee: Code
    """Our reference of the letter."""
    reason: Code
    withdrawn_at: AwareDatetime
