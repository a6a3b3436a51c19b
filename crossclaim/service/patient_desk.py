"""A patient's pages, read as the organisation that let him in and narrowed to what is his."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import Callable
from datetime import date, datetime

from crossclaim.api.audit_port import AuditRecord
from crossclaim.api.services import LinkedItem
from crossclaim.domain.appeal import APPEAL_PLAN, levels, lodge_by
from crossclaim.domain.errors import NotFound
from crossclaim.domain.information_rows import OPEN
from crossclaim.domain.money import Money
from crossclaim.domain.patient_bearer import Sight, gives, may_see
from crossclaim.domain.patient_looks import LookRow, folded
from crossclaim.domain.patient_money import coming_back, paid
from crossclaim.domain.patient_view import (
    before_admission,
    decided_claims,
    missing,
    patient_status,
)
from crossclaim.domain.plan import PlanSet, RuleMissing
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.redecision import revisions
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType
from crossclaim.domain.voucher_rows import SPOUSE
from crossclaim.domain.withdrawal import WITHDRAWAL_PLAN
from crossclaim.domain.withdrawal_preview import Preview, preview
from crossclaim.patient.services import (
    Estimated,
    Looks,
    OwnBill,
    OwnConsent,
    OwnDecision,
    OwnEpisode,
    OwnPart,
    OwnRecord,
    OwnRequest,
    PatientSession,
    SpousesUse,
)
from crossclaim.security.keyring import Keyring
from crossclaim.service.audit import SqlAudit
from crossclaim.service.information import items_of
from crossclaim.service.party_view import own_rows, sees_all
from crossclaim.service.patient_estimates import estimated
from crossclaim.store.connection import Connection
from crossclaim.store.patient_reads import (
    consent_papers,
    content_of,
    expected_days,
    looks_at,
    sends_of,
    visit_number,
)
from crossclaim.store.rows import read_party_rows
from crossclaim.store.session import Database

LOOKS_A_PAGE = 200
"""Rows of a page of looks, before those of one day and kind are told as one."""
_NOTHING = "there is no such page"
_PLACE = re.compile(r"[A-Za-z0-9_]{1,80}")


class PatientReads:
    """Implements ``crossclaim.patient.services.PatientDesk``."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        plans: Callable[[], PlanSet],
        reference: Reference,
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._keyring = keyring
        self._plans = plans
        self._reference = reference
        self._now = now
        self._audit = SqlAudit(database)

    async def episodes(self, session: PatientSession) -> list[OwnEpisode]:
        return await asyncio.to_thread(self._episodes, session)

    def _episodes(self, session: PatientSession) -> list[OwnEpisode]:
        with self._database.begin(session.principal.organisation) as connection:
            return [
                _head(connection, self._rows(connection, session, one, Sight.EPISODE))
                for one in session.episodes
            ]

    async def record(self, session: PatientSession, episode_id: str) -> OwnRecord:
        return await asyncio.to_thread(self._record, session, episode_id)

    def _record(self, session: PatientSession, episode_id: str) -> OwnRecord:
        with self._database.begin(session.principal.organisation) as connection:
            rows = self._rows(connection, session, episode_id, Sight.EPISODE)
            return OwnRecord(
                head=_head(connection, rows),
                whole=session.principal.organisation == rows.episode.hospital_id,
                bills=_bills(rows),
                paid=paid(rows),
                back=coming_back(rows, expected_days(connection, episode_id)),
                requests=self._requests(connection, rows),
                decisions=self._decisions(session, rows),
                estimates=before_admission(rows),
            )

    def _rows(
        self,
        connection: Connection,
        session: PatientSession,
        episode_id: str,
        sight: Sight,
    ) -> EpisodeRows:
        """Raises ``NotFound`` alike for what is not there, not his, or not for such a bearer."""
        if episode_id not in session.episodes or not may_see(session.bearer, sight):
            raise NotFound(_NOTHING)
        rows = read_party_rows(connection, episode_id)
        if rows is None:
            raise NotFound(_NOTHING)
        whole = sees_all(session.principal, rows)
        return rows if whole else own_rows(session.principal.organisation, rows)

    def _requests(self, connection: Connection, rows: EpisodeRows) -> list[OwnRequest]:
        open_ = [r for r in rows.information_requests if (r.state, r.asked_of) == (OPEN, "patient")]
        if not open_:
            return []
        items = items_of(connection, self._keyring, rows.episode.id)
        return [
            OwnRequest(
                id=one.id,
                insurer=one.organisation_id,
                due_at=one.due_at,
                items=[LinkedItem.model_validate(item) for item in items.get(one.id, [])],
            )
            for one in open_
        ]

    def _decisions(self, session: PatientSession, rows: EpisodeRows) -> list[OwnDecision]:
        return [self._decision(session, rows, claim_id) for claim_id in decided_claims(rows)]

    def _decision(self, session: PatientSession, rows: EpisodeRows, claim_id: str) -> OwnDecision:
        claim = rows.claim(claim_id)
        later = revisions(rows, claim_id)
        decided_at = later[-1].decided_at if later else claim.decided_at
        assert decided_at is not None, "a decided claim"
        appeals = [a for a in rows.appeals if a.claim_id == claim_id]
        newest = appeals[-1] if appeals else None
        level, until = self._appealable(rows, claim_id, decided_at)
        return OwnDecision(
            claim_id=claim_id,
            insurer=claim.organisation_id or "",
            decided_at=decided_at,
            kind=claim.kind,
            appeal_level=level if may_see(session.bearer, Sight.ACTS) else 0,
            appeal_until=until,
            appeal_state=newest.state if newest else "",
            appeal_due_at=newest.due_at if newest and newest.decided_at is None else None,
        )

    def _appealable(
        self, rows: EpisodeRows, claim_id: str, decided_at: datetime
    ) -> tuple[int, date | None]:
        """The level at which it can be appealed today, and its last day; 0: at none."""
        claim, plan = rows.claim(claim_id), self._plans().find(APPEAL_PLAN)
        appeals = [a for a in rows.appeals if a.claim_id == claim_id]
        ended = (claim.organisation_id or "") in rows.ended_covers()
        if claim.decides != "here" or plan is None or ended:
            return 0, None
        if any(a.decided_at is None for a in appeals):
            return 0, None
        level = max((a.level for a in appeals), default=0) + 1
        try:
            rules = plan.on(local_day(decided_at))
            last = lodge_by(rules, level, decided_at) if level <= levels(rules) else None
        except RuleMissing:
            return 0, None
        if last is None or local_day(self._now()) > last:
            return 0, None
        return level, last

    async def consents(self, session: PatientSession, episode_id: str) -> list[OwnConsent]:
        return await asyncio.to_thread(self._consents, session, episode_id)

    def _consents(self, session: PatientSession, episode_id: str) -> list[OwnConsent]:
        """The bearer's own: a spouse sees what he gave, and of the patient's nothing."""
        by = gives(session.bearer)
        with self._database.begin(session.principal.organisation) as connection:
            rows = self._rows(connection, session, episode_id, Sight.CONSENTS)
            papers = consent_papers(connection, episode_id)
        return [
            OwnConsent(
                type=one.type,
                recipient=one.recipient,
                text_version=one.text_version,
                signed_at=one.signed_at,
                withdrawn_at=one.withdrawn_at,
                text_sha256=papers[one.id]["text_sha256"],
                evidence_sha256=papers[one.id]["evidence_sha256"],
                channel=papers[one.id]["channel"],
                signer=papers[one.id]["signer_capacity"],
            )
            for one in rows.consents
            if one.given_by == by
        ]

    async def preview(
        self, session: PatientSession, episode_id: str, consent: ConsentType, recipient: str | None
    ) -> Preview:
        return await asyncio.to_thread(self._preview, session, episode_id, consent, recipient)

    def _preview(
        self, session: PatientSession, episode_id: str, consent: ConsentType, recipient: str | None
    ) -> Preview:
        with self._database.begin(session.principal.organisation) as connection:
            rows = self._rows(connection, session, episode_id, Sight.CONSENTS)
            if not sees_all(session.principal, rows):
                # An insurer's pages know nothing of what it would do to the others.
                raise NotFound(_NOTHING)
            sends = sends_of(connection, episode_id)
        plan = self._plans().find(WITHDRAWAL_PLAN)
        by = gives(session.bearer)
        return preview(rows, consent, by, recipient, self._now(), plan, sends)

    async def looks(self, session: PatientSession, episode_id: str, after: str) -> Looks:
        return await asyncio.to_thread(self._looks, session, episode_id, after)

    def _looks(self, session: PatientSession, episode_id: str, after: str) -> Looks:
        with self._database.begin(session.principal.organisation) as connection:
            self._rows(connection, session, episode_id, Sight.LOOKS)
            found = looks_at(connection, episode_id, LOOKS_A_PAGE + 1, _opened(after))
        rows = [LookRow.model_validate(row) for row in found]
        page, more = rows[:LOOKS_A_PAGE], len(rows) > LOOKS_A_PAGE
        return Looks(looks=folded(page), after=_sealed(page[-1]) if more else "")

    async def spouses_uses(self, session: PatientSession, episode_id: str) -> list[SpousesUse]:
        return await asyncio.to_thread(self._spouses_uses, session, episode_id)

    def _spouses_uses(self, session: PatientSession, episode_id: str) -> list[SpousesUse]:
        """That an amount was taken, when, and whether it came back: never for what care."""
        with self._database.begin(session.principal.organisation) as connection:
            rows = self._rows(connection, session, episode_id, Sight.OWN_VOUCHERS)
        return [
            SpousesUse(
                on=one.submitted_at,
                amount_minor=one.forecast_minor or 0,
                currency=one.benefit_currency.value,
                given_back=one.state in ("voided", "withdrawing"),
            )
            for one in rows.claims
            if one.kind == SPOUSE and one.submitted_at is not None
        ]

    async def estimate(self, session: PatientSession, episode_id: str, planned: Money) -> Estimated:
        return await asyncio.to_thread(self._estimate, session, episode_id, planned)

    def _estimate(self, session: PatientSession, episode_id: str, planned: Money) -> Estimated:
        with self._database.begin(session.principal.organisation) as connection:
            rows = self._rows(connection, session, episode_id, Sight.ACTS)
            if not before_admission(rows):
                raise NotFound(_NOTHING)
            content = content_of(connection, self._keyring, episode_id)
        return estimated(content, rows, planned, self._plans(), self._reference, self._now())

    async def looked(
        self, session: PatientSession, operation: str, about: str, outcome: str
    ) -> None:
        await self._audit.record(
            AuditRecord(
                organisation=session.principal.organisation,
                key_id=session.principal.key_id,
                operation=operation,
                about=about,
                outcome=outcome,
            )
        )


