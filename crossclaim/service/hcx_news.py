"""What is told on the exchange unasked: decisions, and topics that participants subscribed to."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from crossclaim.api.fhir_port import FhirQuery
from crossclaim.domain.errors import Final
from crossclaim.domain.hcx import COMPLETE, NOTIFY, QUEUED, Headers, callback_of
from crossclaim.domain.hcx_cycle import DueNotice
from crossclaim.domain.hcx_topics import KEYS_TOLD_BEFORE, Topic, notification
from crossclaim.fhir.decided import DECISIONS_MAX, USES, decision_text
from crossclaim.gateways.hcx_call import HcxCall
from crossclaim.gateways.hcx_keys import KeyBook
from crossclaim.security.roles import Principal, Role
from crossclaim.service.fhir_reads import FhirDesk
from crossclaim.store.hcx_notices import SqlHcxNotices
from crossclaim.wiring import House

_NAMESPACE = uuid.UUID("0f7c2f8e-98a0-5f0e-8f0c-6a1f35b1f8a2")


def _now() -> datetime:
    return datetime.now(UTC)


class HcxNews:
    """Implements ``activities.hcx_port.HcxNotices``."""

    def __init__(
        self,
        book: KeyBook,
        rows: SqlHcxNotices,
        calls: Mapping[str, HcxCall],
        desk: FhirDesk,
        insurers: frozenset[str],
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._book = book
        self._rows = rows
        self._calls = calls
        self._desk = desk
        self._insurers = insurers
        self._now = now
        self.due = rows.due
        self.note_said = rows.note_said
        self.end = rows.end
        self.waiting = rows.waiting

    def content(self, notice: DueNotice) -> bytes | None:
        """None for what is not decided yet, for who has unsubscribed meanwhile, and for what is
        another's."""
        if not notice.topic:
            told = self._decision(notice)
            return None if told is None else told.encode()
        if not self._rows.wants(notice.sender, notice.recipient, notice.topic, self._now()):
            return None
        if notice.episode_id is not None and not self._rows.sees(
            notice.organisation, notice.episode_id, notice.topic, notice.subject
        ):
            return None
        about = notice.request.correlation_id if notice.request else ""
        data = {**notice.told, "subject": notice.subject}
        return json.dumps(notification(Topic(notice.topic), about, data)).encode()

    def _decision(self, notice: DueNotice) -> str | None:
        """As its sender may see it; not what he was answered at once, unless he was told other
        things since."""
        request = notice.request
        if request is None or request.episode_id is None or request.action not in USES:
            return None
        principal = Principal(
            organisation=request.organisation, role=Role.HOSPITAL_BILLING, key_id="hcx"
        )
        query = FhirQuery(patients=[request.episode_id], limit=DECISIONS_MAX)
        page = self._desk.searched(principal, "ClaimResponse", query)
        served = self._book.own.get(request.recipient)
        own = served.organisation if served is not None else ""
        told = decision_text(page.found, request.action, own if own in self._insurers else None)
        answered = told == request.content and not notice.said_before
        return None if answered else told

    def send(self, notice: DueNotice, content: bytes) -> None:
        """A decision repeats the cycle of its request; a topic has one of its own.

        A call id is of this notice and of what it says: a decision that comes back to an earlier
        one is another message, or its receiver would take it for the earlier."""
        call = self._calls.get(notice.recipient)
        if call is None:
            raise Final("the participant has left the registry", code="ERR_INVALID_RECIPIENT")
        request, digest = notice.request, hashlib.sha256(content).hexdigest()
        if notice.topic or request is None:
            name = f"{notice.sender}/{notice.recipient}/{notice.number}/{digest}"
            action, status, cycle = NOTIFY, QUEUED, uuid.uuid5(_NAMESPACE, f"cycle/{name}")
            correlation = str(cycle)
        else:
            name = f"{request.api_call_id}/{notice.number}/{digest}"
            action, status = callback_of(request.action), COMPLETE
            correlation = request.correlation_id
        headers = Headers(
            sender=notice.sender,
            recipient=notice.recipient,
            api_call_id=str(uuid.uuid5(_NAMESPACE, name)),
            correlation_id=correlation,
            workflow_id=request.workflow_id if request else "",
            timestamp=self._now(),
            status=status,
        )
        call.send(action, headers, content)

    def note_ending_keys(self) -> int:
        """Once for each key of ours, to whoever wants to know."""
        now = self._now()
        ending = [
            key
            for key in self._book.dates()
            if key.participant in self._book.own and now < key.ends <= now + KEYS_TOLD_BEFORE
        ]
        return sum(
            self._rows.announce(
                [key.participant],
                Topic.KEY_EXPIRY.value,
                key.kid,
                json.dumps({"use": key.use, "ends_at": key.ends.isoformat(timespec="seconds")}),
                now,
            )
            for key in ending
        )


def hcx_news(house: House) -> HcxNews | None:
    """None without an exchange."""
    book = house.hcx_book
    if book is None:
        return None
    return HcxNews(
        book,
        SqlHcxNotices(house.database, house.keyring),
        house.hcx_calls,
        FhirDesk(house.database, house.keyring, house.reference),
        frozenset(insurer.id for insurer in house.reference.insurers),
    )
