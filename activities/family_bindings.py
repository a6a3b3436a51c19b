"""Steps of family bindings: applying what was sent, and speaking with the city's office."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.apply_family import FAMILY_HANDLERS, FamilyCase, record_answer
from activities.binding_orders import BindingApplied, BindingSubject, FamilyApply
from activities.binding_records import BindingRecords, BindingTransaction
from activities.coded import party_code
from activities.family_office import FamilyOffice
from activities.orders import Receipt
from activities.unapplied import NOT_APPLIED, applied_or_given_up, code_of
from activities.world import World
from crossclaim.domain.errors import (
    CrossclaimError,
    Final,
    GatewayError,
    OutcomeUnknown,
    Retryable,
)
from crossclaim.domain.family_binding import (
    BindingRow,
    BindingStanding,
    BindingState,
    standing_of_binding,
)
from crossclaim.domain.family_office import (
    OFFICE_REASONS,
    BindingOrder,
    EndOrder,
    OfficeAnswer,
    OfficeState,
)
from crossclaim.domain.stay import local_day

PENDING = (BindingState.APPLIED, BindingState.UNDER_REVIEW)
PUT_RIGHT = ["APPLICATION_NOT_TAKEN", "STEP_FAILED"]


@dataclass(frozen=True)
class _Call:
    """One call that is about to be made; ``number`` counts over all workers and restarts."""

    binding_id: str
    operation: str
    number: int


class FamilyBindingSteps:
    """Our rows decide; an attempt that wakes up late, or a repeated answer, changes nothing."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def _records(self) -> BindingRecords:
        assert self._world.bindings is not None, "the worker has the rows of bindings"
        return self._world.bindings

    def _office(self) -> FamilyOffice:
        if self._world.family_office is None:
            detail = "no medical insurance office is configured"
            raise CrossclaimError(detail, code="OFFICE_NOT_CONFIGURED")
        return self._world.family_office

    def _standing(self, row: BindingRow | None, at: datetime) -> BindingStanding:
        if row is None:
            return BindingStanding()
        return standing_of_binding(row, self._world.binding_habits, at)

    def _standing_in(
        self, tx: BindingTransaction, binding_id: str, at: datetime
    ) -> BindingStanding:
        return self._standing(tx.lock_binding(binding_id), at)

    @activity.defn(name="apply_family_submission")
    def apply_family_submission(self, order: FamilyApply) -> BindingApplied:
        """Runs twice safely: a submission that has its outcome answers with it again."""
        self._world.fault_point("update-accepted")
        return applied_or_given_up(
            lambda: self._apply(order), lambda error: self._give_up(order, error)
        )

    def _apply(self, order: FamilyApply) -> BindingApplied:
        with self._records.transaction() as tx:
            known = tx.lock_binding(order.subject_id)
            stored = tx.submission(order.submission_id)
            answer = stored.outcome
            if answer is None:
                case = FamilyCase(tx, stored, self._world, order.at, known)
                outcome = FAMILY_HANDLERS[stored.kind](case)
                answer = {"status": outcome.status, "body": outcome.body}
                tx.finish_submission(stored.id, answer)
            standing = self._standing_in(tx, order.subject_id, order.at)
        self._world.fault_point(f"{stored.kind.value}-committed")
        receipt = Receipt(submission_id=stored.id, status=int(answer["status"]))
        return BindingApplied(receipt=receipt, standing=standing)

    def _give_up(self, order: FamilyApply, error: Exception) -> BindingApplied:
        code = code_of(order.submission_id, error)
        with self._records.transaction() as tx:
            known = tx.lock_binding(order.subject_id)
            first = tx.finish_submission(order.submission_id, {"status": 500, "body": NOT_APPLIED})
            if first and known is not None:
                about, details = order.submission_id, {"code": code}
                tx.open_binding_exception(
                    known.id, "SUBMISSION_NOT_APPLIED", about, details, order.at
                )
                tx.change_binding(known.id)
            standing = self._standing_in(tx, order.subject_id, order.at)
        receipt = Receipt(submission_id=order.submission_id, status=500)
        return BindingApplied(receipt=receipt, standing=standing)

    @activity.defn(name="take_binding_stock")
    def take_binding_stock(self, order: BindingSubject) -> BindingStanding:
        """Where the binding stands now; ``opened`` is false before its application."""
        with self._records.transaction() as tx:
            return self._standing_in(tx, order.binding_id, order.at)

    @activity.defn(name="note_failed_binding_step")
    def note_failed_binding_step(self, order: BindingSubject) -> BindingStanding:
        """Opens ``STEP_FAILED`` about the step named in ``subject``: a person hears of it."""
        with self._records.transaction() as tx:
            row = tx.lock_binding(order.binding_id)
            if row is None:
                return BindingStanding()
            details = {"step": order.subject}
            tx.open_binding_exception(row.id, "STEP_FAILED", order.subject, details, order.at)
            tx.change_binding(row.id)
            return self._standing_in(tx, row.id, order.at)

    @activity.defn(name="apply_for_binding")
    def apply_for_binding(self, order: BindingSubject) -> BindingStanding:
        """Sends the application once; after a lost answer the office is asked first."""
        with self._records.transaction() as tx:
            row = tx.lock_binding(order.binding_id)
            if row is None or row.state is not BindingState.APPLIED:
                return self._standing(row, order.at)
            call = self._begin(tx, order, "apply")
            sent = BindingOrder(
                reference=row.reference, submission=tx.binding_content(order.binding_id)
            )
            tx.change_binding(row.id, sent_at=order.at)
        office = self._office()
        try:
            with self._recorded(call):
                answer = self._send(office, sent, call, order.at)
        except Final as error:
            return self._not_taken(order, error)
        self._world.fault_point("binding-sent")
        return self._store(order, answer, call)

    def _send(
        self, office: FamilyOffice, sent: BindingOrder, call: _Call, at: datetime
    ) -> OfficeAnswer:
        if call.number > 1:
            known = office.find(sent.reference, at)
            if known.state is not OfficeState.NOT_FOUND:
                return known
        return office.apply(sent)

    def _not_taken(self, order: BindingSubject, error: Final) -> BindingStanding:
        """A reason that the office gives for refusing is its decision; else a person must look."""
        with self._records.transaction() as tx:
            row = tx.lock_binding(order.binding_id)
            assert row is not None, "the binding is open"
            if row.state is not BindingState.APPLIED:
                return self._standing(row, order.at)
            if error.code in OFFICE_REASONS:
                answer = OfficeAnswer(
                    reference=row.reference,
                    state=OfficeState.REFUSED,
                    decided_on=local_day(order.at),
                    reason=error.code,
                )
                record_answer(tx, row, answer, order.at)
            else:
                details = {"code": party_code(error.code)}
                code = "APPLICATION_NOT_TAKEN"
                tx.open_binding_exception(row.id, code, row.reference, details, order.at)
                tx.change_binding(row.id, asked_at=order.at)
            return self._standing_in(tx, row.id, order.at)

    @activity.defn(name="ask_about_binding")
    def ask_about_binding(self, order: BindingSubject) -> BindingStanding:
        """Nothing has been heard for days, or for a year: how does it stand there?"""
        with self._records.transaction() as tx:
            row = tx.lock_binding(order.binding_id)
            if row is None or not self._standing(row, order.at).ask_due:
                return self._standing(row, order.at)
            call = self._begin(tx, order, "ask")
        office = self._office()
        try:
            with self._recorded(call):
                answer = office.find(row.reference, order.at)
        except Final as error:
            with self._records.transaction() as tx:
                if tx.lock_binding(order.binding_id) == row:
                    details = {"code": party_code(error.code)}
                    code = "ANSWER_NOT_USABLE"
                    tx.open_binding_exception(row.id, code, row.reference, details, order.at)
                    tx.change_binding(row.id, asked_at=order.at)
                return self._standing_in(tx, order.binding_id, order.at)
        return self._store(order, answer, call)

    @activity.defn(name="tell_binding_ended")
    def tell_binding_ended(self, order: BindingSubject) -> BindingStanding:
        """The office is told until it knows. That it has never had the application counts only
        when no request of ours can be on its way any more."""
        with self._records.transaction() as tx:
            row = tx.lock_binding(order.binding_id)
            if row is None or not self._standing(row, order.at).tell_due:
                return self._standing(row, order.at)
            call = self._begin(tx, order, "end")
        assert row.ended_on is not None, "what is unbound has ended"
        end = EndOrder(reference=row.reference, ended_on=row.ended_on, told_at=order.at)
        office = self._office()
        try:
            with self._recorded(call):
                answer = office.end(end)
        except Final as error:
            return self._end_not_taken(order, error)
        with self._records.transaction() as tx:
            self._close(tx, call, "answered")
            now = tx.lock_binding(order.binding_id)
            assert now is not None, "the binding is open"
            settle = timedelta(seconds=self._world.binding_habits.settle_after_s)
            known = answer.state is not OfficeState.NOT_FOUND
            settled = known or now.sent_at is None or order.at >= now.sent_at + settle
            if now.office_told_at is None and now.revision == row.revision:
                told = order.at if settled else None
                tx.resolve_binding_exceptions(row.id, ["END_NOT_TAKEN"], order.at)
                tx.change_binding(row.id, office_told_at=told, asked_at=order.at)
            return self._standing_in(tx, row.id, order.at)

    def _end_not_taken(self, order: BindingSubject, error: Final) -> BindingStanding:
        with self._records.transaction() as tx:
            row = tx.lock_binding(order.binding_id)
            assert row is not None, "the binding is open"
            if row.office_told_at is None:
                details = {"code": party_code(error.code)}
                tx.open_binding_exception(row.id, "END_NOT_TAKEN", row.reference, details, order.at)
                tx.change_binding(row.id, asked_at=order.at)
            return self._standing_in(tx, row.id, order.at)

    def _store(self, order: BindingSubject, answer: OfficeAnswer, call: _Call) -> BindingStanding:
        with self._records.transaction() as tx:
            self._close(tx, call, "answered")
            row = tx.lock_binding(order.binding_id)
            assert row is not None, "the binding is open"
            record_answer(tx, row, answer, order.at)
            if row.state in (*PENDING, BindingState.BOUND):
                inquiries = row.inquiries + (call.operation == "ask")
                tx.resolve_binding_exceptions(row.id, PUT_RIGHT, order.at)
                tx.change_binding(row.id, asked_at=order.at, inquiries=inquiries)
            return self._standing_in(tx, row.id, order.at)

    def _begin(self, tx: BindingTransaction, order: BindingSubject, operation: str) -> _Call:
        number = tx.open_binding_attempt(order.binding_id, operation, order.at)
        return _Call(order.binding_id, operation, number)

    def _close(self, tx: BindingTransaction, call: _Call, outcome: str, code: str = "") -> None:
        tx.close_binding_attempt(call.binding_id, call.operation, call.number, outcome, code)

    @contextmanager
    def _recorded(self, call: _Call) -> Iterator[None]:
        """Closes the attempt's row when the call fails; what may be repeated the engine repeats."""
        try:
            yield
        except Final as error:
            self._failed(call, "refused", error)
            raise
        except OutcomeUnknown as error:
            self._failed(call, "unknown", error)
            raise again(error) from None
        except Retryable as error:
            self._failed(call, "not_taken", error)
            raise again(error) from None

    def _failed(self, call: _Call, outcome: str, error: GatewayError) -> None:
        with self._records.transaction() as tx:
            self._close(tx, call, outcome, error.code)


def again(error: GatewayError) -> ApplicationError:
    """What the engine stores and shows: the party's code, never content."""
    delay = getattr(error, "retry_after_s", None)
    activity.logger.info("the office did not answer: %s", error.code)
    return ApplicationError(
        error.detail,
        type=error.code,
        next_retry_delay=timedelta(seconds=delay) if delay else None,
    )
