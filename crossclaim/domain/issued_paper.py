"""Papers that we issue: their kinds, and what anybody who holds one may ask about it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from crossclaim.domain.allocation import Frozen


class PaperKind(StrEnum):
    GUARANTEE_LETTER = "guarantee_letter"
    VOUCHER_CONSENT = "voucher_consent"
    VOUCHER_USE_RECORD = "voucher_use_record"
    EXPLANATION_OF_BENEFITS = "explanation_of_benefits"
    DECISION_LETTER = "decision_letter"
    REMITTANCE_ADVICE = "remittance_advice"
    SETTLEMENT_LIST = "settlement_list"
    COVERING_LETTER = "covering_letter"


class Verified(Frozen):
    """What a paper's code says: nothing about what stands on the paper, nor about whom."""

    kind: PaperKind
    issuer: str
    language: str
    dated: datetime
    """The time of its facts."""
    issued_at: datetime
    sha256: str
    superseded_at: datetime | None = None
    matches: bool | None = None
    """Whether the file in hand is the one that was issued; None: its digest was not told."""


class VerifiedPaper(Verified):
    """As it is told; what is not known is left out."""

    superseded: bool
