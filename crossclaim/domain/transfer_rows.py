"""The rows of a transfer by ambulance that every decision about its episode may look at."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen


class HandOverRow(Frozen):
    """``due`` until its record is issued, ``held`` while a consent that it needs is missing."""

    id: str
    number: str
    from_institution: str
    to_institution: str
    recipient: str
    """The institution across the border from the hospital whose episode it is."""
    state: str
    emergency_reason: str = ""
    handed_over_at: datetime
