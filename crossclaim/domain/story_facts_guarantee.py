"""What a story is told from about letters of guarantee."""

from __future__ import annotations

from datetime import date, datetime

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.money import ConversionRate, Currency


class GuaranteeRequestFact(Frozen):
    id: str
    guarantee_id: str
    reference: str
    kind: str
    state: str
    planned_minor: int | None = None
    wanted_until: date | None = None
    reasons: list[str] = []
    asked_at: datetime
    due_at: datetime | None = None
    answered_at: datetime | None = None
    before_minor: int | None = None
    limit_minor: int | None = None


class GuaranteeFact(Frozen):
    id: str
    insurer_id: str
    reference: str
    state: str
    number: str = ""
    limit_minor: int | None = None
    currency: Currency = Currency.HKD
    rate: ConversionRate | None = None
    valid_until: date | None = None
    disposition: str = ""
    requested_at: datetime | None = None
    answered_at: datetime | None = None
    released_at: datetime | None = None
