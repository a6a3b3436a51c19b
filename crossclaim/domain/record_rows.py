"""Rows about health records: requests, and what is delivered to a record system."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from crossclaim.domain.allocation import Frozen

OPEN = frozenset({"due", "sent"})
"""Nothing is decided yet: due, or sent with an outcome that is unknown."""
CONSENT_REPORTS = frozenset({"consent_given", "consent_withdrawn"})


class RecordRequestRow(Frozen):
    """States: due, sent, answered; refused, expired, stopped, set_aside, lost."""

    id: str
    number: str
    system: str
    institution: str
    reference: str
    state: str
    requested_at: datetime
    requested_by: str
    expires_at: datetime
    """The codes are never sent after it."""
    give_up_at: datetime
    window_from: date
    window_until: date
    sections: list[str]
    next_try_at: datetime | None = None
    answered_at: datetime | None = None
    reason: str = ""
    object_key: str = ""
    emergency: bool = False
    """Asked without the consent, to protect life or health."""

    @property
    def open(self) -> bool:
        return self.state in OPEN


class RecordDeliveryRow(Frozen):
    """A document, or a change of an eHealth consent. States: due, sent, delivered; refused,
    stopped, lapsed.
    """

    id: str
    number: str
    kind: str
    institution: str
    reference: str
    state: str
    sha256: str = ""
    made_on: date | None = None
    consent_type: str = ""
    changed_at: datetime | None = None
    """When the consent was signed or its withdrawal took effect."""
    asked_at: datetime
    due_within_s: int
    next_try_at: datetime | None = None
    receipt: str = ""
    reason: str = ""

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def reports_consent(self) -> bool:
        return self.kind in CONSENT_REPORTS

    def due_until(self, visit_over_at: datetime | None) -> datetime:
        """The clock of a delivery begins when it was asked for and the visit was over."""
        begun = self.asked_at if visit_over_at is None else max(self.asked_at, visit_over_at)
        return begun + timedelta(seconds=self.due_within_s)
