"""The step that hands documents in to eHealth and reports its consents, each once by reference."""

from __future__ import annotations

from dataclasses import dataclass

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.coded import party_code
from activities.orders import Subject
from activities.ports import RecordSystem
from activities.record_gate import (
    again_at,
    gated_attempt,
    learn_refusal,
    needs_on,
    person_of,
)
from activities.record_requests import RecordRequestSteps
from activities.records import EpisodeTransaction
from activities.sending import Attempt, open_attempt, recorded
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.errors import CrossclaimError, Final, OutcomeUnknown
from crossclaim.domain.health_record import (
    ConsentReport,
    DeliveryReceipt,
    DepositOrder,
    RecordPerson,
)
from crossclaim.domain.record_rows import RecordDeliveryRow
from crossclaim.domain.record_submission import EHEALTH
from crossclaim.domain.standing import Standing

DEPOSIT, REPORT, INQUIRY = "record-deposit", "consent-report", "record-deposit-inquiry"

_NOBODY = "PERSON_NOT_FOUND"


@dataclass(frozen=True)
class _Delivery:
    """One send in hand. ``only_ask``: a withdrawal came after an earlier try, so that nothing but
    the reference may go out any more.
    """

    row: RecordDeliveryRow
    person: RecordPerson
    attempt: Attempt
    object_key: str = ""
    content_type: str = ""
    signer: str = "patient"
    only_ask: bool = False