def _head(connection: Connection, rows: EpisodeRows) -> OwnEpisode:
    return OwnEpisode(
        id=rows.episode.id,
        hospital=rows.episode.hospital_id,
        visit=visit_number(connection, rows.episode.id),
        encounter_class=rows.episode.encounter_class.value,
        opened_at=rows.episode.opened_at,
        status=patient_status(rows),
        missing=missing(rows),
    )


def _bills(rows: EpisodeRows) -> list[OwnBill]:
    found = []
    for bill in rows.bills:
        allocation = rows.allocation(bill.id)
        if not bill.payable or allocation is None:
            continue
        parts = [
            OwnPart(funder=t.funder.value, organisation=t.organisation, amount=t.amount)
            for t in allocation.result.totals
            if t.amount.amount_minor
        ]
        found.append(OwnBill(number=bill.number, total_minor=bill.total_minor, parts=parts))
    return found


def _sealed(row: LookRow) -> str:
    """Where a page ended: a moment and a row's place, and nothing of what it says."""
    text = f"{row.at.isoformat()}|{row.place}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _opened(after: str) -> tuple[datetime, str] | None:
    """The first page for what is none of ours."""
    if not after or len(after) > 200:
        return None
    try:
        plain = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode()
        at, _, place = plain.partition("|")
        moment = datetime.fromisoformat(at)
    except (ValueError, binascii.Error, UnicodeDecodeError):
        return None
    known = moment.tzinfo is not None and _PLACE.fullmatch(place) is not None
    return (moment, place) if known else None
