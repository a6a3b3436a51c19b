"""What a story of an episode knows of appeals and of decisions after the first."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen


class AppealFact(Frozen):
    id: str
    claim_id: str
    level: int
    organisation_id: str
    due_at: datetime
    recorded_at: datetime


class RevisionFact(Frozen):
    claim_id: str
    version: int
    cause: str
    benefit_minor: int
    upheld: bool
    change_fen: int
    recorded_at: datetime
