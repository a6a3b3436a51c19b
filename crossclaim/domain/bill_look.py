"""A bill that is only looked at: what its split would be, beside the version that stands."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from crossclaim.domain.allocation import Fault, Frozen
from crossclaim.domain.bill_difference import BillDifference

LOOK_BYTES = 64 * 1024
"""Of a bill's content, as it goes through the engine; what it would change is about as long."""


class BillLook(Frozen):
    """Judge this content as if it had come now; nothing of it is kept."""

    episode_id: str
    look: str
    """Its own number: two looks at once hinder each other in nothing."""
    organisation_id: str
    content: dict[str, Any]
    at: datetime

    @property
    def too_long(self) -> bool:
        return len(self.model_dump_json()) > LOOK_BYTES


class BillLooked(Frozen):
    """Either everything that is wrong with it, or what it would change."""

    faults: list[Fault] = []
    found: BillDifference | None = None

    def effect(self) -> str:
        """Digest of what was shown: another effect has another one."""
        told = "" if self.found is None else self.found.model_dump_json()
        return hashlib.sha256(told.encode()).hexdigest()[:32]
