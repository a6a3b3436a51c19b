"""The step that asks a record system for a patient's record, and judges what it answers."""

from __future__ import annotations

import hashlib
import json

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.coded import party_code
from activities.orders import Subject
from activities.ports import RecordSystem
from activities.record_gate import (
    again_at,
    gated_attempt,
    learn_refusal,
    person_of,
    request_consents,
)
from activities.records import EpisodeTransaction
from activities.sending import Attempt, recorded
from activities.stock import standing_in
from activities.world import World
from crossclaim.domain.errors import CrossclaimError, Final, GatewayError
from crossclaim.domain.health_record import RecordAnswer, RecordOrder, Unusable, unusable
from crossclaim.domain.record_rows import RecordRequestRow
from crossclaim.domain.record_submission import RecordSection
from crossclaim.domain.standing import Standing

OPERATION = "record-request"
_JSON = "application/json"
PUT_RIGHT_BY_A_RECORD = [
    "RECORD_ANSWER_NOT_USABLE",
    "RECORD_CODES_EXPIRED",
    "RECORD_CONSENT_MISSING",
    "RECORD_REQUEST_REFUSED",
]


class RecordRequestSteps:
    """One try a call: who does not answer is asked again later, and the money never waits."""

    def __init__(self, world: World) -> None:
        self._world = world

    def _system(self, name: str) -> RecordSystem:
        found = self._world.record_systems.get(name)
        if found is None:
            raise CrossclaimError(f"no connection to {name}", code="RECORD_SYSTEM_ABSENT")
        return found

    @activity.defn(name="fetch_records")
    def fetch_records(self, order: Subject) -> Standing:
        """Asks, or looks for the answer of an earlier try; stores what came, if it may be shown."""
        with self._world.records.transaction() as tx:
            request = self._open(tx, order)
            if request is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            fresh = order.at <= request.expires_at
            if not fresh and request.state == "due":
                return self._end(tx, order, request, "expired", "RECORD_CODES_EXPIRED")
            attempt = self._attempt(tx, order, request)
            if attempt is None:
                return self._end(tx, order, request, "stopped", "RECORD_CONSENT_MISSING")
            asked = self._order(tx, order, request)
            tx.change_record_request(request.id, state="sent")
        self._world.fault_point("record-attempt-committed")
        return self._ask(order, request, asked, attempt, fresh)

    def _open(self, tx: EpisodeTransaction, order: Subject) -> RecordRequestRow | None:
        rows = tx.lock(order.episode_id)
        assert rows is not None, "the episode is open"
        request = rows.record_request(order.subject)
        return request if request is not None and request.open else None

    def _attempt(
        self, tx: EpisodeTransaction, order: Subject, request: RecordRequestRow
    ) -> Attempt | None:
        needs = request_consents(self._world, request.system, order.at)
        return gated_attempt(tx, order, request.system, OPERATION, request.reference, needs)

    def _order(
        self, tx: EpisodeTransaction, order: Subject, request: RecordRequestRow
    ) -> RecordOrder:
        return RecordOrder(
            reference=request.reference,
            institution=request.institution,
            person=person_of(tx, order.episode_id),
            window_from=request.window_from,
            window_until=request.window_until,
            sections=[RecordSection(section) for section in request.sections],
            requested_by=request.requested_by,
            **tx.record_codes(request.id, order.episode_id),
        )

    def _ask(
        self,
        order: Subject,
        request: RecordRequestRow,
        asked: RecordOrder,
        attempt: Attempt,
        fresh: bool,
    ) -> Standing:
        try:
            with recorded(self._world, attempt):
                answer = self._answer(request.system, asked, attempt, fresh)
        except Final as error:
            return self._refused(order, request, asked, error)
        except ApplicationError as error:
            return self._later(order, attempt, error.type or "")
        if answer is None:
            return self._over(order, attempt)
        self._world.fault_point("record-answered")
        wrong = unusable(answer, asked)
        try:
            key, sha256 = self._store(order, request, answer, wrong)
        except GatewayError as error:
            return self._later(order, attempt, error.code)
        return self._stored(order, answer, attempt, wrong, key, sha256)

    def _answer(
        self, name: str, asked: RecordOrder, attempt: Attempt, fresh: bool
    ) -> RecordAnswer | None:
        """None: nothing was taken and the codes have run out meanwhile."""
        system = self._system(name)
        if attempt.repeated:
            known = system.find_request(asked.reference)
            if known is not None:
                return known
        return system.request(asked) if fresh else None

    def _store(
        self,
        order: Subject,
        request: RecordRequestRow,
        answer: RecordAnswer,
        wrong: Unusable | None,
    ) -> tuple[str, str]:
        """The answer as it came is evidence; only a right one becomes a record beside it."""
        documents = self._world.documents
        assert documents is not None, "the worker of health records has a document store"
        evidence = f"{order.episode_id}/evidence/{request.id}"
        documents.put(evidence, answer.raw, _JSON)
        if wrong is not None or answer.record is None:
            return evidence, hashlib.sha256(answer.raw).hexdigest()
        content = json.dumps(answer.record.model_dump(mode="json"), sort_keys=True).encode()
        key = f"{order.episode_id}/records/{request.id}"
        documents.put(key, content, _JSON)
        return key, hashlib.sha256(content).hexdigest()

    def _stored(
        self,
        order: Subject,
        answer: RecordAnswer,
        attempt: Attempt,
        wrong: Unusable | None,
        key: str,
        sha256: str,
    ) -> Standing:
        with self._world.records.transaction() as tx:
            request = self._open(tx, order)
            tx.close_attempt(attempt.reference, OPERATION, attempt.number, "answered")
            if request is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            tx.note_record_access(request.id, request.reference, OPERATION, attempt.number)
            if answer.notice is not None:
                tx.note_notice(order.episode_id, request.reference, "access", answer.notice)
            else:
                self._exception(tx, order, "RECORD_NOTICE_MISSING", request, "")
            activity.logger.info("a record answer is kept, sha256 %s", sha256[:12])
            if wrong is not None:
                tx.change_record_request(request.id, object_key=key)
                code = "RECORD_ANSWER_NOT_USABLE"
                return self._end(tx, order, request, "set_aside", code, wrong.value)
            tx.change_record_request(
                request.id, state="answered", answered_at=order.at, object_key=key
            )
            tx.resolve_exceptions(order.episode_id, PUT_RIGHT_BY_A_RECORD, order.at)
            tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _later(self, order: Subject, attempt: Attempt, code: str) -> Standing:
        """No answer: the money goes on, and the request is looked for again after a pause."""
        with self._world.records.transaction() as tx:
            request = self._open(tx, order)
            newest = tx.attempts(attempt.reference, OPERATION) == attempt.number
            if request is not None and newest:
                at = again_at(self._world, order, attempt)
                tx.change_record_request(request.id, next_try_at=at, reason=party_code(code))
                tx.change_episode(order.episode_id)
            return standing_in(tx, self._world, order.episode_id, order.at)

    def _over(self, order: Subject, attempt: Attempt) -> Standing:
        with self._world.records.transaction() as tx:
            request = self._open(tx, order)
            tx.close_attempt(attempt.reference, OPERATION, attempt.number, "answered")
            if request is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            return self._end(tx, order, request, "expired", "RECORD_CODES_EXPIRED")

    def _refused(
        self, order: Subject, request: RecordRequestRow, asked: RecordOrder, error: Final
    ) -> Standing:
        with self._world.records.transaction() as tx:
            now = self._open(tx, order)
            if now is None:
                return standing_in(tx, self._world, order.episode_id, order.at)
            learn_refusal(tx, order, asked.person, error.code)
            code = party_code(error.code)
            return self._end(tx, order, request, "refused", "RECORD_REQUEST_REFUSED", code)

    def _end(
        self,
        tx: EpisodeTransaction,
        order: Subject,
        request: RecordRequestRow,
        state: str,
        exception: str,
        code: str = "",
    ) -> Standing:
        """Over without a record: the codes are gone, a person hears why."""
        reason = code or exception
        tx.change_record_request(
            request.id, state=state, answered_at=order.at, reason=reason, next_try_at=None
        )
        self._exception(tx, order, exception, request, code)
        tx.change_episode(order.episode_id)
        return standing_in(tx, self._world, order.episode_id, order.at)

    @staticmethod
    def _exception(
        tx: EpisodeTransaction, order: Subject, code: str, request: RecordRequestRow, detail: str
    ) -> None:
        details = {"code": detail} if detail else {}
        tx.open_exception(order.episode_id, code, request.reference, details, order.at)

    def give_up(self, tx: EpisodeTransaction, order: Subject, request: RecordRequestRow) -> None:
        """No answer within the limit of the plan: the episode waits no longer."""
        sent = tx.attempts(request.reference, OPERATION) > 0
        state, code = (
            ("lost", "RECORD_ANSWER_LOST") if sent else ("expired", "RECORD_CODES_EXPIRED")
        )
        self._end(tx, order, request, state, code)
