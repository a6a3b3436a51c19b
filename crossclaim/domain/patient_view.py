"""Where a patient's care stands, said to himself, and what is missing from him. Pure.

Codes alone: the words stand with his pages.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.information_rows import OPEN, WANTED
from crossclaim.domain.insurer_turns import DECIDED
from crossclaim.domain.patient_money import coming_back
from crossclaim.domain.records import CLOSED_CONSENT_WITHDRAWN, CLOSED_STATUSES, EpisodeRows
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import EncounterClass
from crossclaim.domain.withdrawal_rows import SUSPENDED

_WITH_FUNDER = ("due", "pended", "submitted", "queued", "failed")
_ON_INSURERS = ("direct", "reimbursement")
_OVERNIGHT = (EncounterClass.INPATIENT, EncounterClass.DAY_PROCEDURE)


class PatientStatus(StrEnum):
    """The one thing that matters most of an episode now."""

    CLOSED = "closed"
    CLOSED_WITHDRAWN = "closed_withdrawn"
    WAITS_FOR_YOU = "waits_for_you"
    SUSPENDED = "suspended"
    """A withdrawn consent holds a claim up."""
    GUARANTEE_ASKED = "guarantee_asked"
    PLANNED = "planned"
    IN_CARE = "in_care"
    BILL_AWAITED = "bill_awaited"
    WITH_INSURER = "with_insurer"
    MONEY_ON_ITS_WAY = "money_on_its_way"
    BEING_SETTLED = "being_settled"


class MissingKind(StrEnum):
    DOCUMENTS = "documents"
    PAYMENT = "payment"
    CONSENT = "consent"
    ACCOUNT = "account"
    """The bank gave the money back: the account that was named does not take it."""


class Missing(Frozen):
    """One thing that only the patient can give."""

    kind: MissingKind
    count: int = 0
    """Of documents."""
    amount_minor: int = 0
    """Fen of a payment."""
    organisation: str = ""
    """Who waits for it."""
    due_at: datetime | None = None


def missing(rows: EpisodeRows) -> list[Missing]:
    """What is awaited from the patient, the most urgent kind first; nothing once it is closed."""
    if rows.episode.status in CLOSED_STATUSES:
        return []
    return [*_documents(rows), *_payments(rows), *_accounts(rows), *_consents(rows)]


def _documents(rows: EpisodeRows) -> list[Missing]:
    found = []
    for request in rows.information_requests:
        if (request.state, request.asked_of) != (OPEN, "patient"):
            continue
        items = rows.information_items
        wanted = [i for i in items if (i.request_id, i.state) == (request.id, WANTED)]
        if wanted:
            told = {"organisation": request.organisation_id, "due_at": request.due_at}
            found.append(Missing(kind=MissingKind.DOCUMENTS, count=len(wanted), **told))
    return found


def _payments(rows: EpisodeRows) -> list[Missing]:
    hospital = rows.episode.hospital_id
    left = [
        rows.patient_share(b.id) - rows.tendered(b.id) - rows.paying(b.id)
        for b in rows.bills
        if b.payable
    ]
    return [
        Missing(kind=MissingKind.PAYMENT, amount_minor=fen, organisation=hospital)
        for fen in left
        if fen > 0
    ]


def _accounts(rows: EpisodeRows) -> list[Missing]:
    newest = {p.claim_id: p for p in rows.payouts if p.payee == "patient"}
    return [
        Missing(
            kind=MissingKind.ACCOUNT,
            amount_minor=p.amount_minor,
            organisation=p.debtor_organisation_id,
        )
        for p in newest.values()
        if p.state in ("returned", "rejected")
    ]


def _consents(rows: EpisodeRows) -> list[Missing]:
    return [
        Missing(kind=MissingKind.CONSENT, organisation=w.organisation_id, due_at=w.suspended_until)
        for w in rows.withdrawals
        if w.state == SUSPENDED
    ]


def patient_status(rows: EpisodeRows) -> PatientStatus:
    episode = rows.episode
    if episode.status == CLOSED_CONSENT_WITHDRAWN:
        return PatientStatus.CLOSED_WITHDRAWN
    if episode.status in CLOSED_STATUSES:
        return PatientStatus.CLOSED
    if any(m.kind is not MissingKind.CONSENT for m in missing(rows)):
        return PatientStatus.WAITS_FOR_YOU
    if any(w.state == SUSPENDED for w in rows.withdrawals):
        return PatientStatus.SUSPENDED
    if not any(b.payable for b in rows.bills):
        return _before_the_bill(rows)
    if any(c.kind in _ON_INSURERS and c.state in _WITH_FUNDER for c in rows.claims):
        return PatientStatus.WITH_INSURER
    if any(back.credited_on is None for back in coming_back(rows)):
        return PatientStatus.MONEY_ON_ITS_WAY
    return PatientStatus.BEING_SETTLED


def _before_the_bill(rows: EpisodeRows) -> PatientStatus:
    episode = rows.episode
    if episode.discharged_at is not None:
        return PatientStatus.BILL_AWAITED
    if episode.admitted_at is not None:
        return PatientStatus.IN_CARE
    if any(g.state in ("due", "requested", "queued") for g in rows.guarantees):
        return PatientStatus.GUARANTEE_ASKED
    if episode.encounter_class in _OVERNIGHT:
        return PatientStatus.PLANNED
    return PatientStatus.BILL_AWAITED


def decided_claims(rows: EpisodeRows) -> list[str]:
    """Claims on insurers of whose decision there is a letter."""
    return [
        c.id
        for c in rows.claims
        if c.kind in _ON_INSURERS
        and c.supplements is None
        and c.decided_at is not None
        and c.state in DECIDED
    ]


def before_admission(rows: EpisodeRows) -> bool:
    """There is nothing to be billed yet: an estimate is of use."""
    episode = rows.episode
    begun = episode.admitted_at is not None or episode.status in CLOSED_STATUSES
    return not begun and not any(b.payable for b in rows.bills)


def is_over(moment: datetime, at: datetime) -> bool:
    """Whether the day of ``moment`` has passed."""
    return local_day(at) > local_day(moment)
