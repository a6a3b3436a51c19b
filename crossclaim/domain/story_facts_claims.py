"""What a story of an episode knows of a claim."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import Currency, Money, counted


class ClaimFact(Frozen):
    id: str
    bill_id: str
    organisation_id: str | None = None
    kind: str
    reference: str
    state: str
    decides: str | None = None
    number: str = ""
    forecast_minor: int | None = None
    benefit_minor: int | None = None
    benefit_currency: Currency = Currency.HKD
    pay_fen: int | None = None
    occurred_at: datetime
    submitted_at: datetime | None = None
    decided_at: datetime | None = None
    supplements: str | None = None
    decided_by: str = ""
    """``rules`` or ``examiner``, of a claim that is decided here."""

    def counted(self, amount_minor: int | None) -> Money:
        """An amount of the claim's, in what its funder counts in."""
        return counted(amount_minor or 0, self.benefit_currency)
