"""What the part of a story about information requests is told from; no note is among it. Pure."""

from __future__ import annotations

from datetime import datetime

from crossclaim.domain.allocation import Frozen


class InformationRequestFact(Frozen):
    id: str
    number: str
    claim_id: str | None = None
    guarantee: str | None = None
    organisation_id: str
    asked_of: str
    state: str
    asked_at: datetime
    due_at: datetime
    recorded_at: datetime


class InformationItemFact(Frozen):
    request_id: str
    item: int
    kind: str
    line: int | None = None
    paper: str = ""
    state: str
    reason: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


class InformationEventFact(Frozen):
    id: int
    request_id: str
    kind: str
    due_at: datetime | None = None
    occurred_at: datetime
    recorded_at: datetime
