"""Orders about a bill that stands: reopen it, cancel its settlement, money that came back, a cover
that was stated late."""

from __future__ import annotations

from pydantic import AwareDatetime

from crossclaim.domain.submission import Code, ConsentGiven, CoverageClaimed, Text, Wire


class ReopeningSubmission(Wire):
    """``POST /v1/episodes/{id}/reopenings``: back to a draft. Key: the bill's + ``reopening``."""

    bill_number: Code
    bill_version: int
    reopened_at: AwareDatetime
    reason: Text


class CancellationSubmission(Wire):
    """``POST /v1/episodes/{id}/settlement-cancellations``. Key: the bill's + ``cancellation``."""

    bill_number: Code
    bill_version: int
    cancelled_at: AwareDatetime
    reason: Text


class ClawBackReceived(Wire):
    """``POST /v1/episodes/{id}/claw-backs``: the insurer has its money back. Key: the reference."""

    claw_back: Code
    receipt: Code
    """The insurer's number of what it received."""
    received_at: AwareDatetime


class CoverageSubmission(Wire):
    """``POST /v1/episodes/{id}/coverages``: a cover stated after the episode was opened.

    Key: the episode's + ``coverage`` + the sender's number.
    """

    number: Code
    coverage: CoverageClaimed
    consents: list[ConsentGiven] = []
    stated_at: AwareDatetime
