"""What a story is told from of money that goes back. Pure."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen


class ClawBackFact(Frozen):
    reference: str
    organisation_id: str
    payee: str
    amount_minor: int
    state: str
    ordered_at: datetime
    received_at: datetime | None = None
    recorded_at: datetime