class RecordDeliverySteps:
    """One try a call, as for requests."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._requests = RecordRequestSteps(world)

    def _system(self) -> RecordSystem:
        found = self._world.record_systems.get(EHEALTH)
        if found is None:
            raise CrossclaimError("no connection to eHealth", code="RECORD_SYSTEM_ABSENT")
        return found

    @activity.defn(name="deliver_record")
    def deliver_record(self, order: Subject) -> Standing:
        """Hands one document in, or reports one consent; a lost answer is inquired about first."""
        with self._world.records.transaction() as tx:
            row = self._open(tx, order)
            if row is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            delivery = self._begin(tx, order, row)
            if delivery is None:
                return self._end(tx, order, row, "stopped", "RECORD_DEPOSIT_STOPPED")
            if not delivery.only_ask:
                tx.change_record_delivery(row.id, state="sent")
        self._world.fault_point("record-delivery-attempt-committed")
        try:
            with recorded(self._world, delivery.attempt):
                receipt = self._deliver(order, delivery)
        except Final as error:
            return self._refused(order, delivery, error)
        except ApplicationError as error:
            return self._later(order, delivery.attempt, error.type or "")
        return self._delivered(order, delivery, receipt)

    def _open(self, tx: EpisodeTransaction, order: Subject) -> RecordDeliveryRow | None:
        rows = tx.lock(order.episode_id)
        assert rows is not None, "the episode is open"
        row = rows.record_delivery(order.subject)
        return row if row is not None and row.open else None

    def _begin(
        self, tx: EpisodeTransaction, order: Subject, row: RecordDeliveryRow
    ) -> _Delivery | None:
        person = person_of(tx, order.episode_id)
        if row.reports_consent:
            # A consent that was given or ended is itself the leave to say so.
            attempt = open_attempt(tx, order, EHEALTH, REPORT, row.reference, [])
            assert attempt is not None, "a report needs no other consent"
            return _Delivery(row, person, attempt, signer=tx.record_signer(row.id))
        attempt = self._attempt(tx, order, row)
        if attempt is None:
            if row.state != "sent":
                return None
            asking = open_attempt(tx, order, EHEALTH, INQUIRY, row.reference, [])
            assert asking is not None, "an inquiry sends no personal data"
            return _Delivery(row, person, asking, only_ask=True)
        known = tx.document_key(order.episode_id, row.sha256)
        assert known is not None, "a deposit names what was uploaded"
        return _Delivery(row, person, attempt, object_key=known[0], content_type=known[1])

    def _attempt(
        self, tx: EpisodeTransaction, order: Subject, row: RecordDeliveryRow
    ) -> Attempt | None:
        needs = needs_on(self._world, "deposit.needs", order.at)
        return gated_attempt(tx, order, EHEALTH, DEPOSIT, row.reference, needs)

    def _deliver(self, order: Subject, delivery: _Delivery) -> DeliveryReceipt | None:
        """None: only asked, and nothing was ever taken."""
        row, system = delivery.row, self._system()
        if delivery.attempt.repeated or delivery.only_ask:
            find = system.find_consent_report if row.reports_consent else system.find_deposit
            known = find(row.reference)
            if known is not None:
                return _checked(row, known)
        if delivery.only_ask:
            return None
        if row.reports_consent:
            return _checked(row, system.report_consent(_report(delivery)))
        documents = self._world.documents
        assert documents is not None, "the worker of health records has a document store"
        content = documents.get(delivery.object_key)
        return _checked(row, system.deposit(_deposit(delivery, content)))

    def _delivered(
        self, order: Subject, delivery: _Delivery, receipt: DeliveryReceipt | None
    ) -> Standing:
        attempt = delivery.attempt
        with self._world.records.transaction() as tx:
            row = self._open(tx, order)
            tx.close_attempt(attempt.reference, attempt.operation, attempt.number, "answered")
            if row is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            if receipt is None:
                return self._end(tx, order, row, "stopped", "RECORD_DEPOSIT_STOPPED")
            tx.change_record_delivery(
                row.id,
                state="delivered",
                receipt=receipt.number,
                delivered_at=order.at,
                next_try_at=None,
                reason="",
            )
            if receipt.notice is not None:
                tx.note_notice(order.episode_id, row.reference, "consent", receipt.notice)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _later(self, order: Subject, attempt: Attempt, code: str) -> Standing:
        with self._world.records.transaction() as tx:
            row = self._open(tx, order)
            newest = tx.attempts(attempt.reference, attempt.operation) == attempt.number
            if row is not None and newest:
                at = again_at(self._world, order, attempt)
                tx.change_record_delivery(row.id, next_try_at=at, reason=party_code(code))
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _refused(self, order: Subject, delivery: _Delivery, error: Final) -> Standing:
        with self._world.records.transaction() as tx:
            row = self._open(tx, order)
            if row is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            learn_refusal(tx, order, delivery.person, error.code)
            if row.kind == "consent_withdrawn" and error.code == _NOBODY:
                # Who is not known there has nothing left that could be ended.
                return self._end(tx, order, row, "refused", "", _NOBODY)
            exception = (
                "CONSENT_REPORT_REFUSED" if row.reports_consent else "RECORD_DEPOSIT_REFUSED"
            )
            return self._end(tx, order, row, "refused", exception, party_code(error.code))

    def _end(
        self,
        tx: EpisodeTransaction,
        order: Subject,
        row: RecordDeliveryRow,
        state: str,
        exception: str,
        code: str = "",
    ) -> Standing:
        tx.change_record_delivery(row.id, state=state, reason=code or exception, next_try_at=None)
        details = {"code": code} if code else {}
        if exception:
            tx.open_exception(order.episode_id, exception, row.reference, details, order.at)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    @activity.defn(name="give_up_record")
    def give_up_record(self, order: Subject) -> Standing:
        """The time of a request or a delivery has run out: the episode waits for it no longer."""
        with self._world.records.transaction() as tx:
            rows = tx.lock(order.episode_id)
            assert rows is not None, "the episode is open"
            request = rows.record_request(order.subject)
            if request is not None and request.open and order.at >= request.give_up_at:
                self._requests.give_up(tx, order, request)
            row = rows.record_delivery(order.subject)
            over_at = None if row is None or row.reports_consent else rows.episode.discharged_at
            if row is not None and row.open and order.at >= row.due_until(over_at):
                late = "CONSENT_REPORT_LATE" if row.reports_consent else "RECORD_DEPOSIT_LATE"
                self._end(tx, order, row, "lapsed", late)
            return standing_in(tx, self._world, order.episode_id, order.at)


def _report(delivery: _Delivery) -> ConsentReport:
    row = delivery.row
    assert row.changed_at is not None, "a report says when the consent changed"
    return ConsentReport(
        reference=row.reference,
        institution=row.institution,
        person=delivery.person,
        type=row.consent_type,
        given=row.kind == "consent_given",
        changed_at=row.changed_at,
        signer=delivery.signer,
    )


def _deposit(delivery: _Delivery, content: bytes) -> DepositOrder:
    row = delivery.row
    assert row.made_on is not None, "a deposit has the day of its document"
    return DepositOrder(
        reference=row.reference,
        institution=row.institution,
        person=delivery.person,
        kind=row.kind,
        made_on=row.made_on,
        content_type=delivery.content_type,
        sha256=row.sha256,
        content=content,
    )


def _checked(row: RecordDeliveryRow, receipt: DeliveryReceipt) -> DeliveryReceipt:
    """A receipt for something else proves nothing about ours."""
    if receipt.reference != row.reference or receipt.sha256 != row.sha256:
        detail = f"the receipt for {row.reference} is about something else"
        raise OutcomeUnknown(detail, code="ANSWER_FOREIGN")
    return receipt
